"""Demands that were made one, as a reader of either may know of the other."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from register import access, clock
from register.access import Action
from register.codes import DocumentStatus, PersonRole
from register.models import Demand, DemandState, DuplicatePair, Merge, Person
from register.principals import Principal
from register.selectors.same_people import differs


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


def why_not(goes_on: Demand, closed: Demand) -> str:
    """Why the first of two demands may not go on for both, told before anybody acts; else empty."""
    if closed.state == DemandState.UNDER_ALLOCATION:
        return _("The other demand is a candidate for a home: keep that one, or wait.")
    if brings_identity(goes_on.state, closed.state) and not is_one_civil_status(goes_on, closed):
        return _(
            "The identity document that was checked is of the other demand, under another civil"
            " status, which a counter alone changes: put it right first, or keep the other demand."
        )
    return ""


def brings_identity(goes_on: str, closed: str) -> bool:
    """True of the states of two demands when the closed one alone has a checked identity."""
    return (goes_on, closed) == (DemandState.AWAITING_CHECK, DemandState.ACTIVE)


def is_one_civil_status(one: Demand, other: Demand) -> bool:
    """True when one identity document may prove who asks in both (arrêté of 23 March 2015)."""
    asking = Person.objects.filter(role=PersonRole.APPLICANT)
    first, second = (asking.filter(demand=demand).first() for demand in (one, other))
    return not differs(first, second)


def lost_by(key: int | None) -> list[str] | None:
    """What a merge did not keep, as `not_kept.keys_of` wrote it; None once nobody knows any more.

    It is forgotten with the closed demand, and when the merge is undone.
    """
    made = Merge.objects.filter(pk=key, undone_at=None).first() if key else None
    return made.before.get("not_kept") if made else None
