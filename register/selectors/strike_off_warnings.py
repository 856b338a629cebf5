"""Whether an applicant was warned before a striking off, and has had the time to answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from register import clock, deadlines
from register.codes import ContactChannel, InadmissibleReason, StrikeOffReason
from register.deadlines import DelayInForce
from register.models import Demand, Event, EventKind, Organisation

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
    | Q(kind=EventKind.RENEWED)
    | Q(kind=EventKind.CONTACTED) & ~Q(reason=ContactChannel.LETTER)
    | Q(organisation__isnull=True, user__isnull=False) & ~Q(kind=EventKind.SUBMITTED)
)
_LIFTED: Mapping[str, Q] = {
    StrikeOffReason.UNREACHABLE: _ANSWERED,
    StrikeOffReason.INADMISSIBLE: _RESUMED,
}


@dataclass(frozen=True)
class Warned:
    """A warning that stands: its ground, its day, and the last day to answer it by which delay."""

    ground: str
    sent_on: date
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
    later = demand.events.filter(_LIFTED[reason], at__date__gte=found.sent_on)
    return None if later.exists() else found


def warned_by(event: Event, demand: Demand) -> Warned:
    """What the step of a warning says, and until when it may be answered."""
    sent_on = date.fromisoformat(event.details["sent_on"])
    delay = deadlines.find(DELAYS[reason_of(event.reason) or ""], demand.department_id)
    return Warned(event.reason, sent_on, deadlines.add(sent_on, delay.deadline), delay)
