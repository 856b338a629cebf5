"""Keeps what the rules decided, so that it can be made again and give the same (`replay.py`)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from register import clock, deadlines, makers
from register.access import Weighing, vocabulary
from register.deadlines import DelayInForce
from register.models import DecisionKind, Demand, Event, RuleDecision
from rules.installed import Installed
from rules.reading import Bindings, ReadOnce
from rules.snapshots import Asked, snapshot
from rules.writing import insert


def keep(decisions: Iterable[RuleDecision | None]) -> list[RuleDecision]:
    """Append what was decided, in the transaction of the act."""
    kept = [decision for decision in decisions if decision is not None]
    for decision in kept:
        insert(decision)
    return kept


def _kept(decision: RuleDecision | None) -> RuleDecision | None:
    return next(iter(keep([decision])), None)


def _decision(
    *,
    demand: Demand,
    kind: DecisionKind | str,
    subject: str,
    version_ids: Iterable[int],
    facts: Mapping[str, Any],
    outcome: Mapping[str, Any],
    on: date | None = None,
    event: Event | None = None,
) -> RuleDecision | None:
    """One decision to be kept.

    Nothing is kept while a past is taken over (`clock.is_replaying`): these rules did not decide.
    """
    if clock.is_replaying():
        return None
    return RuleDecision(
        demand=demand,
        event=event,
        kind=kind,
        subject=subject,
        version_ids=sorted(set(version_ids)),
        facts=facts,
        outcome=outcome,
        on=on or timezone.localdate(),
        at=clock.now(),
    )


def right(*, demand: Demand, action: str, weighing: Weighing, event: Event) -> RuleDecision | None:
    """Why an act was allowed, to be kept: every rights module in force was weighed."""
    return _decision(
        demand=demand,
        kind=DecisionKind.ACCESS,
        subject=action,
        version_ids=weighing.version_ids,
        facts=weighing.facts,
        outcome=weighing.outcome,
        on=weighing.on,
        event=event,
    )


def record_delay(
    *, demand: Demand, delay: DelayInForce, start: date, end: date, event: Event | None = None
) -> RuleDecision | None:
    """Keep by which delay a date of the demand was set."""
    return _kept(
        _decision(
            demand=demand,
            kind=DecisionKind.DEADLINE,
            subject=delay.deadline.code,
            version_ids=[delay.version_id],
            facts={"from": start.isoformat(), "department": delay.deadline.department},
            outcome={"on": end.isoformat()},
            event=event,
        )
    )


def keep_delay(
    demand: Demand, code: str, start: date, event: Event | None = None
) -> RuleDecision | None:
    """The same for the delay of that code in the department of the demand, begun on `start`."""
    found = deadlines.find(code, demand.department_id)
    end = deadlines.add(start, found.deadline)
    return record_delay(demand=demand, delay=found, start=start, end=end, event=event)


def record_made(**told: Any) -> RuleDecision | None:
    """Keep at once what `made` answers."""
    return _kept(made(**told))


def made(
    *,
    demand: Demand,
    kind: DecisionKind,
    subject: str,
    installed: Installed[Any] | None,
    figures: Bindings,
    terms: Mapping[str, Any] | None = None,
    event: Event | None = None,
) -> RuleDecision | None:
    """What a version of the rules answers today about a demand, to be kept; None without one."""
    if installed is None or clock.is_replaying():
        return None
    asked, row, on = Asked(figures), ReadOnce(demand), clock.today()
    question = makers.Question(subject, vocabulary(), asked, row, on, terms or {})
    outcome = makers.make(kind, installed.body, question)
    return _decision(
        demand=demand,
        kind=kind,
        subject=subject,
        version_ids=[installed.version_id],
        facts={**snapshot(asked, row, vocabulary()), "terms": dict(question.terms)},
        outcome=outcome,
        on=on,
        event=event,
    )
