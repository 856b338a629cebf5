"""Messages read by the applicant, and hers that need no answer."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from register import access
from register.errors import NotAllowed, TransitionRefused
from register.models import Demand, Event, EventKind, Message
from register.principals import Principal
from register.selectors.to_take_up import words_for
from register.services.changes import begin_change
from register.services.facts import Touched


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


@transaction.atomic
def leave_unanswered(
    *, principal: Principal, demand: Demand, expected_version: int | None = None
) -> Event:
    """Say that what the applicant wrote calls for no answer: it waits no more.

    For the organisation that it waits for, and the manager. The file keeps who said so; she is not
    told. Raises TransitionRefused when nothing waits for them, Conflict when the demand changed
    since it was opened: she may have written again.
    """
    change = begin_change(
        principal=principal,
        demand=demand,
        action=access.Action.RECORD_ACT,
        expected_version=expected_version,
    )
    if not words_for(principal, change.demand):
        raise TransitionRefused(_("Nothing waits here for an answer of your organisation."))
    return change.commit(EventKind.NOTHING_TO_ANSWER, is_public=False, touched=Touched.LIFE)
