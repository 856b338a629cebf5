"""What agents write about an applicant among themselves, for her to read once it was looked at.

It is personal data about her (GDPR art. 15); what it tells of other people is hidden first
(art. 15-4). Notes kept between some bodies are part of it: a right of access knows no such secret.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from register import access
from register.access import Action
from register.deadlines import add_months
from register.models import Demand, DemandState, Event, NotesRequest
from register.principals import Principal
from register.selectors.handover import since_handed_over

HIDDEN = "[…]"
# Within one month of the request (GDPR art. 12-3).
MONTHS_TO_ANSWER = 1


@dataclass(frozen=True)
class GivenNote:
    """A note as the applicant reads it: who wrote it, never the name of the agent."""

    at: datetime
    organisation: str
    text: str


@dataclass(frozen=True)
class GivenNotes:
    """What the last answered request gave, and why some passages are hidden."""

    on: date
    notes: list[GivenNote]
    hidden_because: str


def may_answer(principal: Principal, demand: Demand) -> bool:
    """True for the manager of the shared file, as herself, who reads the notes of this demand."""
    is_manager = principal.is_manager and principal.observer is None
    return is_manager and access.fields(principal, demand).can_read("notes")


def waiting(principal: Principal) -> QuerySet[NotesRequest]:
    """Requests that nobody answered, the oldest first, on the files that the manager may open."""
    if not principal.is_manager or principal.observer is not None:
        return NotesRequest.objects.none()
    seen = access.scope(principal, Action.VIEW).filter(access.readable(principal, "notes"))
    found = NotesRequest.objects.filter(answered_at=None, demand__in=seen).exclude(
        demand__state=DemandState.MERGED
    )
    return found.select_related("demand").order_by("asked_at", "pk")


def request_of(principal: Principal, key: int) -> NotesRequest:
    """The waiting request of that key; the same Http404 when it is foreign, answered or unknown."""
    found = waiting(principal).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def answer_by(request: NotesRequest) -> date:
    """The last day to answer."""
    return add_months(timezone.localdate(request.asked_at), MONTHS_TO_ANSWER)


def kept_notes(demand: Demand) -> list[Event]:
    """Everything that agents wrote of a demand and did not show to its applicant, in order.

    With what they wrote of those that were merged into it; since it changed hands, for what was
    written before is about whoever asked then.
    """
    merged = Q(demand__merged_into__kept=demand, demand__merged_into__undone_at=None)
    written = Event.objects.filter(Q(demand=demand) | merged, is_public=False).exclude(text="")
    hers = since_handed_over(written, demand, "at")
    return list(hers.select_related("organisation").order_by("at", "pk"))


def latest_request(demand: Demand) -> NotesRequest | None:
    """The last request of the applicant of today, answered or not."""
    asked = since_handed_over(demand.notes_requests.all(), demand, "asked_at")
    return asked.order_by("-asked_at", "-pk").first()


def given_notes(demand: Demand) -> GivenNotes | None:
    """What the applicant received last; None as long as she received nothing."""
    asked = since_handed_over(demand.notes_requests.all(), demand, "asked_at")
    answered = asked.filter(answered_at__isnull=False)
    request = answered.order_by("-answered_at", "-pk").first()
    if request is None:
        return None
    hidden = {item["event"]: item["hidden"] for item in request.given}
    notes = [
        GivenNote(
            at=event.at,
            organisation=event.organisation.name if event.organisation else "",
            text=without(event.text, hidden[event.pk]),
        )
        for event in kept_notes(demand)
        if event.pk in hidden
    ]
    return GivenNotes(timezone.localdate(request.answered_at), notes, request.hidden_because)


def without(text: str, passages: Iterable[str]) -> str:
    """A text with some passages hidden, the longest first: one may hold another."""
    for passage in sorted(passages, key=len, reverse=True):
        text = text.replace(passage, HIDDEN)
    return text
