"""Demands that were made one, as a reader of either may know of the other."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from register import access, clock
from register.access import Action
from register.codes import DocumentStatus
from register.models import Demand, DemandState, DuplicatePair, Merge
from register.principals import Principal


@dataclass(frozen=True)
class OtherDemand:
    """The other demand of a merge that stands; `number` is empty for who may not open it.

    `goes_on`: it is the one that goes on, and the demand at hand is closed.
    """

    number: str
    goes_on: bool
    since: date
    received_on: date | None
    documents: int
    messages: int
    # Sent before the merge, and read by nobody yet: checked where they are.
    to_check: int


def others_of(principal: Principal, demand: Demand) -> list[OtherDemand]:
    """The demands merged with this one. A closed one that the reader may not open is not told."""
    standing = Merge.objects.filter(Q(kept=demand) | Q(other=demand), undone_at=None)
    found = []
    for made in standing.select_related("kept", "other"):
        goes_on = made.other_id == demand.pk
        other = _last(made.kept) if goes_on else made.other
        is_open = access.decide(principal, Action.VIEW, other).allowed
        if is_open or goes_on:
            found.append(_told(other, made, goes_on=goes_on, is_open=is_open))
    return found


def _last(kept: Demand) -> Demand:
    """Itself, or the demand that it was merged into in its turn."""
    while later := Merge.objects.filter(other=kept, undone_at=None).select_related("kept").first():
        kept = later.kept
    return kept


def _told(other: Demand, made: Merge, *, goes_on: bool, is_open: bool) -> OtherDemand:
    return OtherDemand(
        number=other.number if is_open else "",
        goes_on=goes_on,
        since=timezone.localdate(made.made_at),
        received_on=other.received_on if is_open else None,
        documents=other.documents.count() if is_open else 0,
        messages=other.messages.count() if is_open else 0,
        to_check=_to_check(other) if is_open and not goes_on else 0,
    )


def _to_check(closed: Demand) -> int:
    return closed.documents.filter(status=DocumentStatus.RECEIVED).count()


def undoable(pair: DuplicatePair) -> Merge | None:
    """The merge of a pair that can still be undone today."""
    return (
        Merge.objects.filter(
            Q(kept=pair.first_id, other=pair.second_id)
            | Q(kept=pair.second_id, other=pair.first_id),
            undone_at=None,
            until__gte=clock.today(),
            other__state=DemandState.MERGED,
        )
        .select_related("kept", "other", "made_by", "made_for")
        .first()
    )
