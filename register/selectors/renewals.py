"""Which ends of validity are to be announced, recalled, or followed by a striking off (R441-2-7).

A day of delay in the announcement delays the striking off by a day: an applicant told late, or
never, loses nothing by it.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from register import deadlines
from register.models import Demand, NoticeKind, Outbox, RenewalNotice
from register.selectors import due

# Days before the legal day: a night without a worker, or a slow post, breaks no delay.
EARLY = timedelta(days=7)
# Whoever was announced the end less than that ago is not reminded of it.
BEFORE_REMINDER = timedelta(days=14)


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
    notice = notice_of(demand)
    if notice is None:
        return reached
    notice_delay = deadlines.get("renewal_notice", demand.department_id)
    late = notice.announced_on - deadlines.add(demand.expires_on, notice_delay)
    return reached + max(late, timedelta(0))


def notice_of(demand: Demand) -> RenewalNotice | None:
    """The announcement of the present end of validity, if it was made."""
    return RenewalNotice.objects.filter(
        demand=demand, expires_on=demand.expires_on, kind=NoticeKind.NOTICE
    ).first()


def latest_notice(number: str) -> RenewalNotice | None:
    """The latest announcement of the demand of that number."""
    found = RenewalNotice.objects.filter(demand__number=number).select_related("demand")
    return found.order_by("-expires_on", "-pk").first()


def has_left(demand: Demand) -> bool:
    """True when no sending of the announcement still waits."""
    notice = notice_of(demand)
    waiting = Outbox.objects.filter(key__startswith=effects_of(notice), done_at__isnull=True)
    return notice is not None and not waiting.exists()


def effects_of(notice: RenewalNotice | None) -> str:
    """How the keys of an announcement's sendings begin."""
    return f"renewal:{notice.pk if notice else ''}:"


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
