"""Files that scripts send piece by piece, and how a page finds them; without them, whole.

Each room has its two addresses: one begins a file, the other takes its pieces.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from register.errors import UploadRefused
from register.models import StoredFile
from register.services import pieces

FIELD = "arrived"
REFUSED, FULL = 422, 507
_FIGURE = re.compile(r"[0-9]{1,9}")
_FINGERPRINT = re.compile(r"[0-9a-f]{16,64}")
View = Callable[..., HttpResponse]


def _told(view: View) -> View:
    """Refusals and a full disk are answered in words that the script shows."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except UploadRefused as refusal:
            return JsonResponse({"problem": str(refusal.message)}, status=REFUSED)
        except OSError:
            return JsonResponse({"problem": str(no_room())}, status=FULL)

    return guarded


def no_room() -> str:
    """The disk is full: what is said, here and on the page."""
    return _(
        "The file could not be kept: our storage is not available. Everything else is saved."
        " Try again in a few minutes."
    )


@_told
def begin_upload(request: HttpRequest) -> HttpResponse:
    """Begin to send a file, or learn from where to go on."""
    size, fingerprint = request.POST.get("size", ""), request.POST.get("fingerprint", "")
    if not (_FIGURE.fullmatch(size) and _FINGERPRINT.fullmatch(fingerprint)):
        raise UploadRefused(_("This file cannot be sent in pieces."))
    upload = pieces.begin(
        principal=request.principal,  # type: ignore[attr-defined]
        name=request.POST.get("name", ""),
        size=int(size),
        fingerprint=fingerprint,
    )
    return JsonResponse({"id": str(upload.pk), "offset": pieces.arrived(upload)}, status=201)


@_told
def take_piece(request: HttpRequest, upload_id: uuid.UUID) -> HttpResponse:
    """One piece, sent as it is with its place in a header; how far the file is."""
    principal = request.principal  # type: ignore[attr-defined]
    upload = pieces.own_upload(principal=principal, upload_id=upload_id)
    if request.method == "GET":
        return JsonResponse({"offset": pieces.arrived(upload)})
    offset = request.headers.get("Upload-Offset", "")
    if not _FIGURE.fullmatch(offset):
        raise UploadRefused(_("This file cannot be sent in pieces."))
    reached = pieces.add_piece(
        principal=principal, upload_id=upload_id, offset=int(offset), content=request.body
    )
    return JsonResponse({"offset": reached})


class Arrived:
    """A file of the page: sent with it, or piece by piece before it."""

    def __init__(self, request: HttpRequest, file: UploadedFile, upload_id: uuid.UUID | None):
        self.principal = request.principal  # type: ignore[attr-defined]
        self.file = file
        self.upload_id = upload_id

    def became(self, stored: StoredFile) -> None:
        """It is kept: its pieces are no longer needed."""
        if self.upload_id:
            pieces.became(principal=self.principal, upload_id=self.upload_id, stored=stored)


def files_of(request: HttpRequest, field: str) -> Iterator[Arrived | UploadRefused]:
    """The files of this field, however they came; a refusal for each that is not whole."""
    for file in request.FILES.getlist(field):
        yield Arrived(request, file, None)
    for sent in request.POST.getlist(FIELD)[:20]:
        try:
            identifier = uuid.UUID(sent)
        except ValueError:
            continue
        try:
            arrived = pieces.whole(principal=request.principal, upload_id=identifier)  # type: ignore[attr-defined]
        except UploadRefused as refusal:
            yield refusal
            continue
        if arrived is not None:
            yield Arrived(request, arrived, identifier)
