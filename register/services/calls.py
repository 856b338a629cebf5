"""Calls to people whom no notice reached: what came of each is written in the file."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from register import clock
from register.access import Action
from register.codes import ContactChannel
from register.errors import NotAllowed, TransitionRefused
from register.models import CallOutcome, Event, EventKind, RenewalNotice
from register.principals import Principal
from register.selectors.in_charge import is_in_charge
from register.services.acts import clean_text
from register.services.changes import begin_change
from register.services.facts import Touched


@transaction.atomic
def record_call(
    *, principal: Principal, notice: RenewalNotice, outcome: str, text: str = ""
) -> Event:
    """Write down a call about a renewal or a striking off; the demand leaves the call list.

    For the bodies in charge of the demand, and the manager. NotAllowed for others,
    TransitionRefused once somebody called, ValidationError for an unknown outcome.
    """
    if outcome not in CallOutcome.values:
        raise ValidationError({"outcome": _("Choose an answer of the list.")})
    change = begin_change(principal=principal, demand=notice.demand, action=Action.RECORD_ACT)
    if not principal.is_manager and not is_in_charge(principal, change.demand):
        raise NotAllowed(_("This call was given to another organisation."))
    current = RenewalNotice.objects.select_for_update().get(pk=notice.pk)
    if current.to_call_at is None or current.called_at is not None:
        raise TransitionRefused(_("This call is already made."))
    current.called_at, current.called_by = clock.now(), principal.user
    current.call_outcome = outcome
    current.save(update_fields=["called_at", "called_by", "call_outcome"])
    return change.commit(
        EventKind.CONTACTED,
        reason=ContactChannel.LETTER if outcome == CallOutcome.LETTER else ContactChannel.PHONE,
        text=clean_text(text),
        details={"notice": current.pk, "call": outcome},
        is_public=outcome != CallOutcome.UNREACHABLE,
        touched=Touched.LIFE,
    )
