"""The SQL reading of conditions and numbers: for lists, counts, worklists and simulations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    IsNull,
    LessThan,
    LessThanOrEqual,
)

from .comparing import compare, months_before
from .conditions import AllOf, AnyOf, Comparison, Condition, Not, Ref
from .facts import Fact
from .formulas import ALWAYS, NEVER, Formula, Lookup, conjunction, disjunction, to_q
from .functions import DECIMAL, Differs
from .number_sql import expression, fact_expression
from .numbers import Amount, Number
from .operators import KNOWLEDGE, Operator
from .reading import Bindings, principal_value, reference_value
from .territories import communes_of
from .types import SET_TYPES, TEXT_TYPES, FactType, Truth
from .vocabulary import Vocabulary

__all__ = [
    "ALWAYS",
    "NEVER",
    "Compiled",
    "Compiler",
    "compile_any",
    "compile_condition",
    "compile_number",
    "fold_condition",
]


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

    `bindings` maps principal facts and parameters to values; a missing one, or None, is unknown.
    They are folded, so that the queries only speak of rows.
    """
    pair = Compiler(vocabulary, bindings, today).pair(condition)
    constant = next((truth for truth, folded in _FOLDED.items() if pair == folded), None)
    return Compiled(to_q(pair.true, vocabulary), to_q(pair.false, vocabulary), constant)


def fold_condition(
    condition: Condition, vocabulary: Vocabulary, bindings: Bindings, today: date
) -> tuple[Formula, Formula]:
    """The same as two formulas that are not queries yet: when it is true, when it is false."""
    pair = Compiler(vocabulary, bindings, today).pair(condition)
    return pair.true, pair.false


def compile_any(
    conditions: Iterable[Condition], vocabulary: Vocabulary, bindings: Bindings, today: date
) -> Compiled:
    """The two queries of "at least one of these", merged into as few lookups as can be."""
    return compile_condition(AnyOf(tuple(conditions)), vocabulary, bindings, today)


def compile_number(number: Number, vocabulary: Vocabulary, bindings: Bindings, today: date) -> Any:
    """The expression of a number over rows; NULL where it is unknown."""
    return expression(number, Compiler(vocabulary, bindings, today))


