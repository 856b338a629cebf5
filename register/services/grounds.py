"""Keeps what the rules answered when a person used it: a score, a ground of refusal, a paper."""

from register import clock
from register.codes import RefusalReason
from register.models import DecisionKind, Demand, Event, RuleDecision
from register.papers import PaperRefused
from register.parameters import parameter_bindings
from register.scoring import grid_of
from register.selectors import eligibility
from register.services.decisions import made, record_made
from rules import registry
from rules.reading import Bindings

# Refusals whose ground is an answer of the rules; the others are weighed by the commission alone.
BY_HOUSEHOLD = (RefusalReason.INCOME_TOO_HIGH, RefusalReason.SIZE_UNSUITED)


def score(
    demand: Demand,
    kind: DecisionKind,
    event: Event,
    subject: str = "",
    *,
    figures: Bindings,
) -> RuleDecision | None:
    """The score of the day, to be kept, by the grid of the department if it has one.

    `figures` are those of the department, read once for the act.
    """
    grid = grid_of(demand.department_id)
    return made(
        demand=demand,
        kind=kind,
        subject=subject or (grid.code if grid else ""),
        installed=grid,
        figures=figures,
        event=event,
    )


def refusal(demand: Demand, reason: str, event: Event, figures: Bindings) -> RuleDecision | None:
    """What the rules say of the ground for which a home was not allocated (L441-2-2), to keep."""
    if reason == RefusalReason.BETTER_RANKED:
        return score(demand, DecisionKind.REFUSAL, event, reason, figures=figures)
    if reason not in BY_HOUSEHOLD:
        return None
    return made(
        demand=demand,
        kind=DecisionKind.REFUSAL,
        subject=reason,
        installed=eligibility.module_of(demand.department_id),
        figures=figures,
        event=event,
    )


def record_refused_paper(demand: Demand, refusal: PaperRefused) -> RuleDecision | None:
    """Keep that the list did not let a paper be asked for (R441-2-4-1)."""
    return record_made(
        demand=demand,
        kind=DecisionKind.REFUSAL,
        subject=refusal.paper.code,
        installed=registry.version(refusal.paper.version_id),
        figures=parameter_bindings(demand.department_id, clock.today()),
        terms={"is_readable": refusal.is_readable},
    )
