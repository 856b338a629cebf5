"""Reading eligibility modules: which ceilings a household respects, how near, for which homes.

What is not known is neither eligible nor refused: the rule says what becomes of it.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .explanation import Trace, explain_condition, explain_number
from .kinds.eligibility import Ceiling, Eligibility
from .number_explanation import NumberTrace
from .parameters import PREFIX
from .reading import Bindings, ReadOnce
from .types import Truth
from .vocabulary import Vocabulary

CENT = Decimal("0.01")


@dataclass(frozen=True)
class CeilingOutcome:
    """What one ceiling answers: the amounts in euros per year, None where not known."""

    rule: Ceiling
    truth: Truth
    income: Decimal | None
    ceiling: Decimal | None
    trace: Trace
    number: NumberTrace

    @property
    def percent(self) -> Decimal | None:
        """The resources as a share of the ceiling, to two decimals."""
        if self.income is None or not self.ceiling:
            return None
        return (self.income * 100 / self.ceiling).quantize(CENT, ROUND_HALF_UP)

    @property
    def outcome(self) -> str:
        """`eligible`, `above`, or what the rule makes of the unknown."""
        known = {Truth.TRUE: "eligible", Truth.FALSE: "above"}
        return known.get(self.truth) or self.rule.unknown.value

    @property
    def parameters(self) -> tuple[str, ...]:
        """The codes of the dated figures that gave the ceiling of this household."""
        return tuple(_parameters(self.number))


def assess(
    body: Eligibility, vocabulary: Vocabulary, bindings: Bindings, subject: Any, today: date
) -> tuple[CeilingOutcome, ...]:
    """Every ceiling of a module for one household on one day, in the order of the module."""
    row = ReadOnce.of(subject)
    return tuple(_outcome(rule, vocabulary, bindings, row, today) for rule in body.ceilings)


def _outcome(
    rule: Ceiling, vocabulary: Vocabulary, bindings: Bindings, row: ReadOnce, today: date
) -> CeilingOutcome:
    trace = explain_condition(rule.condition, vocabulary, bindings, row, today)
    number = explain_number(rule.ceiling, vocabulary, bindings, row, today)
    income = trace.value
    return CeilingOutcome(
        rule=rule,
        truth=trace.truth,
        income=income if isinstance(income, Decimal) else None,
        ceiling=number.value,
        trace=trace,
        number=number,
    )


def _parameters(trace: NumberTrace) -> list[str]:
    found = []
    if trace.fact is not None and trace.fact.code.startswith(f"{PREFIX}."):
        found.append(trace.fact.code.removeprefix(f"{PREFIX}."))
    for child in trace.children:
        found += _parameters(child)
    return found
