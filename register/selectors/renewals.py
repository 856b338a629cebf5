"""Which ends of validity are to be announced, recalled, or followed by a striking off (R441-2-7).

A day of delay in the announcement delays the striking off by a day: an applicant told late, or
never, loses nothing by it. A letter is told the day it is printed and posted, not that it is made.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from register import deadlines
from register.models import (
    LIVE_STATES,
    Delivery,
    Demand,
    EffectKind,
    NoticeKind,
    Outbox,
    RenewalNotice,
)
from register.selectors import due

# Days before the legal day: a night without a worker, or a slow post, breaks no delay.
EARLY = timedelta(days=7)
# Whoever was announced the end less than that ago is not reminded of it.
BEFORE_REMINDER = timedelta(days=14)
# How the keys of all that announces or recalls an end begin.
KEY = "renewal:"
# Letters that are written, and wait for the printer.
UNPRINTED = Q(kind=EffectKind.LETTER, done_at__isnull=False, last_error="", delivery="")


@dataclass(frozen=True)
class Candidate:
    """A demand that a step of the calendar concerns, as it was when it was looked at."""

    demand_id: int
    version: int


def to_announce(on: date) -> list[Candidate]:
    """Live demands whose end of validity nears, or is over, and was not announced."""
    waiting = due.to_announce(on + EARLY).exclude(Exists(_notices(NoticeKind.NOTICE)))
    return candidates(waiting, "expires_on")


def to_remind(on: date) -> list[Candidate]:
    """Announced two weeks ago or more, no longer valid, and not yet to be struck off."""
    announced = _notices(NoticeKind.NOTICE).filter(announced_on__lte=on - BEFORE_REMINDER)
    lapsed = due.to_warn(on).filter(Exists(announced))
    return candidates(lapsed.exclude(Exists(_notices(NoticeKind.REMINDER))), "expires_on")


def to_strike_off(on: date) -> list[Candidate]:
    """Announced long enough ago, by a notice that has left; nobody who still waits to be called."""
    announced = _notices(NoticeKind.NOTICE)
    lapsed = due.to_strike_off(on).filter(Exists(announced)).exclude(Exists(_waiting_calls()))
    return [
        Candidate(demand.pk, demand.version)
        for demand in lapsed.order_by("expires_on", "pk")
        if strike_off_on(demand) <= on and has_left(demand)
    ]


def strike_off_on(demand: Demand) -> date:
    """First day on which a demand that nobody renews may be struck off (R441-2-8 e)."""
    reached = deadlines.add(
        demand.last_renewed_on or demand.received_on,
        deadlines.get("strike_off", demand.department_id),
    )
    return reached + late_by(demand)


def late_by(demand: Demand) -> timedelta:
    """How much later than the legal day its applicant was told of the end of validity."""
    notice = notice_of(demand)
    if notice is None:
        return timedelta(0)
    notice_delay = deadlines.get("renewal_notice", demand.department_id)
    told = told_on(notice) or notice.announced_on
    return max(told - deadlines.add(demand.expires_on, notice_delay), timedelta(0))


def notice_of(demand: Demand) -> RenewalNotice | None:
    """The announcement of the present end of validity, if it was made."""
    return RenewalNotice.objects.filter(
        demand=demand, expires_on=demand.expires_on, kind=NoticeKind.NOTICE
    ).first()


def latest_notice(number: str) -> RenewalNotice | None:
    """The latest announcement of the demand of that number."""
    found = RenewalNotice.objects.filter(
        demand__number=number, kind__in=(NoticeKind.NOTICE, NoticeKind.REMINDER)
    ).select_related("demand")
    return found.order_by("-expires_on", "-pk").first()


def told_on(notice: RenewalNotice) -> date | None:
    """The day an announcement reached its applicant as far as one knows; None while none has left.

    That of the call when somebody had to call, else the first day that an e-mail or a letter left.
    """
    if notice.called_at is not None:
        return timezone.localdate(notice.called_at)
    sent = Outbox.objects.filter(key__startswith=effects_of(notice), last_error="")
    emails = sent.filter(kind=EffectKind.MESSAGE_EMAIL).exclude(delivery=Delivery.BOUNCED)
    letters = sent.filter(kind=EffectKind.LETTER, delivery=Delivery.PRINTED)
    days = (
        *emails.values_list("done_at", flat=True),
        *letters.values_list("delivery_at", flat=True),
    )
    left = [at for at in days if at is not None]
    return timezone.localdate(min(left)) if left else None


def has_left(demand: Demand) -> bool:
    """True when no sending of the announcement still waits, at the printer's neither.

    Whoever was called in the end is no longer waited for.
    """
    notice = notice_of(demand)
    if notice is None or notice.called_at is not None:
        return notice is not None
    sent = Outbox.objects.filter(key__startswith=effects_of(notice))
    return not sent.filter(Q(done_at__isnull=True) | UNPRINTED).exists()


def never_printed(on: date) -> list[Outbox]:
    """Letters that announce an end which has come, and that nobody has printed."""
    letters = Outbox.objects.filter(
        UNPRINTED,
        key__startswith=KEY,
        demand__state__in=LIVE_STATES,
        demand__expires_on__lte=on,
    )
    found = {letter.payload["notice"]: letter for letter in letters.order_by("pk")}
    announced = RenewalNotice.objects.filter(kind=NoticeKind.NOTICE, to_call_at__isnull=True)
    return [found[pk] for pk in announced.filter(pk__in=found).values_list("pk", flat=True)]


def effects_of(notice: RenewalNotice | None) -> str:
    """How the keys of an announcement's sendings begin."""
    return f"{KEY}{notice.pk if notice else ''}:"


def _notices(kind: NoticeKind) -> QuerySet[RenewalNotice]:
    return RenewalNotice.objects.filter(
        demand=OuterRef("pk"), expires_on=OuterRef("expires_on"), kind=kind
    )


def _waiting_calls() -> QuerySet[RenewalNotice]:
    return RenewalNotice.objects.filter(
        demand=OuterRef("pk"),
        expires_on=OuterRef("expires_on"),
        to_call_at__isnull=False,
        called_at__isnull=True,
    )


def candidates(demands: QuerySet[Demand], by: str) -> list[Candidate]:
    """The demands as a round takes them, in the order of this date."""
    return [Candidate(*row) for row in demands.order_by(by, "pk").values_list("pk", "version")]
