"""Where the values come from: the principal's bindings, or the row that is looked at."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from .comparing import months_between
from .conditions import Ref
from .errors import RuleError
from .facts import Fact
from .operators import Operator, expected_type
from .types import SET_TYPES, WHOLE_TYPES, FactType
from .values import Value, normalise, parse_literal
from .vocabulary import Vocabulary

Bindings = Mapping[str, Any]


class FactSheet(dict[str, Any]):
    """A row given by its facts alone: a module's own test case, a simulation, an explanation."""


class ReadOnce:
    """A row whose facts are each read at most once: many rules of one decision ask the same."""

    def __init__(self, subject: Any) -> None:
        self.subject = subject
        self.values: dict[str, Value | None] = {}

    @classmethod
    def of(cls, subject: Any) -> "ReadOnce":
        """The row as it is when it is already read so, else one that begins here."""
        return subject if isinstance(subject, cls) else cls(subject)


def principal_value(fact: Fact, bindings: Bindings) -> Value | None:
    """What is known of the person who acts; None when nothing is bound."""
    return normalise(fact.type, bindings.get(fact.code))


def row_value(fact: Fact, subject: Any, today: date) -> Value | None:
    """What the row says of a fact that is not derived.

    A set of codes nobody filled is an empty set, not an unknown one, unless its bits are missing.
    """
    raw = _raw(fact, subject)
    if raw is None and fact.type in SET_TYPES and not _is_missing(fact, subject):
        return frozenset()
    if isinstance(raw, int) and fact.bits is not None:
        return fact.codes(raw)
    if isinstance(raw, date) and fact.from_date:
        return months_between(raw.date() if isinstance(raw, datetime) else raw, today)
    return normalise(fact.type, raw)


def _raw(fact: Fact, subject: Any) -> Any:
    if isinstance(subject, FactSheet):
        return subject.get(fact.code)
    if fact.is_forgotten or fact.getter is None or subject is None:
        return None
    return fact.getter(subject)


def _is_missing(fact: Fact, subject: Any) -> bool:
    """True when what keeps a set is missing or forgotten: nobody knows what is in it."""
    if fact.is_forgotten:
        return True
    if subject is None:
        return True
    if isinstance(subject, FactSheet):
        return fact.bits is not None and fact.code in subject
    return fact.bits is not None


def reference_value(
    reference: Ref, fact: Fact, operator: Operator, vocabulary: Vocabulary, bindings: Bindings
) -> Value | None:
    """The bound value with which a fact is compared; None when it is not known."""
    target = vocabulary.fact(reference.fact)
    wanted = expected_type(fact.type, operator)
    bound = principal_value(target, bindings)
    if wanted is None or bound is None:
        return bound
    if target.type in WHOLE_TYPES and wanted in WHOLE_TYPES:
        return bound
    return normalise(wanted, bound)


def normalise_facts(data: Any, vocabulary: Vocabulary, path: str) -> dict[str, Value | None]:
    """Facts given as JSON, typed; RuleError for a fact that does not exist or a wrong type.

    A duration counted from a date may be given by that date.
    """
    if not isinstance(data, dict):
        raise RuleError(path, _("facts with their values are expected here"))
    return {
        code: None if raw is None else _given(vocabulary.fact(code, path), raw, f"{path}.{code}")
        for code, raw in data.items()
    }


def _given(fact: Fact, raw: Any, path: str) -> Value:
    dated = fact.from_date and isinstance(raw, str)
    return parse_literal(FactType.DATE if dated else fact.type, raw, path)
