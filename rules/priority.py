"""Reading priority modules: which priorities the rules notice by themselves on a demand.

Noticing is never recognising: a person or body does that, on proof. Both readings, of one demand
and of a whole stock, come from the same conditions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.db.models.expressions import Combinable

from .explanation import Trace, explain_condition
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
    row = ReadOnce(subject)
    return tuple(
        Detection(
            rule,
            explain_condition(rule.detect, vocabulary, bindings, row, today)
            if rule.detect is not None
            else None,
        )
        for rule in body.priorities
    )


def detected_bits(
    body: Priorities,
    vocabulary: Vocabulary,
    bindings: Bindings,
    today: date,
    places: Mapping[str, int],
) -> Combinable:
    """The same on every row of a query: a whole number, one bit per priority noticed."""
    total: Combinable = Value(0)
    for rule in body.priorities:
        if rule.detect is None:
            continue
        holds = compile_condition(rule.detect, vocabulary, bindings, today)
        bit = Case(
            When(holds.is_true, then=Value(1 << places[rule.code])),
            default=Value(0),
            output_field=IntegerField(),
        )
        total = total + bit
    return total
