"""An applicant gives her demand up from her space: her written renunciation (CCH R441-2-8 b)."""

from django.db import transaction

from register.codes import StrikeOffReason
from register.errors import NotAllowed, TransitionRefused
from register.models import Demand, Event
from register.principals import Principal, PrincipalKind
from register.selectors.giving_up import why_not
from register.services.outbox import tell_applicant
from register.services.strike_off import strike_off


@transaction.atomic
def give_up(*, principal: Principal, demand: Demand, expected_version: int) -> Event:
    """End a demand at once as its applicant, or who represents her by a judgment, asks.

    What is sent from her own space, signed in again, is a writing (Code civil, art. 1366). It is
    final: a withdrawal is never resumed (arrêté du 23 mars 2015, annexe). She is told where she is
    written to, so that somebody else in her account would not go unseen.
    Raises NotAllowed, Conflict when the demand changed since it was looked at, TransitionRefused
    when she may not do it alone.
    """
    if principal.kind is not PrincipalKind.APPLICANT:
        raise NotAllowed("")
    event = strike_off(
        principal=principal,
        demand=demand,
        reason=StrikeOffReason.RENOUNCED,
        expected_version=expected_version,
    )
    # Asked once the demand is locked: a co-applicant may have come, or a judgment, meanwhile.
    if refusal := why_not(principal, demand):
        raise TransitionRefused(refusal)
    tell_applicant(event.demand, event)
    return event
