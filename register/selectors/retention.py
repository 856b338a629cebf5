"""What has been kept for as long as the law allows, and what a legal hold keeps longer."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from register import access, clock, retained
from register.access import Action
from register.models import Demand, DemandState, LegalHold, Merge
from register.principals import Principal
from register.selectors import due
from register.selectors.renewals import Candidate, candidates
from register.selectors.usual import is_unusual
from rules.publication.deadlines import delay as delay_words

SOON = timedelta(days=30)


@dataclass(frozen=True)
class Retention:
    """What the next nights erase, counted without touching anything, and what is held."""

    due: int
    soon: int
    struck_off: int
    erased: int
    holds: list[LegalHold]
    others: list["Other"]


@dataclass(frozen=True)
class Other:
    """What is kept apart from demands: its name, for how long, and how many are erased tonight.

    `is_unusual`: so many that the night waits for the manager.
    """

    name: str
    delay: str
    due: int
    is_unusual: bool


def to_erase(on: date) -> list[Candidate]:
    """Struck off for as long as data may be kept, and held by nobody (décret 2017-917, art. 4)."""
    return candidates(_due(on), "struck_off_on")


def retention(principal: Principal) -> Retention:
    """A dry run, for the manager: counts of the whole register, holds of the files she may list."""
    today = clock.today()
    ready = _due(today).count()
    seen = access.scope(principal, Action.LIST)
    return Retention(
        due=ready,
        soon=_due(today + SOON).count() - ready,
        struck_off=Demand.objects.filter(state=DemandState.STRUCK_OFF).count(),
        erased=Demand.objects.filter(state=DemandState.ERASED).count(),
        holds=list(holds().filter(demand__in=seen).select_related("demand").order_by("placed_at")),
        others=others(),
    )


def others() -> list[Other]:
    """A dry run of the rest, by the delays in force."""
    found = []
    for kept in retained.declared():
        delay = retained.delay_of(kept)
        if delay is not None:
            due_now = kept.count(retained.over_before(delay))
            waits = is_unusual(kept.step, due_now, clock.today())
            words = delay_words(delay.deadline)
            found.append(Other(str(kept.step.label), words, due_now, waits))
    return found


def holds() -> QuerySet[LegalHold]:
    """The legal holds in force."""
    return LegalHold.objects.filter(released_at__isnull=True)


def is_held(demand: Demand) -> bool:
    """True while a dispute or an inquiry needs the demand as it was."""
    return holds().filter(demand=demand).exists()


def _due(on: date) -> QuerySet[Demand]:
    """A hold on one of several demands made one keeps them all: each tells of the others."""
    return due.to_erase(on).exclude(pk__in=_kept_by_holds())


def _kept_by_holds() -> set[int]:
    """The demands held, and those that were merged with them, one into the other."""
    standing = Merge.objects.filter(undone_at=None)
    kept, reached = set[int](), set(holds().values_list("demand", flat=True))
    while reached:
        kept |= reached
        found = standing.filter(Q(kept__in=reached) | Q(other__in=reached))
        reached = {key for pair in found.values_list("kept", "other") for key in pair} - kept
    return kept
