"""The explanation of a condition on one row: the answer of the SQL reading, with its reasons."""

from datetime import date
from typing import Any, NamedTuple

from .comparing import compare
from .conditions import AllOf, AnyOf, Comparison, Condition, Not, Ref
from .facts import Fact
from .number_explanation import NumberTrace, read_number
from .numbers import Amount, Number
from .operators import Operator
from .reading import Bindings, FactSheet, ReadOnce, principal_value, reference_value, row_value
from .territories import communes_of
from .types import FactType, Truth, all_of, any_of
from .values import Value, normalise
from .vocabulary import Vocabulary

__all__ = ["Explainer", "NumberTrace", "Trace", "explain_condition", "explain_number"]

_SETTLES_ALL, _SETTLES_ANY = frozenset({Truth.FALSE}), frozenset({Truth.TRUE})


class Trace(NamedTuple):
    """One node of a condition and what it answered.

    `fact`, `value` and `expected` are those of a comparison (None: not known); `children` are the
    answers of the parts; `why` the rule from which a derived fact followed, `amount` the number it
    was compared with. `sentences.sentence(trace.condition, …)` puts the node into words.
    """

    truth: Truth
    condition: Condition
    children: tuple["Trace", ...] = ()
    fact: Fact | None = None
    value: Value | None = None
    expected: Value | None = None
    why: "Trace | NumberTrace | None" = None
    amount: NumberTrace | None = None

    @property
    def node(self) -> str:
        """`all`, `any`, `not` or `comparison`."""
        return {AllOf: "all", AnyOf: "any", Not: "not"}.get(type(self.condition), "comparison")

    def comparisons(self) -> tuple["Trace", ...]:
        """Every comparison under this node, in reading order."""
        if self.fact is not None:
            return (self,)
        return tuple(leaf for child in self.children for leaf in child.comparisons())

    def unknown_facts(self) -> tuple[Fact, ...]:
        """The facts whose absence leaves the answer unknown, each once: what is to be completed."""
        if self.truth is not Truth.UNKNOWN:
            return ()
        missing: list[Fact] = []
        if self.fact is not None and self.value is None:
            missing += self.why.unknown_facts() if self.why else (self.fact,)
        if self.amount is not None:
            missing += self.amount.unknown_facts()
        for child in self.children:
            missing += child.unknown_facts()
        return tuple({fact.code: fact for fact in missing}.values())


def explain_condition(
    condition: Condition, vocabulary: Vocabulary, bindings: Bindings, subject: Any, today: date
) -> Trace:
    """The answer of a condition for one person, one row and one day, with its trace.

    `subject` is what the facts' getters read, a `FactSheet`, or None when no row is at hand (every
    row fact is then unknown).
    """
    return Explainer(vocabulary, bindings, subject, today).trace(condition)


def explain_number(
    number: Number, vocabulary: Vocabulary, bindings: Bindings, subject: Any, today: date
) -> NumberTrace:
    """The value of a number for one person, one row and one day, with its trace."""
    return read_number(number, Explainer(vocabulary, bindings, subject, today))


class Explainer:
    """Reads one row, each fact at most once, for as many rules as one decision needs.

    Unless `thorough`, the parts of a condition are read until one settles it: the answer is the
    same whatever the others are, the row is asked for less, and traces stop where reading did.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        bindings: Bindings,
        subject: Any,
        today: date,
        *,
        thorough: bool = True,
    ) -> None:
        self.vocabulary = vocabulary
        self.bindings = bindings
        self.thorough = thorough
        self.row = ReadOnce.of(subject)
        self.today = today
        self._reasons: dict[str, Trace | NumberTrace | None] = {}

    def fact(self, code: str) -> Fact:
        """The fact of this code."""
        return self.vocabulary.fact(code)

    def value(self, fact: Fact) -> Value | None:
        """The value of a fact on the row, or None when it is not known."""
        if fact.is_principal:
            return principal_value(fact, self.bindings)
        values = self.row.values
        if fact.code not in values:
            values[fact.code] = self._read(fact)
        return values[fact.code]

    def trace(self, condition: Condition) -> Trace:
        """The answer of a condition on the row."""
        if isinstance(condition, Comparison):
            return self._comparison(condition)
        if isinstance(condition, Not):
            child = self.trace(condition.part)
            return Trace(child.truth.negated(), condition, (child,))
        if isinstance(condition, AllOf):
            return self.trace_until(_SETTLES_ALL, condition)
        return self.trace_until(_SETTLES_ANY, condition)

    def trace_until(self, settled: frozenset[Truth], condition: AllOf | AnyOf) -> Trace:
        """The same of several parts; unless thorough, those after one of `settled` are not read."""
        children: list[Trace] = []
        for part in condition.parts:
            children.append(self.trace(part))
            if children[-1].truth in settled and not self.thorough:
                break
        combine = all_of if isinstance(condition, AllOf) else any_of
        return Trace(combine([child.truth for child in children]), condition, tuple(children))

    def number(self, number: Number) -> NumberTrace:
        """The value of a number on the row."""
        return read_number(number, self)

    def _read(self, fact: Fact) -> Value | None:
        why = self.why(fact)
        if isinstance(why, Trace):
            return None if why.truth is Truth.UNKNOWN else why.truth is Truth.TRUE
        if why is not None:
            return normalise(fact.type, why.value)
        return row_value(fact, self.row.subject, self.today)

    def why(self, fact: Fact) -> Trace | NumberTrace | None:
        """The trace of the rule of a derived fact; None for a fact that is given or read."""
        if not fact.is_derived:
            return None
        if fact.code not in self._reasons:
            self._reasons[fact.code] = self._follow(fact)
        return self._reasons[fact.code]

    def _follow(self, fact: Fact) -> Trace | NumberTrace | None:
        subject = self.row.subject
        if isinstance(subject, FactSheet) and fact.code in subject:
            return None
        rule = self.vocabulary.derived(fact).rule
        if isinstance(rule, AllOf | AnyOf | Not | Comparison):
            return self.trace(rule)
        return self.number(rule)

    def _comparison(self, node: Comparison) -> Trace:
        fact = self.vocabulary.fact(node.fact)
        amount = self.number(node.value.number) if isinstance(node.value, Amount) else None
        expected = amount.value if amount else self._expected(node, fact)
        # Nothing overlaps no code: what the row holds is not even looked up.
        idle = fact.relation is not None and fact.column is None and expected == frozenset()
        value = frozenset() if idle else self.value(fact)
        return Trace(
            self._answer(node.operator, fact, value, expected),
            node,
            fact=fact,
            value=value,
            expected=expected,
            why=self.why(fact) if fact.is_derived else None,
            amount=amount,
        )

    def _expected(self, node: Comparison, fact: Fact) -> Value | None:
        if isinstance(node.value, Ref):
            return reference_value(node.value, fact, node.operator, self.vocabulary, self.bindings)
        return node.value  # type: ignore[return-value]

    def _answer(
        self, operator: Operator, fact: Fact, value: Value | None, expected: Value | None
    ) -> Truth:
        if fact.type is FactType.COMMUNE and operator in (Operator.WITHIN, Operator.OUTSIDE):
            value = None if value is None else frozenset({str(value)})
            if isinstance(expected, frozenset):
                expected = communes_of(expected, self.vocabulary.territories)
        return compare(operator, value, expected, self.today)
