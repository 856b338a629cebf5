"""Renews a demand: same number, same seniority, one more year (CCH R441-2-7)."""

from django.db import transaction

from register import clock, deadlines
from register.access import Action
from register.deadlines import DelayInForce
from register.models import Demand, Event, EventKind
from register.principals import Principal, PrincipalKind
from register.services.changes import begin_change
from register.services.decisions import record_delay
from register.services.facts import Touched
from register.services.outbox import tell_applicant


@transaction.atomic
def renew_demand(
    *, principal: Principal, demand: Demand, expected_version: int | None = None
) -> Event:
    """Extend validity to one year from today; the first date and the number are kept.

    An applicant whose demand a counter renewed is told. Raises NotAllowed without the right,
    TransitionRefused when the demand is no longer live, Conflict when it changed meanwhile.
    """
    change = begin_change(
        principal=principal,
        demand=demand,
        action=Action.RENEW,
        expected_version=expected_version,
    )
    current = change.demand
    delay = extend(current)
    event = change.commit(EventKind.RENEWED, moved="renew", touched=Touched.LIFE)
    record_delay(
        demand=current, delay=delay, start=clock.today(), end=current.expires_on, event=event
    )
    if principal.kind is not PrincipalKind.APPLICANT:
        tell_applicant(current, event)
    return event


def extend(demand: Demand) -> DelayInForce:
    """Put the dates of a renewal of today in a demand, whose act saves it; by which delay."""
    today = clock.today()
    delay = deadlines.find("validity", demand.department_id)
    demand.last_renewed_on = today
    demand.expires_on = deadlines.add(today, delay.deadline)
    return delay
