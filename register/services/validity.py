"""Writes down, each night, which documents of live demands no longer prove anything.

A clock that jumped ahead takes nothing away for good: once it is right again, so are they. The
applicant is told once a night, whatever the number of her documents.
"""

from django.db import transaction
from django.db.models import Q

from register import clock, codes
from register.models import LIVE_STATES, Demand, DemandState, Document, EventKind
from register.principals import SYSTEM
from register.selectors.rounds import strange_clock
from register.services import turn
from register.services.facts import refresh_facts
from register.services.journal import record_event
from register.services.outbox import tell_applicant

VERIFIED, OBSOLETE = codes.DocumentStatus.VERIFIED, codes.DocumentStatus.OBSOLETE
BATCH = 500
# Papers of a demand closed by a merge count for the one that goes on.
_COUNTING = (*LIVE_STATES, DemandState.MERGED)


def take_turn() -> bool:
    """Age documents for one turn; True when some are left for the next.

    None, and nothing is told, while the clock cannot be believed: they prove nothing past their
    last day all the same.
    """
    if strange_clock():
        return False
    is_over = turn.begin()
    for status in (VERIFIED, OBSOLETE):
        due = Document.objects.filter(_due(status), demand__state__in=_COUNTING)
        for key, demand in list(due.order_by("pk").values_list("pk", "demand_id")[:BATCH]):
            _turn_over(key, demand, status)
            if is_over():
                return True
    return False


def _due(status: str) -> Q:
    """Checked and past its last day, or said to be so too early."""
    today = clock.today()
    past = Q(valid_until__lt=today) if status == VERIFIED else Q(valid_until__gte=today)
    return past & Q(status=status)


@transaction.atomic
def _turn_over(key: int, demand_id: int, status: str) -> None:
    demand = Demand.objects.select_for_update(no_key=True).get(pk=demand_id)
    other = OBSOLETE if status == VERIFIED else VERIFIED
    if not Document.objects.filter(_due(status), pk=key).update(status=other):
        return  # an agent looked at it meanwhile
    document = Document.objects.get(pk=key)
    event = record_event(
        principal=SYSTEM,
        demand=demand,
        kind=EventKind.DOCUMENT_OBSOLETE if other == OBSOLETE else EventKind.DOCUMENT_VERIFIED,
        reason=document.kind,
        is_public=other == OBSOLETE,
    )
    refresh_facts(demand=demand)
    if event.is_public:
        tell_applicant(demand, event, key=f"obsolete:{demand_id}:{clock.today()}")
