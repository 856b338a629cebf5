"""Registers what was deposited on paper at a counter (CCH R441-2-3, R441-2-4)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from register import clock, codes, deadlines, lifecycle
from register.access import Action
from register.errors import NotAllowed, SubmissionRefused
from register.models import Counter, Demand, EffectKind, EventKind
from register.principals import Principal
from register.services.application import DemandApplication
from register.services.changes import begin_change
from register.services.facts import refresh_facts
from register.services.outbox import enqueue
from register.services.paper_form import keep_form
from register.services.submission import Deposit, missing_for_registration, register


def register_paper(
    *,
    principal: Principal,
    application: DemandApplication,
    token: UUID,
    counter: str,
    received_on: date,
    scan: Sequence[UUID] = (),
) -> Demand:
    """Register a paper form for which the identity document was seen at the counter.

    `received_on` is the day on which the complete form was deposited: seniority and the number
    count from it. The same token always gives the same demand. The certificate leaves by e-mail,
    or as a letter for somebody without an address. `scan` are the files of the signed form.
    Raises NotAllowed where the rules would not let the agent modify the demand, ValidationError
    for a day that the law does not allow, SubmissionRefused when the legal minimum is missing,
    UploadRefused when a file of the scan is gone.
    """
    desk = _counter(principal, counter)
    if already := _registered_with(principal, token):
        return already
    _check_day(application.department, received_on)
    missing = [each for each in missing_for_registration(application) if each != SEEN]
    if missing:
        raise SubmissionRefused(_("Something is missing before you can register."), missing)
    deposit = Deposit(desk, None, codes.Channel.COUNTER, received_on)
    try:
        return _register(principal, application, token, deposit, scan)
    except IntegrityError:
        # A twin request won the race on the token.
        if already := _registered_with(principal, token):
            return already
        told = _("This application could not be sent. Open it again, then send it.")
        raise SubmissionRefused(told, []) from None


# Seen with one's own eyes: no copy is needed to register (R441-2-3).
SEEN = "identity_document"


def _counter(principal: Principal, code: str) -> Counter:
    found = Counter.objects.select_related("organisation").filter(
        code=code, organisation=principal.organisation
    )
    desk = found.first() if principal.organisation and principal.observer is None else None
    if desk is None:
        raise NotAllowed(_("You cannot register demands at this counter."))
    return desk


def _registered_with(principal: Principal, token: UUID) -> Demand | None:
    return Demand.objects.filter(
        submission_token=token, registered_by=principal.organisation
    ).first()


def _check_day(department: str, received_on: date) -> None:
    """Not to come, and within the month in which the law has the certificate delivered."""
    if received_on > clock.today():
        raise ValidationError({"received_on": _("This date is in the future. Check the year.")})
    delay = deadlines.get("certificate", department)
    if deadlines.add(received_on, delay) < clock.today():
        told = _(
            "The certificate is due within a month of the deposit. Ask the manager of the shared"
            " file to take over an older form."
        )
        raise ValidationError({"received_on": told})


@transaction.atomic
def _register(
    principal: Principal,
    application: DemandApplication,
    token: UUID,
    deposit: Deposit,
    scan: Sequence[UUID],
) -> Demand:
    # Written before it is sealed: the rules then say whether she may modify what she registers.
    demand = register(principal, replace(application, is_sealed=False), token, deposit)
    change = begin_change(principal=principal, demand=demand, action=Action.EDIT)
    if not demand.is_association:
        moved = "verify_identity" if lifecycle.can(change.demand, "verify_identity") else None
        change.commit(EventKind.IDENTITY_VERIFIED, moved=moved, reason=codes.DocumentKind.IDENTITY)
    demand = change.demand
    if scan:
        keep_form(principal=principal, demand=demand, files=scan)
        demand.refresh_from_db()
    if application.is_sealed:
        demand.is_sealed = True
        demand.save(update_fields=["is_sealed"])
        refresh_facts(demand=demand)
    enqueue(kind=EffectKind.REGISTRATION_EMAIL, key=f"registration:{demand.number}", demand=demand)
    return demand
