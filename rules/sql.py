"""The SQL reading of a condition: for lists, counts, worklists and simulations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Q, Value

from .comparing import compare, months_before
from .conditions import AllOf, AnyOf, Comparison, Condition, Not
from .formulas import ALWAYS, NEVER, Formula, Lookup, conjunction, disjunction, to_q
from .operators import KNOWLEDGE, Operator
from .reading import Bindings, expected_value, principal_value
from .types import FactType, Truth
from .vocabulary import Fact, Vocabulary

__all__ = ["ALWAYS", "NEVER", "Compiled", "compile_any", "compile_condition"]

_DECIMAL = DecimalField(max_digits=18, decimal_places=4)


@dataclass(frozen=True)
class Compiled:
    """A condition as two queries over rows: those where it is true, those where it is false.

    Rows in neither are unknown. `constant` is the answer when no row can change it.
    """

    is_true: Q
    is_false: Q
    constant: Truth | None = None


@dataclass(frozen=True)
class _Pair:
    true: Formula
    false: Formula


_FOLDED = {
    Truth.TRUE: _Pair(True, False),
    Truth.FALSE: _Pair(False, True),
    Truth.UNKNOWN: _Pair(False, False),
}


def compile_condition(
    condition: Condition, vocabulary: Vocabulary, bindings: Bindings, today: date
) -> Compiled:
    """The two queries of a condition for one person on one day.

    `bindings` maps principal facts to values; a missing one, or None, is unknown. Facts of the
    principal are folded, so that the queries only speak of rows.
    """
    pair = _Compiler(vocabulary, bindings, today).pair(condition)
    constant = next((truth for truth, folded in _FOLDED.items() if pair == folded), None)
    return Compiled(to_q(pair.true, vocabulary), to_q(pair.false, vocabulary), constant)


def compile_any(
    conditions: Iterable[Condition], vocabulary: Vocabulary, bindings: Bindings, today: date
) -> Compiled:
    """The two queries of "at least one of these", merged into as few lookups as can be."""
    return compile_condition(AnyOf(tuple(conditions)), vocabulary, bindings, today)


class _Compiler:
    def __init__(self, vocabulary: Vocabulary, bindings: Bindings, today: date) -> None:
        self.vocabulary = vocabulary
        self.bindings = bindings
        self.today = today

    def pair(self, condition: Condition) -> _Pair:
        if isinstance(condition, Comparison):
            return self.comparison(condition)
        if isinstance(condition, Not):
            inner = self.pair(condition.part)
            return _Pair(inner.false, inner.true)
        pairs = [self.pair(part) for part in condition.parts]
        true, false = [pair.true for pair in pairs], [pair.false for pair in pairs]
        if isinstance(condition, AllOf):
            return _Pair(conjunction(true), disjunction(false))
        return _Pair(disjunction(true), conjunction(false))

    def comparison(self, comparison: Comparison) -> _Pair:
        fact = self.vocabulary.fact(comparison.fact)
        expected = expected_value(comparison, self.vocabulary, self.bindings)
        if fact.is_principal:
            value = principal_value(fact, self.bindings)
            return _FOLDED[compare(comparison.operator, value, expected, self.today)]
        if fact.is_forgotten:
            return _FOLDED[compare(comparison.operator, None, expected, self.today)]
        if comparison.operator not in KNOWLEDGE and expected is None:
            return _FOLDED[Truth.UNKNOWN]
        if fact.type is FactType.CODE_SET:
            return _membership(fact, comparison.operator, expected)
        return _scalar(fact, comparison.operator, expected, self.today)


def _membership(fact: Fact, operator: Operator, expected: Any) -> _Pair:
    if operator in KNOWLEDGE:
        return _FOLDED[Truth.of(operator is Operator.IS_KNOWN)]
    keys = fact.keys(expected)
    if not keys:
        return _FOLDED[Truth.of(operator is Operator.DISJOINT)]
    found, absent = (Lookup(str(fact.relation), keys, absent) for absent in (False, True))
    return _Pair(found, absent) if operator is Operator.OVERLAPS else _Pair(absent, found)


def _scalar(fact: Fact, operator: Operator, expected: Any, today: date) -> _Pair:
    column = str(fact.column)
    known = _known(fact, column)
    if operator in KNOWLEDGE:
        unknown = ~fact.within(known) if fact.within else _unknown(fact, column)
        pair = _Pair(fact.within(known) if fact.within else known, unknown)
        return pair if operator is Operator.IS_KNOWN else _Pair(pair.false, pair.true)
    true, false = _sides(column, operator, expected, today)
    # Said on both sides: a missing value is in neither, on either engine.
    true, false = known & true, known & false
    return _Pair(fact.within(true), fact.within(false)) if fact.within else _Pair(true, false)


def _sides(column: str, operator: Operator, expected: Any, today: date) -> tuple[Q, Q]:
    if operator is Operator.OLDER_THAN_MONTHS:
        operator, expected = Operator.ON_OR_BEFORE, months_before(today, expected)
    if isinstance(expected, Decimal):
        # Without the type, a whole-euro column would silently round what it is compared with.
        expected = Value(expected, output_field=_DECIMAL)
    if operator in (Operator.AT_LEAST, Operator.ON_OR_AFTER):
        return Q((f"{column}__gte", expected)), Q((f"{column}__lt", expected))
    if operator in (Operator.AT_MOST, Operator.ON_OR_BEFORE):
        return Q((f"{column}__lte", expected)), Q((f"{column}__gt", expected))
    if operator in (Operator.IN, Operator.NOT_IN):
        same = Q((f"{column}__in", sorted(expected)))
    else:
        same = Q((column, expected))
    if operator in (Operator.IS_NOT, Operator.NOT_IN):
        return ~same, same
    return same, ~same


def _known(fact: Fact, column: str) -> Q:
    known = Q((f"{column}__isnull", False))
    return known & ~Q((column, "")) if fact.type is FactType.CODE else known


def _unknown(fact: Fact, column: str) -> Q:
    missing = Q((f"{column}__isnull", True))
    return missing | Q((column, "")) if fact.type is FactType.CODE else missing
