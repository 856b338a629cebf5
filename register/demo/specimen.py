"""The identity document of synthetic applicants: one specimen page, plainly not a real one."""

from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.core.files.base import ContentFile

from register.codes import ScanStatus
from register.letters.render import render
from register.models import StoredFile, User
from register.models.document import private_storage

NAME = "demo/specimen.pdf"
UPLOADER = "reprise@ush-bourgogne.example.org"
DIGEST = "0" * 64


def uploader() -> User:
    """The closed account in whose name existing files were taken over."""
    user, _created = User.objects.get_or_create(
        email=UPLOADER, defaults={"is_active": False, "password": "!", "last_name": "Reprise"}
    )
    return user


@lru_cache(maxsize=1)
def _size() -> int:
    storage = private_storage()
    if storage.exists(NAME):
        return storage.size(NAME)
    content = render("specimen", {}, language="fr")
    storage.save(NAME, ContentFile(content))
    return len(content)


def specimen_row(identifier: UUID, at: datetime, owner_id: int) -> StoredFile:
    """The row of one applicant's document, not saved; all share the same specimen bytes."""
    return StoredFile(
        id=identifier,
        file=NAME,
        original_name="piece-identite-specimen.pdf",
        content_type="application/pdf",
        size=_size(),
        sha256=DIGEST,
        original_sha256=DIGEST,
        scan_status=ScanStatus.CLEAN,
        uploaded_by_id=owner_id,
        uploaded_at=at,
    )


def specimen_file(identifier: UUID, at: datetime) -> StoredFile:
    """The same row, saved."""
    row = specimen_row(identifier, at, uploader().pk)
    row.save(force_insert=True)
    return row
