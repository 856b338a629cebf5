"""The score of one demand by a grid, criterion by criterion, with the reasons of each.

Evaluated on one row; `scoring_sql` gives the same totals for all rows at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from .conditions import Comparison
from .explanation import Explainer, NumberTrace, Trace
from .facts import Fact
from .kinds.scoring import Criterion, Exclusion, Grid, Mode, OnUnknown, Order, Scope, Section
from .operators import Operator
from .reading import Bindings
from .types import Truth, all_of
from .vocabulary import Vocabulary

ZERO = Decimal(0)


class Outcome(StrEnum):
    """What became of a criterion."""

    EARNED = "earned"
    NOT_EARNED = "not_earned"
    UNKNOWN = "unknown"
    TO_COMPLETE = "to_complete"
    NOT_CONCERNED = "not_concerned"


@dataclass(frozen=True)
class CriterionScore:
    """One line of the grid for one demand.

    `points` is what the criterion is worth when it is met; `is_proved` whether its proof is there;
    `counts` whether it enters the total: a higher one may count instead, or a proof be awaited.
    """

    criterion: Criterion
    outcome: Outcome
    points: Decimal
    is_proved: bool
    counts: bool
    when: Trace
    amount: NumberTrace
    proof: Trace

    @property
    def is_earned(self) -> bool:
        """True when the criterion is met, proved or not."""
        return self.outcome is Outcome.EARNED

    @property
    def is_unmet(self) -> bool:
        """True when everything that it needs is known, and it gives nothing."""
        return self.outcome is Outcome.NOT_EARNED

    @property
    def missing(self) -> tuple[Fact, ...]:
        """The facts that the file lacks to tell whether the criterion is met."""
        if self.outcome not in (Outcome.UNKNOWN, Outcome.TO_COMPLETE):
            return ()
        facts = (*self.when.unknown_facts(), *self.amount.unknown_facts())
        return tuple({fact.code: fact for fact in facts}.values())


@dataclass(frozen=True)
class SectionScore:
    """One section for one demand: what counts, what is declared, what is proved."""

    section: Section
    criteria: tuple[CriterionScore, ...]
    total: Decimal
    declared: Decimal
    proved: Decimal


@dataclass(frozen=True)
class Score:
    """The score of one demand.

    `total` ranks it; `declared` is the sum if every proof comes, `proved` the sum of what is proved
    already. A grid that does not concern the demand gives no total.
    """

    applies: bool
    excluded_by: tuple[Exclusion, ...]
    sections: tuple[SectionScore, ...]

    @property
    def total(self) -> Decimal:
        """The points that rank the demand."""
        return sum((section.total for section in self.sections), ZERO)

    @property
    def declared(self) -> Decimal:
        """The points once everything declared is proved."""
        return sum((section.declared for section in self.sections), ZERO)

    @property
    def proved(self) -> Decimal:
        """The points that are proved."""
        return sum((section.proved for section in self.sections), ZERO)

    @property
    def is_provisional(self) -> bool:
        """True while a proof that is awaited could change the total."""
        return self.declared != self.proved

    @property
    def criteria(self) -> tuple[CriterionScore, ...]:
        """Every line of the grid, in order."""
        return tuple(line for section in self.sections for line in section.criteria)

    @property
    def kept(self) -> dict[str, Any]:
        """What is kept of the score, and must come out again when it is replayed.

        Each line: what became of it, its points, and whether it is proved and counts.
        """
        return {
            "applies": self.applies,
            "excluded_by": [exclusion.code for exclusion in self.excluded_by],
            **{name: str(getattr(self, name)) for name in ("total", "declared", "proved")},
            "lines": {
                line.criterion.code: [
                    line.outcome.value,
                    str(line.points),
                    line.is_proved,
                    line.counts,
                ]
                for line in self.criteria
            },
        }

    @property
    def to_complete(self) -> tuple[Fact, ...]:
        """What the file lacks for criteria that must not be left unknown."""
        facts = (
            fact
            for line in self.criteria
            if line.outcome is Outcome.TO_COMPLETE
            for fact in line.missing
        )
        return tuple({fact.code: fact for fact in facts}.values())


def score(
    grid: Grid, vocabulary: Vocabulary, bindings: Bindings, subject: Any, today: date
) -> Score:
    """The score of one demand on one day, with everything that was weighed."""
    reader = Explainer(vocabulary, bindings, subject, today)
    excluded = tuple(
        exclusion
        for exclusion in grid.exclusions
        if reader.trace(exclusion.when).truth is Truth.TRUE
    )
    applies = not excluded and _concerned(grid.scope, grid, reader)
    if not applies:
        return Score(False, excluded, ())
    sections = tuple(_section(section, grid, reader) for section in grid.sections)
    return Score(True, (), sections)


def _concerned(scope: Scope, grid: Grid, reader: Explainer) -> bool:
    if scope is Scope.BOTH:
        return True
    comparison = Comparison(grid.first_time, Operator.IS, scope is Scope.FIRST_TIME)
    return reader.trace(comparison).truth is Truth.TRUE


def _section(section: Section, grid: Grid, reader: Explainer) -> SectionScore:
    lines = [_criterion(criterion, grid, reader) for criterion in section.criteria]
    ranked = [line for line in lines if line.is_earned and (grid.counts_declared or line.is_proved)]
    if section.mode is Mode.MAX:
        ranked = [line for line in ranked if line.points > 0]
        ranked = [max(ranked, key=lambda line: line.points)] if ranked else []
    kept = {line.criterion.code for line in ranked}
    proved = [line for line in lines if line.is_earned and line.is_proved]
    return SectionScore(
        section,
        tuple(_counted(line) if line.criterion.code in kept else line for line in lines),
        total=_together(section.mode, ranked),
        declared=_together(section.mode, [line for line in lines if line.is_earned]),
        proved=_together(section.mode, proved),
    )


def _counted(line: CriterionScore) -> CriterionScore:
    return replace(line, counts=True)


def _together(mode: Mode, lines: Iterable[CriterionScore]) -> Decimal:
    points = [line.points for line in lines]
    return max([ZERO, *points]) if mode is Mode.MAX else sum(points, ZERO)


def _criterion(criterion: Criterion, grid: Grid, reader: Explainer) -> CriterionScore:
    when = reader.trace(criterion.when)
    amount = reader.number(criterion.points)
    proof = reader.trace(criterion.proof.condition)
    outcome = _outcome(criterion, when.truth, amount.value)
    if not _concerned(criterion.scope, grid, reader):
        outcome = Outcome.NOT_CONCERNED
    points = amount.value if outcome is Outcome.EARNED and amount.value is not None else ZERO
    return CriterionScore(
        criterion, outcome, points, proof.truth is Truth.TRUE, False, when, amount, proof
    )


def _outcome(criterion: Criterion, met: Truth, points: Decimal | None) -> Outcome:
    known = Truth.TRUE if points is not None else Truth.UNKNOWN
    truth = all_of([met, known])
    if truth is Truth.TRUE:
        return Outcome.EARNED if points else Outcome.NOT_EARNED
    if truth is Truth.FALSE:
        return Outcome.NOT_EARNED
    if criterion.on_unknown is OnUnknown.TO_COMPLETE:
        return Outcome.TO_COMPLETE
    return Outcome.UNKNOWN


def tie_key(
    grid: Grid, vocabulary: Vocabulary, bindings: Bindings, subject: Any, today: date
) -> tuple[Any, ...]:
    """What orders demands with as many points: the smaller key comes first, unknown values last."""
    reader = Explainer(vocabulary, bindings, subject, today)
    return tuple(
        _rank(reader.value(vocabulary.fact(rule.fact)), rule.order) for rule in grid.tie_break
    )


def _rank(value: Any, order: Order) -> tuple[bool, Any]:
    if value is None:
        return True, 0
    if order is Order.MOST:
        return False, -len(value)
    if order is Order.ASCENDING:
        return False, value
    return False, -(value.toordinal() if isinstance(value, date) else value)
