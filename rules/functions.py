"""The arithmetic of rules in SQL: exact numbers on PostgreSQL, `arithmetic` itself on SQLite.

PostgreSQL's LEAST and GREATEST skip a missing part: a bound that no number reaches stands for it,
and becomes NULL again at the end. So no part is ever written twice, however deep the tree.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DecimalField, Func, IntegerField, Lookup, Value
from django.db.models.expressions import Combinable

from . import arithmetic

_BOUND = arithmetic.BOUND
Written = tuple[str, tuple[Any, ...]]
# What a literal or a column is read as: no whole-number division, no floating surprise.
DECIMAL = DecimalField(max_digits=18, decimal_places=4)


def literal(value: Decimal | int) -> Combinable:
    """A written number."""
    return Value(Decimal(value), output_field=DECIMAL)


def _bounded(sql: str) -> str:
    """NULL for what is missing and for a result of 10¹¹ or more."""
    return f"NULLIF(NULLIF(LEAST(GREATEST({sql}, -{_BOUND}), {_BOUND}), {_BOUND}), -{_BOUND})"


def _least(parts: Sequence[str]) -> str:
    known = ", ".join(f"COALESCE({part}, -{_BOUND})" for part in parts)
    return f"NULLIF(LEAST({known}), -{_BOUND})"


def _greatest(parts: Sequence[str]) -> str:
    known = ", ".join(f"COALESCE({part}, {_BOUND})" for part in parts)
    return f"NULLIF(GREATEST({known}), {_BOUND})"


class Exact(Func):
    """A function of `arithmetic`: `name` is its SQLite form, `written` its PostgreSQL one."""

    output_field = DECIMAL
    name = ""

    def written(self, parts: Sequence[str]) -> str:
        """The SQL of the function, in which each part stands once and in order."""
        raise NotImplementedError

    def as_sql(self, compiler: Any, connection: Any, *_form: Any, **_context: Any) -> Written:
        """Numbers of the database itself."""
        parts, params = self._compiled(compiler)
        return self.written(parts), params

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> Written:
        """The registered function of the same meaning."""
        parts, params = self._compiled(compiler)
        return f"{self.name}({', '.join(parts)})", params

    def _compiled(self, compiler: Any) -> tuple[list[str], tuple[Any, ...]]:
        compiled = [compiler.compile(part) for part in self.get_source_expressions()]
        params = tuple(param for _, found in compiled for param in found)
        return [sql for sql, _ in compiled], params


class Total(Exact):
    """The sum of numbers."""

    name = "rules_total"

    def written(self, parts: Sequence[str]) -> str:
        return _bounded(" + ".join(parts))


class Product(Exact):
    """The product of numbers, rounded once."""

    name = "rules_product"

    def written(self, parts: Sequence[str]) -> str:
        return _bounded(f"ROUND({' * '.join(parts)}, 4)")


class Difference(Exact):
    """The first number less the second."""

    name = "rules_difference"

    def written(self, parts: Sequence[str]) -> str:
        return _bounded(" - ".join(parts))


class Quotient(Exact):
    """The first number divided by the second; NULL when it is zero.

    Thirty decimals before rounding: a tie is told from what comes close to one.
    """

    name = "rules_quotient"

    def written(self, parts: Sequence[str]) -> str:
        return _bounded(f"ROUND(CAST({parts[0]} AS numeric(50, 30)) / NULLIF({parts[1]}, 0), 4)")


class Rounding(Exact):
    """A number rounded half up to some decimals."""

    name = "rules_rounded"

    def __init__(self, value: Any, places: Any) -> None:
        super().__init__(value, places)

    def written(self, parts: Sequence[str]) -> str:
        return _bounded(f"ROUND({parts[0]}, {parts[1]})")


class Least(Exact):
    """The smallest number; NULL as soon as one is missing, on both engines."""

    name = "rules_least"

    def written(self, parts: Sequence[str]) -> str:
        return _least(parts)


class Greatest(Exact):
    """The largest number; NULL as soon as one is missing, on both engines."""

    name = "rules_greatest"

    def written(self, parts: Sequence[str]) -> str:
        return _greatest(parts)


class TierSteps(Exact):
    """What tiers give for a number: `of`, `each`, `gives` and maybe `cap`.

    DIV counts the full steps exactly; a number below zero counts none.
    """

    name = "rules_tiers"

    def written(self, parts: Sequence[str]) -> str:
        of, each, gives, *cap = parts
        given = f"DIV({_greatest([of, '0'])}, {each}) * {gives}"
        return _bounded(_least([given, *cap]) if cap else given)


class TierStepsDown(TierSteps):
    """The same when a tier takes points away: the cap is the lowest they come to."""

    def written(self, parts: Sequence[str]) -> str:
        of, each, gives, *cap = parts
        given = f"DIV({_greatest([of, '0'])}, {each}) * {gives}"
        return _bounded(_greatest([given, *cap]) if cap else given)


class HasAnyBit(Lookup):
    """At least one bit of a mask is set in a whole-number column."""

    lookup_name = "has_any_bit"

    def get_prep_lookup(self) -> Any:
        """The mask as it is."""
        return self.rhs

    def as_sql(self, compiler: Any, connection: Any) -> Written:
        """(column & mask) <> 0"""
        lhs, lhs_params = self.process_lhs(compiler, connection)
        rhs, rhs_params = self.process_rhs(compiler, connection)
        return f"({lhs} & {rhs}) <> 0", (*lhs_params, *rhs_params)


class Differs(Lookup):
    """Two known values are not the same; nothing to say of a missing one."""

    lookup_name = "differs"

    def as_sql(self, compiler: Any, connection: Any) -> Written:
        """left <> right"""
        lhs, lhs_params = self.process_lhs(compiler, connection)
        rhs, rhs_params = self.process_rhs(compiler, connection)
        return f"{lhs} <> {rhs}", (*lhs_params, *rhs_params)


def register_lookups() -> None:
    """Let `column__has_any_bit` be asked of whole-number columns."""
    IntegerField.register_lookup(HasAnyBit)


def register_functions(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Give a new connection the functions of `arithmetic`, where the engine has none as exact."""
    if hasattr(connection.connection, "create_function"):
        for name, function in _FUNCTIONS.items():
            connection.connection.create_function(name, -1, function, deterministic=True)


def _from_sql(function: Callable[[Sequence[Decimal | None]], Decimal | None]) -> Any:
    def called(*values: int | float | str | None) -> float | None:
        # `repr` of a floating number gives back the decimals from which it was stored.
        known = [None if value is None else Decimal(str(value)) for value in values]
        result = function(known)
        return None if result is None else float(result)

    return called


def _tiers(values: Sequence[Any]) -> Decimal | None:
    of, each, gives, *cap = values
    return arithmetic.tiers(of, each, gives, cap[0] if cap else None)


_FUNCTIONS = {
    "rules_total": _from_sql(arithmetic.total),
    "rules_product": _from_sql(arithmetic.product),
    "rules_difference": _from_sql(arithmetic.difference),
    "rules_quotient": _from_sql(arithmetic.quotient),
    "rules_least": _from_sql(arithmetic.least),
    "rules_greatest": _from_sql(arithmetic.greatest),
    "rules_rounded": _from_sql(lambda values: arithmetic.rounded(values[0], int(values[1] or 0))),
    "rules_tiers": _from_sql(_tiers),
}
