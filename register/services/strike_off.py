"""Strikes a demand off for one of the legal reasons, by whom each belongs to (CCH R441-2-8)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from register import clock
from register.access import Action
from register.codes import StrikeOffReason
from register.models import Demand, Event, EventKind
from register.principals import Principal, PrincipalKind
from register.selectors.strike_off_warnings import (
    DELAYS,
    Warned,
    reason_of,
    standing,
    unanswered,
)
from register.services.acts import clean_text
from register.services.changes import begin_change
from register.services.decisions import record_delay
from register.services.facts import Touched
from register.services.outbox import tell_applicant
from rules.formatting import day

# Silence is for whoever sent the letter to observe: she needs the right to act, and her warning.
RIGHTS: Mapping[str, Action] = {
    StrikeOffReason.ALLOCATED: Action.CONCLUDE,
    StrikeOffReason.INADMISSIBLE: Action.CONCLUDE,
    StrikeOffReason.RENOUNCED: Action.WITHDRAW,
    StrikeOffReason.UNREACHABLE: Action.RECORD_ACT,
    StrikeOffReason.NOT_RENEWED: Action.LAPSE,
}


@transaction.atomic
def strike_off(
    *,
    principal: Principal,
    demand: Demand,
    reason: str,
    text: str = "",
    details: Mapping[str, Any] | None = None,
    expected_version: int | None = None,
    is_told: bool = True,
) -> Event:
    """End a demand; the reason stays written, the number is never given again.

    Silence and inadmissibility need a warning of the same organisation, a month before: its ground
    is kept. The register ends by itself what was warned of two months ago and stayed silent. The
    applicant is told when somebody else writes the end down; `is_told` is False when the caller
    tells it in its own words.
    Raises NotAllowed, TransitionRefused, Conflict or ValidationError.
    """
    if reason not in RIGHTS:
        raise ValidationError({"reason": _("Choose an answer of the list.")})
    change = begin_change(
        principal=principal,
        demand=demand,
        action=RIGHTS[reason],
        expected_version=expected_version,
    )
    warned = _warned(principal, change.demand, reason) if reason in DELAYS else None
    change.demand.strike_off_reason = reason
    change.demand.struck_off_on = clock.today()
    event = change.commit(
        EventKind.STRUCK_OFF,
        moved="strike_off",
        reason=warned.ground if warned else reason,
        text=clean_text(text),
        details=dict(details or {}),
        touched=Touched.LIFE,
    )
    if warned:
        record_delay(
            demand=change.demand,
            delay=warned.delay,
            start=warned.begins_on,
            end=warned.last_day,
            event=event,
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
        reason=StrikeOffReason.RENOUNCED,
        text=clean_text(text, required=True),
        expected_version=expected_version,
    )


def record_lease(
    *,
    principal: Principal,
    demand: Demand,
    signed_on: date,
    text: str,
    expected_version: int | None = None,
) -> Event:
    """Strike off a demand whose applicant signed a lease, which the landlord says (R441-2-8 a).

    `text` says which home; ValidationError for a day to come, or before the demand.
    """
    _check_past(demand, signed_on, "signed_on")
    return strike_off(
        principal=principal,
        demand=demand,
        reason=StrikeOffReason.ALLOCATED,
        text=clean_text(text, required=True),
        details={"signed_on": signed_on.isoformat()},
        expected_version=expected_version,
    )


@transaction.atomic
def warn(
    *,
    principal: Principal,
    demand: Demand,
    ground: str,
    sent_on: date,
    text: str,
    received_on: date | None = None,
    expected_version: int | None = None,
) -> Event:
    """Record the warning that a demand may be struck off, sent with a proof of delivery.

    `ground` is a letter without answer, or one of the two grounds of a commission; `text` says
    which proof, `received_on` the day written on it. The time to answer begins when the warning is
    recorded here, which is never before that day. The right is the one that the striking off takes.
    """
    reason = reason_of(ground)
    # Neither resources nor a stay are an association's: none is inadmissible for them.
    if reason is None or (reason == StrikeOffReason.INADMISSIBLE and demand.is_association):
        raise ValidationError({"ground": _("Choose an answer of the list.")})
    _check_past(demand, sent_on, "sent_on")
    if received_on is not None and not sent_on <= received_on <= clock.today():
        raise ValidationError({"received_on": _("Give a day between the letter and today.")})
    proof = {"received_on": received_on.isoformat()} if received_on else {}
    change = begin_change(
        principal=principal,
        demand=demand,
        action=RIGHTS[reason],
        expected_version=expected_version,
    )
    if not change.demand.is_live:
        raise ValidationError(_("This demand has ended: there is nothing to warn of."))
    event = change.commit(
        EventKind.WARNED,
        reason=ground,
        text=clean_text(text, required=True),
        details={"sent_on": sent_on.isoformat(), **proof},
        touched=Touched.LIFE,
    )
    tell_applicant(change.demand, event)
    return event


def _warned(principal: Principal, demand: Demand, reason: str) -> Warned:
    """The warning that allows it, once the applicant has had the time to answer."""
    is_register = principal.kind is PrincipalKind.SYSTEM
    if is_register and reason == StrikeOffReason.UNREACHABLE:
        found = unanswered(demand)
    else:
        found = standing(demand, principal.organisation, reason)
    if found is None:
        raise ValidationError(
            _("First record the warning that your organisation sent, still without answer.")
        )
    if not found.is_over:
        raise ValidationError(
            _("The applicant may answer the warning until %(day)s.") % {"day": day(found.last_day)}
        )
    return found


def _check_past(demand: Demand, when: date, name: str) -> None:
    if not demand.received_on <= when <= clock.today():
        raise ValidationError({name: _("Give a day between the demand and today.")})
