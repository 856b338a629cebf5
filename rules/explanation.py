"""The explanation of a condition on one row: the answer of the SQL reading, with its reasons."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from .comparing import compare
from .conditions import AllOf, AnyOf, Comparison, Condition, Not
from .reading import Bindings, expected_value, principal_value, row_value
from .types import Truth, all_of, any_of
from .values import Value
from .vocabulary import Fact, Vocabulary


@dataclass(frozen=True)
class Trace:
    """One node of a condition and what it answered.

    `fact`, `value` and `expected` are those of a comparison (None: not known); `children` are the
    answers of the parts. `sentences.sentence(trace.condition, …)` puts the node into words.
    """

    truth: Truth
    condition: Condition
    children: tuple["Trace", ...] = ()
    fact: Fact | None = None
    value: Value | None = None
    expected: Value | None = None

    @property
    def node(self) -> str:
        """`all`, `any`, `not` or `comparison`."""
        return {AllOf: "all", AnyOf: "any", Not: "not"}.get(type(self.condition), "comparison")

    def comparisons(self) -> tuple["Trace", ...]:
        """Every comparison under this node, in reading order."""
        if self.fact is not None:
            return (self,)
        return tuple(leaf for child in self.children for leaf in child.comparisons())


def explain_condition(
    condition: Condition, vocabulary: Vocabulary, bindings: Bindings, subject: Any, today: date
) -> Trace:
    """The answer of a condition for one person, one row and one day, with its trace.

    `subject` is what the facts' getters read, a `FactSheet`, or None when no row is at hand (every
    row fact is then unknown).
    """

    def read(node: Condition) -> Trace:
        if isinstance(node, Comparison):
            return _comparison(node, vocabulary, bindings, subject, today)
        if isinstance(node, Not):
            child = read(node.part)
            return Trace(child.truth.negated(), node, (child,))
        children = tuple(read(part) for part in node.parts)
        combine = all_of if isinstance(node, AllOf) else any_of
        return Trace(combine(child.truth for child in children), node, children)

    return read(condition)


def _comparison(
    node: Comparison, vocabulary: Vocabulary, bindings: Bindings, subject: Any, today: date
) -> Trace:
    fact = vocabulary.fact(node.fact)
    value = principal_value(fact, bindings) if fact.is_principal else row_value(fact, subject)
    expected = expected_value(node, vocabulary, bindings)
    return Trace(
        compare(node.operator, value, expected, today),
        node,
        fact=fact,
        value=value,
        expected=expected,
    )
