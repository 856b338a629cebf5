"""Receives a file in pieces, so that a cut network costs one piece (R4).

A piece is on the disk before its row says so; two of them at one place are one. The file is checked
and rewritten like any other once it is whole.
"""

import logging
import uuid
from datetime import timedelta
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Sum
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from register.errors import NotAllowed, UploadRefused
from register.models import StoredFile, Upload, UploadPiece
from register.models.document import private_storage
from register.principals import Principal
from register.text import without_unstorable
from register.uploads import MAX_BYTES, TOO_LARGE

logger = logging.getLogger(__name__)

LARGEST_PIECE = 512 * 1024
MAX_BEGUN = 12  # files of one person that are not whole yet


def begin(*, principal: Principal, name: str, size: int, fingerprint: str) -> Upload:
    """The upload of this file by this person, new or already begun."""
    if principal.user is None:
        raise NotAllowed(_("Sign in to send a document."))
    if size > MAX_BYTES:
        raise UploadRefused(TOO_LARGE)
    if size < 1:
        raise UploadRefused(_("This file is empty."))
    mine = Upload.objects.filter(user=principal.user)
    begun = mine.filter(fingerprint=fingerprint, size=size, stored_file=None).first()
    if begun:
        return begun
    if mine.filter(stored_file=None).exclude(fingerprint=fingerprint).count() >= MAX_BEGUN:
        raise UploadRefused(_("Too many files are being sent at once. Finish those first."))
    _forget(mine.filter(fingerprint=fingerprint))
    upload = Upload(
        user=principal.user,
        name=without_unstorable(name)[:300] or "document",
        size=size,
        fingerprint=fingerprint,
        begun_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            upload.save(force_insert=True)
    except IntegrityError:
        return mine.get(fingerprint=fingerprint)  # begun by the other tab at this very moment
    return upload


def own_upload(*, principal: Principal, upload_id: UUID) -> Upload:
    """The upload, if this very person began it; Http404 for an absent and a foreign one alike."""
    found = Upload.objects.filter(pk=upload_id, user=principal.user).first()
    if found is None:
        raise Http404
    return found


def arrived(upload: Upload) -> int:
    """How many bytes arrived, from the first on."""
    if upload.stored_file_id is not None:
        return upload.size
    total: int = upload.pieces.aggregate(total=Sum("size"))["total"] or 0
    return total


def add_piece(*, principal: Principal, upload_id: UUID, offset: int, content: bytes) -> int:
    """Keep a piece that follows what arrived; returns from where to go on.

    A piece that is already there, or that leaves a gap, changes nothing. Raises UploadRefused when
    it cannot be part of the file, and lets OSError through when the disk is full.
    """
    upload = own_upload(principal=principal, upload_id=upload_id)
    there = arrived(upload)
    if offset != there or there == upload.size:
        return there
    if not 0 < len(content) <= min(LARGEST_PIECE, upload.size - there):
        raise UploadRefused(_("This piece of the file is not the one expected. Start again."))
    name = f"pieces/{upload.pk.hex[:2]}/{upload.pk.hex}-{offset}-{uuid.uuid4().hex}"
    piece = UploadPiece(upload=upload, offset=offset, size=len(content))
    try:
        piece.file.save(name, ContentFile(content), save=False)
        with transaction.atomic():
            piece.save(force_insert=True)
    except IntegrityError:
        _discard(name)  # the same piece, sent twice
        return arrived(own_upload(principal=principal, upload_id=upload_id))
    except Exception:
        _discard(name)
        raise
    return there + len(content)


def whole(*, principal: Principal, upload_id: UUID) -> SimpleUploadedFile | None:
    """The file, once all of it arrived; None when it was already kept."""
    upload = own_upload(principal=principal, upload_id=upload_id)
    if upload.stored_file_id is not None:
        return None
    parts = []
    for piece in upload.pieces.all():
        with piece.file.open("rb") as kept:
            parts.append(kept.read())
    content = b"".join(parts)
    if len(content) != upload.size:
        raise UploadRefused(
            _("This file did not arrive whole. Choose it again: it goes on where it stopped.")
        )
    return SimpleUploadedFile(upload.name, content)


def became(*, principal: Principal, upload_id: UUID, stored: StoredFile) -> None:
    """Note what it became, so that sending the page twice keeps it once; its pieces go."""
    upload = own_upload(principal=principal, upload_id=upload_id)
    Upload.objects.filter(pk=upload.pk).update(stored_file=stored)
    _forget_pieces(upload)


def sweep(*, older_than: timedelta, most: int | None = None) -> int:
    """Forget uploads begun that long ago, `most` of them at most; returns how many.

    Nobody came back to finish them.
    """
    old = Upload.objects.filter(begun_at__lt=timezone.now() - older_than)
    return _forget(old[:most])


def _forget(uploads: QuerySet[Upload]) -> int:
    found = list(uploads)
    for upload in found:
        _forget_pieces(upload)
        upload.delete()
    return len(found)


def _forget_pieces(upload: Upload) -> None:
    names = [str(piece.file.name) for piece in upload.pieces.all()]
    upload.pieces.all().delete()
    for name in names:
        _discard(name)


def _discard(name: str) -> None:
    try:
        private_storage().delete(name)
    except OSError:
        logger.warning("a piece without a row stays until the sweep")
