"""Clears what a crash leaves behind: private files that no row and no draft know any more (F7)."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.storage import Storage
from django.utils import timezone

from register.models import PrintRun, StoredFile, UploadPiece
from register.models.document import private_storage
from register.principals import applicant_principal
from register.services.files import delete_stored_file

BATCH = 500


def sweep_orphans(*, older_than: timedelta) -> int:
    """Delete files of the private store without a row; returns how many.

    A file is written just before its row: `older_than` leaves uploads under way alone.
    """
    storage = private_storage()
    limit = timezone.now() - older_than
    swept = 0
    for names in _batches(_names(storage)):
        known = set(StoredFile.objects.filter(file__in=names).values_list("file", flat=True))
        known |= set(PrintRun.objects.filter(file__in=names).values_list("file", flat=True))
        known |= set(UploadPiece.objects.filter(file__in=names).values_list("file", flat=True))
        swept += sum(_delete_old(storage, name, limit) for name in set(names) - known)
    return swept


def _delete_old(storage: Storage, name: str, limit: datetime) -> bool:
    try:
        if storage.get_modified_time(name) >= limit:
            return False
    except FileNotFoundError:
        return False  # its sender removed it meanwhile
    storage.delete(name)
    return True


def sweep_unattached(*, wanted: Collection[UUID], older_than: timedelta) -> int:
    """Delete stored files of no demand and no agreement, that are not `wanted` by any draft.

    Returns how many. Personal documents that nobody will send are not kept (GDPR 5-1-e).
    """
    forgotten = StoredFile.objects.filter(
        document__isnull=True,
        agreement__isnull=True,
        uploaded_at__lt=timezone.now() - older_than,
    ).select_related("uploaded_by")
    swept = 0
    for stored in list(forgotten):
        if stored.pk not in wanted:
            person = applicant_principal(stored.uploaded_by)
            delete_stored_file(principal=person, stored_file_id=stored.pk)
            swept += 1
    return swept


def _names(storage: Storage, folder: str = "") -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    prefix = f"{folder}/" if folder else ""
    yield from (prefix + name for name in files)
    for inner in folders:
        yield from _names(storage, prefix + inner)


def _batches(names: Iterator[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for name in names:
        batch.append(name)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
