"""The arithmetic of rules, exact and the same on both engines: four decimals, half up.

PostgreSQL computes with exact numbers of its own; SQLite calls these functions (`functions.py`),
because its floating numbers do not know a tie when they see one.
"""

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import reduce
from operator import add, mul

# Below this bound a number with four decimals has 15 digits, which a floating number tells apart.
BOUND = 10**11
PLACES = 4
_EXACT = Context(prec=2000, rounding=ROUND_HALF_UP)

Known = Decimal | None


def rounded(value: Known, places: int = PLACES) -> Known:
    """Half up, away from zero; unknown from 10¹¹ on."""
    if value is None:
        return None
    with localcontext(_EXACT):
        result = value.quantize(Decimal(1).scaleb(-places))
        return result + 0 if abs(result) < BOUND else None


def total(values: Sequence[Known]) -> Known:
    """The sum; unknown when a term is."""
    return _together(add, values)


def product(values: Sequence[Known]) -> Known:
    """The product, rounded once; unknown when a factor is."""
    return _together(mul, values)


def difference(values: Sequence[Known]) -> Known:
    """The first less the second."""
    known = _known(values)
    return None if known is None else rounded(known[0] - known[1])


def quotient(values: Sequence[Known]) -> Known:
    """The first divided by the second; unknown when the second is zero."""
    known = _known(values)
    if known is None or known[1] == 0:
        return None
    # In whole ten-thousandths, so that a tie is a tie however long the decimals run.
    numerator, denominator = (int(value.scaleb(PLACES)) for value in known)
    whole, left = divmod(abs(numerator) * 10**PLACES, abs(denominator))
    whole += 2 * left >= abs(denominator)
    sign = 1 if (numerator < 0) == (denominator < 0) else -1
    return rounded(Decimal(sign * whole).scaleb(-PLACES, _EXACT))


def least(values: Sequence[Known]) -> Known:
    """The smallest; unknown when one is."""
    known = _known(values)
    return None if known is None else min(known)


def greatest(values: Sequence[Known]) -> Known:
    """The largest; unknown when one is."""
    known = _known(values)
    return None if known is None else max(known)


def tiers(value: Known, each: Decimal, gives: Decimal, cap: Known) -> Known:
    """`gives` for each full `each` of the value, up to `cap` in all; nothing below zero."""
    if value is None:
        return None
    with localcontext(_EXACT):
        given = max(value, Decimal(0)) // each * gives
        if cap is not None:
            given = min(given, cap) if gives > 0 else max(given, cap)
        return rounded(given)


def _together(operation: Callable[[Decimal, Decimal], Decimal], values: Sequence[Known]) -> Known:
    known = _known(values)
    if known is None:
        return None
    with localcontext(_EXACT):
        return rounded(reduce(operation, known))


def _known(values: Sequence[Known]) -> list[Decimal] | None:
    known = [value for value in values if value is not None]
    return known if len(known) == len(values) else None
