"""Strikes a demand off for one of the legal reasons (CCH R441-2-8)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from register import clock, codes
from register.access import Action
from register.errors import NotAllowed
from register.models import Demand, Event, EventKind
from register.principals import Principal, PrincipalKind
from register.services.changes import begin_change
from register.services.facts import Touched


@transaction.atomic
def strike_off(*, principal: Principal, demand: Demand, reason: str) -> Event:
    """End a demand; the reason stays written, the number is never given again.

    An applicant can only renounce. Raises NotAllowed, TransitionRefused or ValidationError.
    """
    if reason not in codes.StrikeOffReason.values:
        raise ValidationError({"reason": _("Choose an answer of the list.")})
    if principal.kind == PrincipalKind.APPLICANT and reason != codes.StrikeOffReason.RENOUNCED:
        raise NotAllowed(_("An applicant can only withdraw the demand."))
    change = begin_change(principal=principal, demand=demand, action=Action.WITHDRAW)
    change.demand.strike_off_reason = reason
    change.demand.struck_off_on = clock.today()
    return change.commit(
        EventKind.STRUCK_OFF, moved="strike_off", reason=reason, touched=Touched.LIFE
    )
