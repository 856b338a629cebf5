"""Requests to put right a part of the declaration, both ways, until they are closed with a reason.

The applicant may have what is wrong corrected (GDPR art. 16); civil status only at a counter, on a
document, which is why the request goes there (arrêté du 23 mars 2015).
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from register import access, clock
from register.access import Action
from register.errors import NotAllowed, TransitionRefused
from register.models import (
    CorrectedPart,
    Correction,
    CorrectionOutcome,
    Demand,
    Event,
    EventKind,
)
from register.principals import Principal, PrincipalKind
from register.services.acts import clean_text
from register.services.changes import Change, begin_change
from register.services.facts import Touched
from register.services.outbox import tell_applicant


@transaction.atomic
def ask_correction(
    *,
    principal: Principal,
    demand: Demand,
    part: str,
    text: str,
    expected_version: int | None = None,
) -> Event:
    """Ask for a part of the declaration to be put right, saying what is wrong.

    An organisation asks the applicant, about what it may read; the applicant asks the body that
    registered her demand. Raises NotAllowed without the right, ValidationError without words.
    """
    if part not in CorrectedPart.values:
        raise ValidationError({"part": _("Choose an answer of the list.")})
    by_applicant = principal.kind == PrincipalKind.APPLICANT
    change = begin_change(
        principal=principal,
        demand=demand,
        action=Action.EDIT if by_applicant else Action.RECORD_ACT,
        expected_version=expected_version,
    )
    if not access.fields(principal, change.demand).can_read(part):
        raise NotAllowed(_("You cannot do this with this demand."))
    asked = Correction(
        demand=change.demand,
        part=part,
        organisation=principal.organisation,
        asked_by=principal.user,
        asked_at=clock.now(),
        text=clean_text(text, required=True),
    )
    asked.full_clean()
    asked.save(force_insert=True)
    event = change.commit(EventKind.CORRECTION_ASKED, text=asked.text, **_told(asked))
    if not by_applicant:
        tell_applicant(change.demand, event)
    return event


@transaction.atomic
def answer_correction(*, principal: Principal, correction: Correction, text: str) -> Event:
    """The applicant answers an organisation; TransitionRefused once it is answered or closed."""
    change, current = _begin(principal, correction, Action.EDIT)
    if not current.waits_for_applicant:
        raise TransitionRefused(_("This request is already answered."))
    current.answer, current.answered_at = clean_text(text, required=True), clock.now()
    current.save(update_fields=["answer", "answered_at"])
    return change.commit(EventKind.CORRECTION_ANSWERED, text=current.answer, **_told(current))


@transaction.atomic
def close_correction(
    *, principal: Principal, correction: Correction, outcome: str, text: str
) -> Event:
    """End a request with its reasons, which the applicant reads.

    For the organisation that asked, for the body that registered the demand when the applicant
    asked, and for the manager. TransitionRefused once it is closed.
    """
    if outcome not in CorrectionOutcome.values:
        raise ValidationError({"outcome": _("Choose an answer of the list.")})
    change, current = _begin(principal, correction, Action.RECORD_ACT)
    if not may_close(principal, current, change.demand):
        raise NotAllowed(_("This request is for another organisation."))
    if current.closed_at is not None:
        raise TransitionRefused(_("This request is already closed."))
    current.outcome, current.reasons = outcome, clean_text(text, required=True)
    current.closed_at, current.closed_by = clock.now(), principal.user
    current.save(update_fields=["outcome", "reasons", "closed_at", "closed_by"])
    told = _told(current)
    told["details"]["outcome"] = outcome
    event = change.commit(EventKind.CORRECTION_CLOSED, text=current.reasons, **told)
    tell_applicant(change.demand, event)
    return event


def may_close(principal: Principal, correction: Correction, demand: Demand) -> bool:
    """True for the body that the request waits for, and for the manager."""
    body = principal.organisation
    if body is None:
        return False
    in_charge = correction.organisation_id or demand.registered_by_id
    return principal.is_manager or body.pk == in_charge


def _begin(
    principal: Principal, correction: Correction, action: Action
) -> tuple[Change, Correction]:
    change = begin_change(principal=principal, demand=correction.demand, action=action)
    return change, Correction.objects.select_for_update().get(pk=correction.pk)


def _told(correction: Correction) -> dict[str, Any]:
    """What each step keeps: the part, which decides who reads the words, and the request."""
    return {
        "reason": correction.part,
        "details": {"correction": correction.pk},
        "touched": Touched.LIFE,
    }