class Compiler:
    """Compiles the conditions and numbers of one person on one day."""

    def __init__(self, vocabulary: Vocabulary, bindings: Bindings, today: date) -> None:
        self.vocabulary = vocabulary
        self.bindings = bindings
        self.today = today

    def fact(self, code: str) -> Fact:
        """The fact of this code."""
        return self.vocabulary.fact(code)

    def bound(self, fact: Fact) -> Any:
        """The value of a fact about who acts, or of a parameter."""
        return principal_value(fact, self.bindings)

    def rule(self, fact: Fact) -> Any:
        """The rule from which a derived fact follows."""
        return self.vocabulary.derived(fact).rule

    def sides(self, condition: Condition) -> tuple[Q, Q]:
        """The queries of a condition: where it is true, where it is false."""
        pair = self.pair(condition)
        return to_q(pair.true, self.vocabulary), to_q(pair.false, self.vocabulary)

    def pair(self, condition: Condition) -> _Pair:
        """Both sides of a condition, not yet queries."""
        if isinstance(condition, Comparison):
            return self.comparison(condition)
        if isinstance(condition, Not):
            inner = self.pair(condition.part)
            return _Pair(inner.false, inner.true)
        decisive = _FOLDED[Truth.of(isinstance(condition, AnyOf))]
        pairs = []
        for part in condition.parts:
            pairs.append(self.pair(part))
            if pairs[-1] == decisive:
                return decisive  # whatever the others answer
        true, false = [pair.true for pair in pairs], [pair.false for pair in pairs]
        if isinstance(condition, AllOf):
            return _Pair(conjunction(true), disjunction(false))
        return _Pair(disjunction(true), conjunction(false))

    def comparison(self, node: Comparison) -> _Pair:
        fact = self.fact(node.fact)
        if isinstance(node.value, Amount):
            return self.amount(fact, node.operator, node.value.number)
        expected = self.expected(node, fact)
        if fact.is_principal:
            return _FOLDED[self.answer(fact, node.operator, expected)]
        if fact.is_forgotten:
            return _FOLDED[compare(node.operator, None, expected, self.today)]
        if node.operator not in KNOWLEDGE and expected is None:
            return _FOLDED[Truth.UNKNOWN]
        if fact.condition is not None:
            return self.derived(fact, node.operator, expected)
        if fact.formula is not None:
            return _computed(fact_expression(fact, self), node.operator, expected)
        if fact.type in SET_TYPES:
            return _membership(fact, node.operator, expected)
        if fact.from_date:
            return _elapsed(fact, node.operator, expected, self.today)
        return _scalar(fact, node.operator, self.places(node.operator, expected), self.today)

    def expected(self, node: Comparison, fact: Fact) -> Any:
        if isinstance(node.value, Ref):
            return reference_value(node.value, fact, node.operator, self.vocabulary, self.bindings)
        return node.value

    def answer(self, fact: Fact, operator: Operator, expected: Any) -> Truth:
        value: Any = self.bound(fact)
        if fact.type is FactType.COMMUNE and operator in _PLACES:
            value = None if value is None else frozenset({value})
        return compare(operator, value, self.places(operator, expected, fact), self.today)

    def places(self, operator: Operator, expected: Any, fact: Fact | None = None) -> Any:
        """For a commune within or outside territories: the communes of these territories."""
        if operator not in _PLACES or expected is None:
            return expected
        if fact is not None and fact.type is not FactType.COMMUNE:
            return expected
        return communes_of(expected, self.vocabulary.territories)

    def amount(self, fact: Fact, operator: Operator, number: Number) -> _Pair:
        """A fact compared with a number of the same row."""
        return _computed(fact_expression(fact, self), operator, expression(number, self))

    def derived(self, fact: Fact, operator: Operator, expected: Any) -> _Pair:
        """A yes/no fact that follows from a condition."""
        pair = self.pair(self.rule(fact))
        if operator not in KNOWLEDGE:
            return pair if expected else _Pair(pair.false, pair.true)
        known = disjunction([pair.true, pair.false])
        if isinstance(known, bool):
            return _FOLDED[Truth.of(known is (operator is Operator.IS_KNOWN))]
        flag = Case(
            When(to_q(known, self.vocabulary), then=Value(1)),
            default=Value(None),
            output_field=IntegerField(),
        )
        return _knowledge(operator, Q(IsNull(flag, False)), Q(IsNull(flag, True)))


_PLACES = (Operator.WITHIN, Operator.OUTSIDE)
_AMONG = (Operator.OVERLAPS, Operator.WITHIN)


def _knowledge(operator: Operator, known: Q, unknown: Q) -> _Pair:
    return _Pair(known, unknown) if operator is Operator.IS_KNOWN else _Pair(unknown, known)


def _membership(fact: Fact, operator: Operator, expected: Any) -> _Pair:
    if fact.bits is not None:
        return _bits(fact, operator, expected)
    if operator in KNOWLEDGE:
        return _FOLDED[Truth.of(operator is Operator.IS_KNOWN)]
    keys = fact.keys(expected)
    if not keys:
        return _FOLDED[Truth.of(operator not in _AMONG)]
    found, absent = (Lookup(str(fact.relation), keys, absent) for absent in (False, True))
    return _Pair(found, absent) if operator in _AMONG else _Pair(absent, found)


def _bits(fact: Fact, operator: Operator, expected: Any) -> _Pair:
    column = str(fact.column)
    if operator in KNOWLEDGE:
        return _knowledge(operator, _known(fact, column), _unknown(fact, column))
    mask = fact.mask(expected)
    if not mask:
        never, always = NEVER, _known(fact, column)
        return _Pair(never, always) if operator in _AMONG else _Pair(always, never)
    found = Q((f"{column}__has_any_bit", mask))
    absent = ~found & _known(fact, column)
    return _Pair(found, absent) if operator in _AMONG else _Pair(absent, found)


