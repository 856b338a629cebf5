"""Renews a demand: same number, same seniority, one more year (CCH R441-2-7)."""

from django.db import transaction

from register import clock, deadlines
from register.access import Action
from register.models import Demand, Event, EventKind
from register.principals import Principal
from register.services.changes import begin_change
from register.services.decisions import record_delay
from register.services.facts import Touched


@transaction.atomic
def renew_demand(*, principal: Principal, demand: Demand) -> Event:
    """Extend validity to one year from today; the first date and the number are kept.

    Raises NotAllowed without the right, TransitionRefused when the demand is no longer live.
    """
    change = begin_change(principal=principal, demand=demand, action=Action.RENEW)
    today = clock.today()
    change.demand.last_renewed_on = today
    delay = deadlines.find("validity", change.demand.department_id)
    end = deadlines.add(today, delay.deadline)
    change.demand.expires_on = end
    change.demand.save(update_fields=["last_renewed_on", "expires_on"])
    event = change.commit(EventKind.RENEWED, moved="renew", touched=Touched.LIFE)
    record_delay(demand=change.demand, delay=delay, start=today, end=end, event=event)
    return event
