"""Agreements: drafted, signed, changed, suspended, ended by the manager, each step journalled.

What an agreement opens follows at the next request of each of its members (`register.agreements`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from register import clock
from register.agreements import agreements_in_force
from register.errors import Conflict, NotAllowed
from register.models import (
    Agreement,
    AgreementEvent,
    AgreementEventKind,
    AgreementStatus,
    Commune,
    Department,
    Epci,
    Organisation,
    Quarter,
)
from register.principals import Principal
from register.services.built_audiences import follow
from register.services.files import delete_stored_file, store_upload
from register.text import without_unstorable

PDF = "application/pdf"


@dataclass(frozen=True)
class AgreementTerms:
    """What the parties agree on."""

    organisation: Organisation
    purpose: str
    purposes: Iterable[str]
    data_classes: Iterable[str]
    starts_on: date
    ends_on: date | None = None
    co_signers: Iterable[Organisation] = ()
    departments: Iterable[Department] = ()
    epcis: Iterable[Epci] = ()
    communes: Iterable[Commune] = ()
    quarters: Iterable[Quarter] = ()


@transaction.atomic
def draft_agreement(*, principal: Principal, terms: AgreementTerms) -> Agreement:
    """Write down an agreement that opens nothing until it is signed."""
    _check_manager(principal)
    agreement = Agreement(organisation=terms.organisation, status=AgreementStatus.DRAFT)
    _write(agreement, terms)
    _record(principal, agreement, AgreementEventKind.CREATED)
    return agreement


@transaction.atomic
def change_agreement(
    *,
    principal: Principal,
    agreement: Agreement,
    generation: int | None,
    terms: AgreementTerms,
    reason: str = "",
) -> Agreement:
    """Change the terms; of a signed agreement, for a reason, and at once.

    `generation` is that of the terms which the manager read: Conflict when they changed since.
    """
    current = _locked(principal, agreement)
    _check_read(current, generation)
    if current.status == AgreementStatus.ENDED:
        raise ValidationError(_("This agreement has ended: draft another one."))
    if current.organisation_id != terms.organisation.pk:
        raise ValidationError({"organisation": _("An agreement keeps its organisation.")})
    said = _reason(reason, required=current.status != AgreementStatus.DRAFT)
    before = written(current)
    _write(current, terms)
    _keep_the_manager_in(principal, current)
    _record(principal, current, AgreementEventKind.CHANGED, said, {"before": before})
    return current


def sign_agreement(
    *, principal: Principal, agreement: Agreement, generation: int | None, upload: UploadedFile
) -> Agreement:
    """Keep the signed document and put the agreement in force from its first day.

    The file is checked and written before the transaction; it is removed if the signature fails.
    Terms that changed since `generation` are not those of the document: Conflict.
    """
    _check_manager(principal)
    stored = store_upload(principal=principal, upload=upload)
    try:
        if stored.content_type != PDF:
            raise ValidationError({"signed_file": _("The signed agreement is a PDF document.")})
        with transaction.atomic():
            current = _locked(principal, agreement)
            _check_status(current, AgreementStatus.DRAFT)
            _check_read(current, generation)
            if not _names_a_territory(current):
                raise ValidationError(_("Name a territory before signing."))
            current.signed_file = stored
            _move(principal, current, AgreementStatus.SIGNED, AgreementEventKind.SIGNED)
            return current
    except Exception:
        delete_stored_file(principal=principal, stored_file_id=stored.pk)
        raise


@transaction.atomic
def suspend_agreement(*, principal: Principal, agreement: Agreement, reason: str) -> Agreement:
    """Close at once everything that the agreement opens, until it is resumed."""
    current = _locked(principal, agreement)
    _check_status(current, AgreementStatus.SIGNED)
    said = _reason(reason, required=True)
    _move(principal, current, AgreementStatus.SUSPENDED, AgreementEventKind.SUSPENDED, said)
    _keep_the_manager_in(principal, current)
    return current


@transaction.atomic
def resume_agreement(*, principal: Principal, agreement: Agreement, reason: str) -> Agreement:
    """Open again what a suspended agreement opened."""
    current = _locked(principal, agreement)
    _check_status(current, AgreementStatus.SUSPENDED)
    said = _reason(reason, required=True)
    _move(principal, current, AgreementStatus.SIGNED, AgreementEventKind.RESUMED, said)
    return current


@transaction.atomic
def end_agreement(*, principal: Principal, agreement: Agreement, reason: str) -> Agreement:
    """End the agreement for good: its rights end at the next request."""
    current = _locked(principal, agreement)
    _check_status(current, AgreementStatus.SIGNED, AgreementStatus.SUSPENDED, AgreementStatus.DRAFT)
    said = _reason(reason, required=True)
    yesterday = clock.today() - timedelta(days=1)
    if current.starts_on <= yesterday and (current.ends_on is None or current.ends_on > yesterday):
        current.ends_on = yesterday
    _move(principal, current, AgreementStatus.ENDED, AgreementEventKind.ENDED, said)
    _keep_the_manager_in(principal, current)
    return current


def written(agreement: Agreement) -> dict[str, Any]:
    """The terms as codes, for the journal."""
    return {
        "purpose": agreement.purpose,
        "purposes": sorted(agreement.purposes),
        "data_classes": sorted(agreement.data_classes),
        "departments": sorted(agreement.departments.values_list("pk", flat=True)),
        "epcis": sorted(agreement.epcis.values_list("pk", flat=True)),
        "communes": sorted(agreement.communes.values_list("pk", flat=True)),
        "quarters": sorted(agreement.quarters.values_list("pk", flat=True)),
        "co_signers": sorted(agreement.co_signers.values_list("pk", flat=True)),
        "starts_on": agreement.starts_on.isoformat(),
        "ends_on": agreement.ends_on.isoformat() if agreement.ends_on else None,
    }


def _write(agreement: Agreement, terms: AgreementTerms) -> None:
    agreement.purpose = without_unstorable(terms.purpose).strip()
    agreement.purposes = sorted(str(code) for code in terms.purposes)
    agreement.data_classes = sorted(str(name) for name in terms.data_classes)
    agreement.starts_on, agreement.ends_on = terms.starts_on, terms.ends_on
    if agreement.pk:
        agreement.generation += 1
    agreement.full_clean()
    agreement.save()
    agreement.co_signers.set(o for o in terms.co_signers if o != terms.organisation)
    agreement.departments.set(terms.departments)
    agreement.epcis.set(terms.epcis)
    agreement.communes.set(terms.communes)
    agreement.quarters.set(terms.quarters)


def _move(
    principal: Principal,
    agreement: Agreement,
    status: AgreementStatus,
    kind: AgreementEventKind,
    reason: str = "",
) -> None:
    agreement.status = status
    agreement.generation += 1
    agreement.full_clean()
    agreement.save()
    _record(principal, agreement, kind, reason)


def _record(
    principal: Principal,
    agreement: Agreement,
    kind: AgreementEventKind,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    event = AgreementEvent(
        agreement=agreement,
        kind=kind,
        at=clock.now(),
        user=principal.user,
        reason=reason,
        details={**(details or {}), "terms": written(agreement)},
    )
    event.full_clean()
    event.save(force_insert=True)
    follow(agreement.organisation)


def _locked(principal: Principal, agreement: Agreement) -> Agreement:
    """The agreement as stored now, locked: the first statement writes, on both engines."""
    _check_manager(principal)
    Agreement.objects.filter(pk=agreement.pk).update(generation=F("generation"))
    return Agreement.objects.select_related("organisation").get(pk=agreement.pk)


def _check_manager(principal: Principal) -> None:
    if not principal.is_manager:
        raise NotAllowed(_("Only the manager of the shared file keeps its agreements."))


def _check_status(agreement: Agreement, *statuses: AgreementStatus) -> None:
    if agreement.status not in statuses:
        raise Conflict(_("The agreement is no longer in the state you saw."))


def _check_read(agreement: Agreement, generation: int | None) -> None:
    if agreement.generation != generation:
        raise Conflict(
            _("The terms have changed since you read them: read them again before you go on.")
        )


def _reason(text: str, *, required: bool) -> str:
    said = without_unstorable(text).strip()[:300]
    if required and not said:
        raise ValidationError({"reason": _("Say why: it stays in the journal.")})
    return said


def _names_a_territory(agreement: Agreement) -> bool:
    places = (agreement.departments, agreement.epcis, agreement.communes, agreement.quarters)
    return any(named.exists() for named in places)


def _keep_the_manager_in(principal: Principal, agreement: Agreement) -> None:
    """Without any agreement of its own the manager could no longer open what it closed."""
    own = agreements_in_force(clock.today()).filter(organisation=principal.organisation)
    if (
        agreement.organisation_id == getattr(principal.organisation, "pk", None)
        and not own.exists()
    ):
        raise ValidationError(_("This would leave the manager without any agreement in force."))
