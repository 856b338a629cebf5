"""From what is written or stored to typed values, the same for every reading of a rule."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from .errors import RuleError
from .types import DECIMAL_TYPES, SET_TYPES, TEXT_TYPES, WHOLE_TYPES, FactType

Value = bool | int | Decimal | date | str | frozenset[str]

# Beyond these bounds the two engines store or compare differently.
LARGEST = 1_000_000_000
PRECISION = Decimal("0.0001")
LONGEST_CODE = 100
LONGEST_DURATION = 1200
MOST_CODES = 2000


def normalise(fact_type: FactType, value: Any) -> Value | None:
    """The typed value of a fact read from an object or a session; None when it is not known.

    An empty code means that nobody answered: it is not known. An empty set of codes is an answer.
    A parameter that is no whole number is no answer where a whole number is expected.
    """
    if value is None or (fact_type in TEXT_TYPES and value == ""):
        return None
    if fact_type in SET_TYPES:
        return frozenset(str(code) for code in value)
    if fact_type in TEXT_TYPES:
        return str(value)
    if fact_type is FactType.BOOLEAN:
        return bool(value)
    if fact_type in WHOLE_TYPES:
        return int(value) if value == int(value) else None
    if fact_type is FactType.DATE:
        return value.date() if isinstance(value, datetime) else value
    return Decimal(value).quantize(PRECISION)


def parse_literal(fact_type: FactType, raw: Any, path: str) -> Value:
    """The typed value written in a rule.

    Raises RuleError when the JSON value does not have the type that the comparison needs.
    """
    if fact_type in DECIMAL_TYPES:
        return _decimal(raw, path)
    if fact_type in TEXT_TYPES:
        return _code(raw, path)
    if fact_type in SET_TYPES:
        return _codes(raw, path)
    return _READERS[fact_type](raw, path)


def literal_to_json(value: Value) -> Any:
    """The canonical JSON form: one value, one spelling, whatever the author typed."""
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    return value


def _boolean(raw: Any, path: str) -> bool:
    if not isinstance(raw, bool):
        raise RuleError(path, _("a yes or no answer is expected here"))
    return raw


def _integer(raw: Any, path: str) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise RuleError(path, _("a whole number is expected here"))
    if abs(raw) > LARGEST:
        raise RuleError(path, _("this number is too large"))
    return raw


def _duration(raw: Any, path: str) -> int:
    value = _integer(raw, path)
    if not 0 <= value <= LONGEST_DURATION:
        raise RuleError(path, _("a number of months between 0 and 1,200 is expected here"))
    return value


def _decimal(raw: Any, path: str) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise RuleError(path, _("a number is expected here"))
    try:
        value = Decimal(str(raw)[:LONGEST_CODE])
    except (InvalidOperation, ValueError) as error:
        raise RuleError(path, _("a number is expected here")) from error
    if not value.is_finite() or abs(value) > LARGEST:
        raise RuleError(path, _("this number is too large"))
    if value != value.quantize(PRECISION):
        raise RuleError(path, _("at most four decimals are possible"))
    return value.quantize(PRECISION)


def _date(raw: Any, path: str) -> date:
    try:
        return date.fromisoformat(raw)
    except (TypeError, ValueError) as error:
        raise RuleError(path, _("a date written as 2026-04-01 is expected here")) from error


def _code(raw: Any, path: str) -> str:
    if not isinstance(raw, str) or not 0 < len(raw) <= LONGEST_CODE:
        raise RuleError(path, _("a code is expected here"))
    return raw


def _codes(raw: Any, path: str) -> frozenset[str]:
    if not isinstance(raw, list | tuple | set | frozenset):
        raise RuleError(path, _("a list of codes is expected here"))
    codes = list(raw)
    if len(codes) > MOST_CODES:
        raise RuleError(path, _("this list of codes is too long"))
    return frozenset(_code(code, f"{path}[{i}]") for i, code in enumerate(codes))


_READERS: Mapping[FactType, Callable[[Any, str], Value]] = {
    FactType.BOOLEAN: _boolean,
    FactType.INTEGER: _integer,
    FactType.DURATION: _duration,
    FactType.DATE: _date,
}
