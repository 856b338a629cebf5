"""The call list: people whom no notice of renewal reached, nor what told them that their demand was
struck off, for the counter in charge (R441-2-7, R441-2-8)."""

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import F, Q, QuerySet

from register import access
from register.access import Action
from register.models import (
    LIVE_STATES,
    Demand,
    DemandState,
    NoticeKind,
    RenewalNotice,
    SafeWay,
)
from register.principals import Principal
from register.safe_way import may_reach, way_in_words
from register.selectors.in_charge import in_charge_of
from register.selectors.next_dates import resumption
from register.selectors.renewals import strike_off_on
from register.selectors.space import applicant_name

MOST_SHOWN = 100


@dataclass(frozen=True)
class Call:
    """Somebody to call. Name, telephone and safe way are empty for who may not read them.

    Of a sealed file, the telephone too unless it is the safe way. `renew_by` is the day from which
    a live demand may be struck off; `resume_by` the last one on which a demand struck off may be
    resumed, None when its end is final.
    """

    notice: RenewalNotice
    name: str
    phone: str
    renew_by: date | None = None
    resume_by: date | None = None
    safe_way: str = ""
    safe_words: str = ""

    @property
    def demand(self) -> Demand:
        """The demand that ends."""
        return self.notice.demand


def waiting(principal: Principal) -> tuple[list[Call], int]:
    """The people to call, the nearest striking off first, and how many there are."""
    found = to_call(principal)
    shown = found.order_by("expires_on", "pk")[:MOST_SHOWN]
    return [_call(principal, notice) for notice in shown], found.count()


def to_call(principal: Principal) -> QuerySet[RenewalNotice]:
    """Announcements that wait for a call, on the files that the principal may work on.

    A body calls for the demands that it is in charge of; the manager sees them all.
    """
    if principal.organisation is None:
        return RenewalNotice.objects.none()
    waiting = waiting_anywhere().filter(demand__in=access.scope(principal, Action.RECORD_ACT))
    if principal.is_manager:
        return waiting
    return waiting.filter(demand__in=in_charge_of(principal))


def waiting_anywhere() -> QuerySet[RenewalNotice]:
    """Every announcement that waits for a call: its end still stands, and nobody called."""
    announced = ~Q(kind=NoticeKind.STRUCK_OFF) & Q(demand__state__in=LIVE_STATES)
    ended = Q(kind=NoticeKind.STRUCK_OFF, demand__state=DemandState.STRUCK_OFF)
    return RenewalNotice.objects.filter(
        announced | ended,
        to_call_at__isnull=False,
        called_at__isnull=True,
        demand__expires_on=F("expires_on"),
    ).select_related("demand__account", "demand__contact")


def _call(principal: Principal, notice: RenewalNotice) -> Call:
    rights = access.fields(principal, notice.demand)
    demand = notice.demand
    name = applicant_name(demand) if rights.can_read("identity") else ""
    found = _until(Call(notice, name, ""))
    contact = getattr(demand, "contact", None)
    if contact is None or not rights.can_read("contact"):
        return found
    phone = contact.phone if may_reach(demand, contact, SafeWay.PHONE) else ""
    if not demand.is_sealed:
        return replace(found, phone=phone)
    safe_way = way_in_words(contact.safe_way)
    return replace(found, phone=phone, safe_way=safe_way, safe_words=contact.safe_words)


def _until(call: Call) -> Call:
    """With the day that makes it pressing."""
    if call.notice.kind != NoticeKind.STRUCK_OFF:
        return replace(call, renew_by=strike_off_on(call.demand))
    found = resumption(call.demand)
    return replace(call, resume_by=found.last_day if found else None)