def _elapsed(fact: Fact, operator: Operator, expected: Any, today: date) -> _Pair:
    """A duration is compared by the day from which it runs, which an index may hold."""
    column = str(fact.column)
    if operator in KNOWLEDGE:
        return _knowledge(operator, _known(fact, column), _unknown(fact, column))
    reached = Q((f"{column}__lte", months_before(today, expected)))
    before = Q((f"{column}__gt", months_before(today, expected)))
    passed = Q((f"{column}__lte", months_before(today, expected + 1)))
    within = Q((f"{column}__gt", months_before(today, expected + 1)))
    if operator is Operator.AT_LEAST:
        return _Pair(reached, before)
    if operator is Operator.AT_MOST:
        return _Pair(within, passed)
    return _Pair(reached & within, before | passed)


def _computed(left: Any, operator: Operator, right: Any) -> _Pair:
    """Two numbers of a row; where one is missing, both sides are."""
    if operator in KNOWLEDGE:
        return _knowledge(operator, Q(IsNull(left, False)), Q(IsNull(left, True)))
    if isinstance(right, Decimal | int):
        right = Value(Decimal(right), output_field=DECIMAL)
    if operator is Operator.AT_LEAST:
        return _Pair(Q(GreaterThanOrEqual(left, right)), Q(LessThan(left, right)))
    if operator is Operator.AT_MOST:
        return _Pair(Q(LessThanOrEqual(left, right)), Q(GreaterThan(left, right)))
    return _Pair(Q(Exact(left, right)), Q(Differs(left, right)))


def _scalar(fact: Fact, operator: Operator, expected: Any, today: date) -> _Pair:
    column = str(fact.column)
    known = _known(fact, column)
    if operator in KNOWLEDGE:
        if fact.elsewhere:
            found = fact.elsewhere.holds(known)
            return _knowledge(operator, found, ~found)
        return _knowledge(operator, known, _unknown(fact, column))
    true, false = _sides(column, operator, expected, today)
    # Said on both sides: a missing value is in neither, on either engine.
    true, false = known & true, known & false
    if fact.elsewhere:
        return _Pair(fact.elsewhere.holds(true), fact.elsewhere.holds(false))
    return _Pair(true, false)


def _sides(column: str, operator: Operator, expected: Any, today: date) -> tuple[Q, Q]:
    if operator is Operator.OLDER_THAN_MONTHS:
        operator, expected = Operator.ON_OR_BEFORE, months_before(today, expected)
    if isinstance(expected, Decimal):
        # Without the type, a whole-euro column would silently round what it is compared with.
        expected = Value(expected, output_field=DECIMAL)
    if operator in (Operator.AT_LEAST, Operator.ON_OR_AFTER):
        return Q((f"{column}__gte", expected)), Q((f"{column}__lt", expected))
    if operator in (Operator.AT_MOST, Operator.ON_OR_BEFORE):
        return Q((f"{column}__lte", expected)), Q((f"{column}__gt", expected))
    if isinstance(expected, frozenset):
        same = Q((f"{column}__in", sorted(expected)))
    else:
        same = Q((column, expected))
    if operator in (Operator.IS_NOT, Operator.NOT_IN, Operator.OUTSIDE):
        return ~same, same
    return same, ~same


def _known(fact: Fact, column: str) -> Q:
    known = Q((f"{column}__isnull", False))
    return known & ~Q((column, "")) if fact.type in TEXT_TYPES else known


def _unknown(fact: Fact, column: str) -> Q:
    missing = Q((f"{column}__isnull", True))
    return missing | Q((column, "")) if fact.type in TEXT_TYPES else missing
