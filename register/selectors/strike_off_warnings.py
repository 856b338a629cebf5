"""Whether an applicant was warned before a striking off, and has had the time to answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from register import clock, deadlines
from register.codes import ContactChannel, InadmissibleReason, StrikeOffReason
from register.deadlines import DelayInForce
from register.models import LIVE_STATES, Demand, Event, EventKind, Organisation
from register.selectors.renewals import Candidate
from rules.formatting import day

DELAYS: Mapping[str, str] = {
    StrikeOffReason.UNREACHABLE: "unreachable_warning",
    StrikeOffReason.INADMISSIBLE: "inadmissible_warning",
}
# What the warning says: the second reason has two grounds and no other.
GROUNDS: Mapping[str, tuple[str, ...]] = {
    StrikeOffReason.UNREACHABLE: (StrikeOffReason.UNREACHABLE.value,),
    StrikeOffReason.INADMISSIBLE: tuple(InadmissibleReason.values),
}
_RESUMED = Q(kind=EventKind.REACTIVATED)
# Whoever renews, writes, sends a paper or is spoken with is no longer silent.
_ANSWERED = (
    _RESUMED
    | Q(kind__in=(EventKind.RENEWED, EventKind.SEPARATED, EventKind.TRANSFERRED))
    # Nobody answers for the dead: somebody who was said to be is heard of again.
    | Q(kind__in=(EventKind.DEPARTMENT_CHANGED, EventKind.DEATH_TAKEN_BACK))
    | Q(kind=EventKind.CONTACTED) & ~Q(reason=ContactChannel.LETTER)
    | Q(organisation__isnull=True, user__isnull=False) & ~Q(kind=EventKind.SUBMITTED)
)
_LIFTED: Mapping[str, Q] = {
    StrikeOffReason.UNREACHABLE: _ANSWERED,
    StrikeOffReason.INADMISSIBLE: _RESUMED,
}


# Two months after the warning reached the register, it strikes off by itself (arrêté du 23 mars
# 2015); whoever warned may do it after one.
BY_THE_REGISTER = "unreachable_strike_off"


@dataclass(frozen=True)
class Warned:
    """A warning that stands: its ground, its day, and the last day to answer it by which delay.

    Its day is that of the letter. The delay begins that day, or on that of its recording here when
    it comes later; for the register, always on the latter.
    """

    ground: str
    sent_on: date
    begins_on: date
    last_day: date
    delay: DelayInForce

    @property
    def is_over(self) -> bool:
        """True once the time to answer has passed (CCH R441-2-8 c and d)."""
        return clock.today() > self.last_day


def reason_of(ground: str) -> str | None:
    """The legal reason of a ground; None for what is not announced by a warning."""
    return next((reason for reason, grounds in GROUNDS.items() if ground in grounds), None)


def standing(demand: Demand, organisation: Organisation | None, reason: str) -> Warned | None:
    """The last warning of this organisation for this reason; None once it was answered."""
    sent = demand.events.filter(
        kind=EventKind.WARNED, organisation=organisation, reason__in=GROUNDS[reason]
    )
    event = sent.order_by("-pk").first()
    if event is None or organisation is None:
        return None
    found = warned_by(event, demand)
    return None if _is_lifted(demand, reason, found.sent_on) else found


def unanswered(demand: Demand) -> Warned | None:
    """The warning after which the register ends a demand by itself; None while it may be answered.

    It was recorded with the proof of its delivery, two months ago or more, and nobody answered
    since the letter (R441-2-8 c; arrêté du 23 mars 2015).
    """
    reason = StrikeOffReason.UNREACHABLE
    sent = demand.events.filter(kind=EventKind.WARNED, reason__in=GROUNDS[reason]).exclude(text="")
    delay = deadlines.find(BY_THE_REGISTER, demand.department_id)
    for event in sent.order_by("pk"):
        recorded_on = timezone.localdate(event.at)
        # Whoever warned had to wait as well.
        letter = warned_by(event, demand)
        found = Warned(
            event.reason,
            letter.sent_on,
            recorded_on,
            deadlines.add(recorded_on, delay.deadline),
            delay,
        )
        if found.is_over and letter.is_over and not _is_lifted(demand, reason, letter.sent_on):
            return found
    return None


def to_strike_off(on: date) -> list[Candidate]:
    """Live demands warned at the address last known, in vain, for as long as the law says."""
    warnings = Event.objects.filter(
        kind=EventKind.WARNED,
        reason=StrikeOffReason.UNREACHABLE,
        at__date__lt=on,
        demand__state__in=LIVE_STATES,
    )
    warned = Demand.objects.filter(pk__in=warnings.values("demand")).order_by("pk")
    return [Candidate(each.pk, each.version) for each in warned if unanswered(each)]


def _is_lifted(demand: Demand, reason: str, since: date) -> bool:
    return demand.events.filter(_LIFTED[reason], at__date__gte=since).exists()


def warned_by(event: Event, demand: Demand) -> Warned:
    """What the step of a warning says, and until when it may be answered.

    A letter told after its day leaves the whole delay from the day it was told here: a day written
    by hand shortens nobody's time to answer.
    """
    sent_on = date.fromisoformat(event.details["sent_on"])
    delay = deadlines.find(DELAYS[reason_of(event.reason) or ""], demand.department_id)
    begins_on = max(sent_on, timezone.localdate(event.at))
    last_day = deadlines.add(begins_on, delay.deadline)
    return Warned(event.reason, sent_on, begins_on, last_day, delay)


def letter_words(event: Event) -> str:
    """The letter of a warning: its day, and that of its reception when the proof says it."""
    sent_on, received_on = event.details.get("sent_on"), event.details.get("received_on")
    if not sent_on:
        return ""
    told = {"sent": day(date.fromisoformat(sent_on))}
    if not received_on:
        return _("Letter of %(sent)s") % told
    told["received"] = day(date.fromisoformat(received_on))
    return _("Letter of %(sent)s, received on %(received)s") % told
