"""Reading priority modules: which priorities the rules notice by themselves on a demand.

Noticing is never recognising: a person or body does that, on proof. Both readings, of one demand
and of a whole stock, come from the same conditions.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from .explanation import Explainer, Trace
from .kinds.priority import Priorities, Priority
from .reading import Bindings, ReadOnce
from .sql import compile_condition
from .types import Truth
from .vocabulary import Vocabulary


@dataclass(frozen=True)
class Detection:
    """What the rules notice of one priority on one demand; no trace when they never look."""

    rule: Priority
    trace: Trace | None

    @property
    def outcome(self) -> str:
        """`detected`, `not_detected`, or what the rule makes of the unknown."""
        if self.trace is None or self.trace.truth is Truth.FALSE:
            return "not_detected"
        return "detected" if self.trace.truth is Truth.TRUE else self.rule.unknown.value

    @property
    def is_detected(self) -> bool:
        return self.outcome == "detected"


def detect(
    body: Priorities, vocabulary: Vocabulary, bindings: Bindings, subject: Any, today: date
) -> tuple[Detection, ...]:
    """Every priority of a module on one demand, in the order of the module."""
    reader = Explainer(vocabulary, bindings, subject, today)
    return tuple(_notice(rule, reader) for rule in body.priorities)


def notice(
    rule: Priority, vocabulary: Vocabulary, bindings: Bindings, row: ReadOnce, today: date
) -> Detection:
    """One priority on one demand."""
    return _notice(rule, Explainer(vocabulary, bindings, row, today))


def _notice(rule: Priority, reader: Explainer) -> Detection:
    return Detection(rule, None if rule.detect is None else reader.trace(rule.detect))


def conditions(
    body: Priorities, vocabulary: Vocabulary, bindings: Bindings, today: date
) -> dict[str, Q]:
    """The same on the rows of a query: by priority that the rules look for, where it is noticed."""
    return {
        rule.code: compile_condition(rule.detect, vocabulary, bindings, today).is_true
        for rule in body.priorities
        if rule.detect is not None
    }
