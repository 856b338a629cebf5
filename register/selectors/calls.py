"""The call list: people whom no notice of renewal reached, for the counter in charge (R441-2-7)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet

from register import access
from register.access import Action
from register.models import LIVE_STATES, Demand, RenewalNotice
from register.principals import Principal
from register.selectors.in_charge import in_charge_of
from register.selectors.renewals import strike_off_on
from register.selectors.space import applicant_name

MOST_SHOWN = 100


@dataclass(frozen=True)
class Call:
    """Somebody to call. Name and telephone are empty for who may not read them."""

    notice: RenewalNotice
    name: str
    phone: str
    renew_by: date

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
    return RenewalNotice.objects.filter(
        to_call_at__isnull=False,
        called_at__isnull=True,
        demand__state__in=LIVE_STATES,
        demand__expires_on=F("expires_on"),
    ).select_related("demand__account", "demand__contact")


def _call(principal: Principal, notice: RenewalNotice) -> Call:
    rights = access.fields(principal, notice.demand)
    contact = getattr(notice.demand, "contact", None)
    phone = contact.phone if contact and rights.can_read("contact") else ""
    name = applicant_name(notice.demand) if rights.can_read("identity") else ""
    return Call(notice, name, phone, strike_off_on(notice.demand))
