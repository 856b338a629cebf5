"""Keeps uploaded files: checked, rewritten, under a random name, served only after a new check."""

import hashlib
import logging
import uuid
from collections.abc import Sequence
from typing import IO
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from register import access, clock, codes
from register.agreements import is_party
from register.errors import NotAllowed, UploadRefused
from register.models import Demand, StoredFile
from register.principals import Principal
from register.uploads import inspect_upload

logger = logging.getLogger(__name__)


def store_upload(*, principal: Principal, upload: UploadedFile) -> StoredFile:
    """Check and rewrite an upload, then keep it privately for the person who sent it.

    PDF, JPEG or PNG, 10 MB, 40 megapixels, 50 pages at most (R4). Raises UploadRefused with a
    sentence for the field, and lets OSError through when the disk is full.
    """
    if principal.user is None:
        raise NotAllowed(_("Sign in to send a document."))
    checked = inspect_upload(upload)
    identifier = uuid.uuid4()
    stored = StoredFile(
        id=identifier,
        original_name=checked.safe_name,
        content_type=checked.content_type,
        size=len(checked.content),
        sha256=hashlib.sha256(checked.content).hexdigest(),
        original_sha256=checked.original_sha256,
        scan_status=checked.scan_status,
        scanned_at=None if checked.scan_status == codes.ScanStatus.NOT_SCANNED else clock.now(),
        uploaded_by=principal.user,
        uploaded_at=clock.now(),
    )
    stored.doubt = checked.doubt
    name = f"{identifier.hex[:2]}/{identifier.hex}"
    try:
        stored.file.save(name, ContentFile(checked.content), save=False)
        stored.full_clean(exclude=["file"])
        stored.save(force_insert=True)
    except Exception:
        # A full disk leaves half a file, a busy database a file without its row.
        discard(stored.file.storage, name)
        raise
    return stored


def same_bytes(stored: StoredFile, others: list[UUID]) -> StoredFile | None:
    """The one of these files that was sent with the very same bytes, if any."""
    same = StoredFile.objects.filter(pk__in=others, original_sha256=stored.original_sha256)
    return same.first()


def not_attached(*, principal: Principal, keys: list[UUID]) -> list[StoredFile]:
    """The files of these keys that this person sent and that nothing holds yet, in this order."""
    found = StoredFile.objects.filter(
        uploaded_by=principal.user, document__isnull=True, agreement__isnull=True
    ).in_bulk(keys)
    return [found[key] for key in keys if key in found]


def sent_for(*, principal: Principal, demand: Demand, keys: Sequence[UUID]) -> list[StoredFile]:
    """The files that this very person sent for this demand, in this order, each once.

    Nothing else holds them. Raises UploadRefused when one of them is gone.
    """
    free = Q(document__isnull=True, agreement__isnull=True) | Q(document__demand=demand)
    found = (
        StoredFile.objects.filter(free, pk__in=keys, uploaded_by=principal.user)
        .exclude(scan_status=codes.ScanStatus.INFECTED)
        .in_bulk()
    )
    if not keys or len(found) != len(set(keys)):
        raise UploadRefused(_("A page of the scan could not be found. Add it again."))
    return [found[key] for key in dict.fromkeys(keys)]


def discard(storage: Storage, name: str) -> None:
    """Delete bytes whose row is gone; what cannot be deleted now is swept later.

    No name: they were erased before, because of what the antivirus found in them.
    """
    if not name:
        return
    try:
        storage.delete(name)
    except OSError:
        logger.warning("a file without a row stays until the sweep")


def delete_stored_file(*, principal: Principal, stored_file_id: UUID) -> None:
    """Delete a file not attached to any demand yet, by the person who sent it; else nothing."""
    stored = StoredFile.objects.filter(
        pk=stored_file_id,
        uploaded_by=principal.user,
        document__isnull=True,
        agreement__isnull=True,
    ).first()
    if stored is None:
        return
    try:
        stored.delete()
    except IntegrityError:
        return  # attached to a demand at this very moment
    discard(stored.file.storage, str(stored.file.name))


def open_stored_file(*, principal: Principal, stored_file_id: UUID) -> tuple[StoredFile, IO[bytes]]:
    """The file and its bytes, if the principal may read it now.

    Not attached: only the sender. Attached to a demand: whoever the rights modules let read its
    documents. Attached to an agreement: the manager and the parties. Raises Http404 in the same
    way for absent, foreign, infected and unreadable files.
    """
    stored = (
        StoredFile.objects.select_related("document__demand", "agreement")
        .filter(pk=stored_file_id)
        .first()
    )
    if stored is None or not may_read(principal, stored):
        raise Http404
    try:
        return stored, stored.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None


def may_read(principal: Principal, stored: StoredFile) -> bool:
    """True if the principal may read these bytes today; an infected file is read by nobody."""
    if principal.user is None or stored.scan_status == codes.ScanStatus.INFECTED:
        return False
    agreement = getattr(stored, "agreement", None)
    if agreement is not None:
        return principal.is_manager or is_party(principal.organisation, agreement)
    document = getattr(stored, "document", None)
    if document is None:
        return stored.uploaded_by_id == principal.user.pk
    demand = document.demand
    return access.decide(principal, access.Action.VIEW_DOCUMENT, demand).allowed and access.fields(
        principal, demand
    ).can_read_document(document.kind)


def may_leave(stored: StoredFile) -> bool:
    """True if a partner may take a copy away: the antivirus found nothing in it (R5).

    Until then its pages are shown as pictures, which are drawn here and can do no harm.
    """
    return stored.scan_status == codes.ScanStatus.CLEAN
