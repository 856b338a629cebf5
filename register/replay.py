"""Makes past decisions again, from the facts and the versions kept with them: same answers."""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Min

from register import makers
from register.models import DecisionKind, RuleDecision
from rules import deadlines, registry, rights, snapshots
from rules.errors import RuleError
from rules.kinds.deadlines import Deadlines
from rules.registry import Installed

Versions = list[Installed[Any]]
Replay = Callable[[Versions, Mapping[str, Any], str, date], Mapping[str, Any]]


@dataclass(frozen=True)
class Difference:
    """A decision that would not be the same; no personal data, so that it can be printed."""

    decision_id: int
    kind: str
    subject: str
    version_ids: tuple[int, ...]
    reason: str


@dataclass(frozen=True)
class Report:
    """How many decisions were made again, and those that came out otherwise."""

    replayed: int
    differences: tuple[Difference, ...]


def replay(sample: int | None = None) -> Report:
    """Make past decisions again: all of them, or that many drawn at random."""
    reader = _Reader()
    replayed = 0
    differences = []
    for decision in _chosen(sample):
        replayed += 1
        reason = reader.difference(decision)
        if reason:
            differences.append(
                Difference(
                    decision.pk,
                    decision.kind,
                    decision.subject,
                    tuple(decision.version_ids),
                    reason,
                )
            )
    return Report(replayed, tuple(differences))


def right(
    versions: Versions, facts: Mapping[str, Any], subject: str, on: date
) -> Mapping[str, Any]:
    """Whether an act is allowed, by which grants and against which guards."""
    principal, row = snapshots.read(facts, registry.vocabulary())
    bodies = [version.body for version in versions]
    decided = rights.decide(bodies, registry.vocabulary(), principal, subject, row, on)
    return decided.outcome


def delay(
    versions: Versions, facts: Mapping[str, Any], subject: str, on: date
) -> Mapping[str, Any]:
    """The day on which a delay ends."""
    start = date.fromisoformat(facts["from"])
    for version in versions:
        body: Deadlines = version.body
        for deadline in body.deadlines:
            if deadline.code == subject:
                return {
                    "on": deadlines.end(deadline.within(facts["department"]), start).isoformat()
                }
    return {}


def made(kind: DecisionKind) -> Replay:
    """What one version answered about a demand, by the same maker as on the day."""

    def again(
        versions: Versions, facts: Mapping[str, Any], subject: str, on: date
    ) -> Mapping[str, Any]:
        known = registry.vocabulary()
        bindings, row = snapshots.read(facts, known)
        asked = makers.Question(subject, known, bindings, row, on, facts["terms"])
        return makers.make(kind, versions[0].body, asked)

    return again


REPLAYS: Mapping[str, Replay] = {
    DecisionKind.ACCESS: right,
    DecisionKind.DEADLINE: delay,
    DecisionKind.SCORE: made(DecisionKind.SCORE),
    DecisionKind.LABEL: made(DecisionKind.LABEL),
    DecisionKind.REFUSAL: made(DecisionKind.REFUSAL),
}


class _Reader:
    """Reads each version once, and says in what a decision differs."""

    def __init__(self) -> None:
        self.known: dict[int, Installed[Any]] = {}

    def version(self, version_id: int) -> Installed[Any]:
        if version_id not in self.known:
            self.known[version_id] = registry.version(version_id)
        return self.known[version_id]

    def difference(self, decision: RuleDecision) -> str:
        try:
            versions = [self.version(version_id) for version_id in decision.version_ids]
            again = REPLAYS[decision.kind](versions, decision.facts, decision.subject, decision.on)
        except RuleError as error:
            return f"it cannot be made again: {error}"
        return "" if dict(again) == decision.outcome else "it comes out otherwise"


def _chosen(sample: int | None) -> Iterator[RuleDecision]:
    rows = RuleDecision.objects.order_by("pk")
    if sample is None:
        return rows.iterator(chunk_size=1000)
    bounds = RuleDecision.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if bounds["first"] is None:
        return iter(())
    span = range(bounds["first"], bounds["last"] + 1)
    drawn = random.sample(span, min(sample, len(span)))
    return rows.filter(pk__in=drawn).iterator(chunk_size=1000)
