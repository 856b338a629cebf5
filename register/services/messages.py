"""Messages read: the applicant is no longer told that they wait."""

from django.utils import timezone

from register import access
from register.errors import NotAllowed
from register.models import Demand, Message
from register.principals import Principal


def mark_read(*, principal: Principal, demand: Demand) -> int:
    """The applicant opened her messages; returns how many were new. Helpers change nothing."""
    if not access.decide(principal, access.Action.VIEW, demand).allowed:
        raise NotAllowed("")
    if principal.user is None or principal.user.pk != demand.account_id:
        return 0
    waiting = Message.objects.filter(
        demand=demand, organisation__isnull=False, read_at__isnull=True
    )
    return waiting.update(read_at=timezone.now())
