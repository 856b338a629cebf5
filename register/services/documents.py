"""Supporting documents of a demand: received, checked, or refused with a reason."""

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from register import clock, codes, lifecycle, papers
from register.access import Action
from register.errors import UploadRefused
from register.models import Demand, Document, Event, EventKind, StoredFile
from register.principals import Principal
from register.services.changes import begin_change
from register.services.files import delete_stored_file, store_upload
from register.services.outbox import tell_applicant
from register.text import without_unstorable

MAX_DOCUMENTS = 30
MAX_TOTAL_BYTES = 100 * 1024 * 1024


def add_document(
    *, principal: Principal, demand: Demand, kind: str, upload: UploadedFile
) -> Document:
    """Keep an uploaded piece with the demand.

    The file is written before the transaction; it is removed again if the demand refuses it.
    """
    if kind not in dict(papers.offered_kinds()):
        raise ValidationError({"kind": _("Choose an answer of the list.")})
    stored = store_upload(principal=principal, upload=upload)
    try:
        with transaction.atomic():
            change = begin_change(principal=principal, demand=demand, action=Action.EDIT)
            _check_room(change.demand, stored)
            document = Document(
                demand=change.demand, kind=kind, stored_file=stored, added_at=clock.now()
            )
            document.full_clean()
            document.save(force_insert=True)
            change.commit(EventKind.DOCUMENT_ADDED, reason=kind)
            return document
    except Exception:
        delete_stored_file(principal=principal, stored_file_id=stored.pk)
        raise


@transaction.atomic
def verify_document(
    *,
    principal: Principal,
    demand: Demand,
    document: Document,
    expected_version: int | None = None,
) -> Event:
    """Record that a document was read and conforms; an identity document activates the demand."""
    change = begin_change(
        principal=principal,
        demand=demand,
        action=Action.VERIFY_DOCUMENT,
        expected_version=expected_version,
    )
    _close(change.demand, document, principal, codes.DocumentStatus.VERIFIED, "")
    moved = None
    if document.kind == codes.DocumentKind.IDENTITY and lifecycle.can(
        change.demand, "verify_identity"
    ):
        moved = "verify_identity"
    kind = EventKind.IDENTITY_VERIFIED if moved else EventKind.DOCUMENT_VERIFIED
    event = change.commit(kind, moved=moved, reason=document.kind)
    tell_applicant(change.demand, event)
    return event


@transaction.atomic
def refuse_document(
    *,
    principal: Principal,
    demand: Demand,
    document: Document,
    reason: str,
    expected_version: int | None = None,
) -> Event:
    """Record that a document cannot be used and why; the applicant is asked for another."""
    told = without_unstorable(reason).strip()
    if not told:
        raise ValidationError({"reason": _("Say why the document cannot be used.")})
    change = begin_change(
        principal=principal,
        demand=demand,
        action=Action.VERIFY_DOCUMENT,
        expected_version=expected_version,
    )
    _close(change.demand, document, principal, codes.DocumentStatus.REFUSED, told)
    event = change.commit(EventKind.DOCUMENT_REFUSED, reason=document.kind, text=told)
    tell_applicant(change.demand, event)
    return event


def _check_room(demand: Demand, stored: StoredFile) -> None:
    """A file holds 30 documents and 100 MB at most (R4)."""
    kept = demand.documents.aggregate(count=Count("pk"), size=Sum("stored_file__size"))
    if kept["count"] >= MAX_DOCUMENTS or (kept["size"] or 0) + stored.size > MAX_TOTAL_BYTES:
        raise UploadRefused(_("Your file already holds as many documents as it can."))


def _close(
    demand: Demand, document: Document, principal: Principal, status: str, reason: str
) -> None:
    if document.demand_id != demand.pk:
        raise ValidationError({"document": _("This document belongs to another demand.")})
    document.status = status
    document.refusal_reason = reason
    document.checked_by = principal.user
    document.checked_at = clock.now()
    document.full_clean()
    document.save(update_fields=["status", "refusal_reason", "checked_by", "checked_at"])
