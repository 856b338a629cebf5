"""Requests to put right one answer or one document, both ways, until closed with a reason.

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
from register.form.definition import tells_an_income
from register.form.single import mark
from register.held import is_valid
from register.models import (
    ChangeSource,
    Correction,
    CorrectionOutcome,
    Demand,
    Document,
    Event,
    EventKind,
)
from register.papers import why_valid
from register.principals import Principal, PrincipalKind
from register.selectors.corrections import asked_in, is_read, subjects
from register.selectors.given_answers import may_modify
from register.selectors.in_charge import is_in_charge
from register.services.acts import clean_text
from register.services.changes import Change, begin_change
from register.services.facts import Touched
from register.services.modification import (
    Proposed,
    Turned,
    count_from_today,
    tell_changes,
    write_answer,
)
from register.services.outbox import tell_applicant


@transaction.atomic
def ask_correction(
    *,
    principal: Principal,
    demand: Demand,
    about: str,
    text: str,
    expected_version: int | None = None,
) -> Event:
    """Ask for one answer of the declaration, or one document, to be put right, and say why.

    An organisation asks the applicant, about what it may read; the applicant asks the body
    in charge of her demand. Raises NotAllowed without the right, ValidationError by the field.
    """
    by_applicant = principal.kind == PrincipalKind.APPLICANT
    change = begin_change(
        principal=principal,
        demand=demand,
        action=Action.EDIT if by_applicant else Action.RECORD_ACT,
        expected_version=expected_version,
    )
    rights = access.fields(principal, change.demand)
    named = next((each for each in subjects(change.demand, rights) if each.ref == about), None)
    if named is None:
        raise ValidationError({"about": _("Choose an answer of the list.")})
    if named.document and not by_applicant:
        _check_may_ask_again(named.document)
    asked = Correction(
        demand=change.demand,
        part=named.part,
        question=named.asked.question.key if named.asked else "",
        person=named.asked.person if named.asked else None,
        document=named.document,
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


def _check_may_ask_again(document: Document) -> None:
    """What is valid is not asked for again (R441-2-4-1): whoever doubts it says why it fails."""
    if is_valid(document):
        how = _("If it no longer holds, open it and say why it is not used.")
        raise ValidationError({"about": f"{why_valid(document)} {how}"})


@transaction.atomic
def answer_correction(
    *,
    principal: Principal,
    correction: Correction,
    text: str = "",
    proposed: Proposed | None = None,
) -> Event:
    """The applicant answers an organisation: she changes that very answer, says why not, or both.

    Her civil status is changed at a counter alone. So does a helper whose mandate says it, about
    what she reads; she changes the answer if she may modify it. An income is of the years that
    count today. Raises NotAllowed, TransitionRefused once it is answered or closed, Conflict when
    the answer changed meanwhile, ValidationError when she does neither.
    """
    change, current = _begin(principal, correction, Action.ANSWER)
    if not is_read(current, access.fields(principal, change.demand)):
        raise NotAllowed(_("You cannot do this with this demand."))
    if not current.waits_for_applicant:
        raise TransitionRefused(_("This request is already answered."))
    words = clean_text(text)
    event = _changed(change, current, proposed, words) if proposed else None
    if event is None and not words:
        raise ValidationError({"text": _("Change the answer, or say in a few words why not.")})
    current.answer, current.answered_at = words, clock.now()
    current.save(update_fields=["answer", "answered_at"])
    return event or change.commit(EventKind.CORRECTION_ANSWERED, text=words, **_told(current))


def _changed(
    change: Change, correction: Correction, proposed: Proposed, words: str
) -> Event | None:
    correction.demand = change.demand
    asked = asked_in(correction)
    rights = access.fields(change.principal, change.demand)
    own = change.mandate is None
    if asked is None or not may_modify(rights, asked, own=own):
        raise NotAllowed(_("You cannot do this with this demand."))
    source = ChangeSource.APPLICANT
    told: dict[str, Any] = {"source": source, "correction": correction.pk}
    turned = Turned()
    if tells_an_income([asked.ref]):
        if proposed.answer is None and proposed.seen == mark(None):
            return None  # An income that was not known is still not: no year moves for it.
        turned = count_from_today(change)
        asked = asked_in(correction) or asked
    written = write_answer(change, asked, proposed, source=source)
    events = tell_changes(
        change,
        turned.written,
        text="" if written else words,
        tax_years=turned.years,
        **told,
    )
    events += tell_changes(change, [written] if written else [], text=words, **told)
    return events[-1] if events else None


@transaction.atomic
def close_correction(
    *, principal: Principal, correction: Correction, outcome: str, text: str
) -> Event:
    """End a request with its reasons, which the applicant reads.

    For the organisation that asked, for the body in charge of the demand when the applicant
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
    if principal.is_manager:
        return True
    asked_by = correction.organisation_id
    return body.pk == asked_by if asked_by else is_in_charge(principal, demand)


def _begin(
    principal: Principal, correction: Correction, action: Action
) -> tuple[Change, Correction]:
    change = begin_change(principal=principal, demand=correction.demand, action=action)
    return change, Correction.objects.select_for_update().get(pk=correction.pk)


def _told(correction: Correction) -> dict[str, Any]:
    """What each step keeps: the part, which decides who reads the words, and what is meant."""
    return {
        "reason": correction.part,
        "details": {"correction": correction.pk, "question": correction.question},
        "touched": Touched.LIFE,
    }
