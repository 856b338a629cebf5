"""Strikes a demand off for one of the legal reasons (CCH R441-2-8)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from register import clock, codes
from register.access import Action
from register.errors import NotAllowed
from register.models import Demand, Event, EventKind
from register.principals import Principal, PrincipalKind
from register.services.acts import clean_text
from register.services.changes import begin_change
from register.services.facts import Touched
from register.services.outbox import tell_applicant


@transaction.atomic
def strike_off(
    *,
    principal: Principal,
    demand: Demand,
    reason: str,
    text: str = "",
    expected_version: int | None = None,
    is_told: bool = True,
) -> Event:
    """End a demand; the reason stays written, the number is never given again.

    An applicant can only renounce, and is told when somebody else writes the end down; `is_told`
    is False when the caller tells it in its own words. The register itself ends what its calendar
    says, by its own right to keep delays.
    Raises NotAllowed, TransitionRefused, Conflict or ValidationError.
    """
    if reason not in codes.StrikeOffReason.values:
        raise ValidationError({"reason": _("Choose an answer of the list.")})
    if principal.kind == PrincipalKind.APPLICANT and reason != codes.StrikeOffReason.RENOUNCED:
        raise NotAllowed(_("An applicant can only withdraw the demand."))
    change = begin_change(
        principal=principal,
        demand=demand,
        action=Action.RECORD_ACT if principal.kind is PrincipalKind.SYSTEM else Action.WITHDRAW,
        expected_version=expected_version,
    )
    change.demand.strike_off_reason = reason
    change.demand.struck_off_on = clock.today()
    event = change.commit(
        EventKind.STRUCK_OFF,
        moved="strike_off",
        reason=reason,
        text=clean_text(text),
        touched=Touched.LIFE,
    )
    if is_told and principal.kind is not PrincipalKind.APPLICANT:
        tell_applicant(change.demand, event)
    return event


def withdraw_in_writing(
    *, principal: Principal, demand: Demand, text: str, expected_version: int | None = None
) -> Event:
    """Strike off a demand that its applicant gave up in writing, without delay (R441-2-8 b).

    `text` says which writing: ValidationError without it.
    """
    return strike_off(
        principal=principal,
        demand=demand,
        reason=codes.StrikeOffReason.RENOUNCED,
        text=clean_text(text, required=True),
        expected_version=expected_version,
    )
