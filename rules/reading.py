"""Where the values come from: the principal's bindings, or the row that is looked at."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from .conditions import Comparison, Ref
from .errors import RuleError
from .operators import expected_type
from .types import FactType
from .values import Value, normalise, parse_literal
from .vocabulary import Fact, Vocabulary

Bindings = Mapping[str, Any]


class FactSheet(dict[str, Any]):
    """A row given by its facts alone: a module's own test case, a simulation, an explanation."""


class ReadOnce:
    """A row whose facts are each read at most once: many rules of one decision ask the same."""

    def __init__(self, subject: Any) -> None:
        self.subject = subject
        self.values: dict[str, Value | None] = {}


def principal_value(fact: Fact, bindings: Bindings) -> Value | None:
    """What is known of the person who acts; None when nothing is bound."""
    return normalise(fact.type, bindings.get(fact.code))


def row_value(fact: Fact, subject: Any) -> Value | None:
    """What the row says; a set of codes nobody filled is an empty set, not an unknown one."""
    if subject is None:
        return None
    if isinstance(subject, ReadOnce):
        if fact.code not in subject.values:
            subject.values[fact.code] = row_value(fact, subject.subject)
        return subject.values[fact.code]
    if isinstance(subject, FactSheet):
        raw = subject.get(fact.code)
    else:
        raw = fact.getter(subject) if fact.getter else None
    if fact.type is FactType.CODE_SET and raw is None and not fact.is_forgotten:
        return frozenset()
    return normalise(fact.type, raw)


def expected_value(
    comparison: Comparison, vocabulary: Vocabulary, bindings: Bindings
) -> Value | None:
    """What the fact is compared with, a reference being resolved; None when it is not known."""
    if not isinstance(comparison.value, Ref):
        return comparison.value
    wanted = expected_type(vocabulary.fact(comparison.fact).type, comparison.operator)
    bound = principal_value(vocabulary.fact(comparison.value.fact), bindings)
    return bound if wanted is None or bound is None else normalise(wanted, bound)


def normalise_facts(data: Any, vocabulary: Vocabulary, path: str) -> dict[str, Value | None]:
    """Facts given as JSON, typed; RuleError for a fact that does not exist or a wrong type."""
    if not isinstance(data, dict):
        raise RuleError(path, _("facts with their values are expected here"))
    return {
        code: None
        if raw is None
        else parse_literal(vocabulary.fact(code, path).type, raw, f"{path}.{code}")
        for code, raw in data.items()
    }
