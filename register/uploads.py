"""Judges an uploaded file by its bytes and keeps only a rewritten copy of it (R4).

Extension, first bytes and a full parse must agree; images are redrawn (position and thumbnail
data disappear, HEIC becomes JPEG), PDFs are rebuilt without scripts, actions or attached files.
Whatever parses the file runs in a process that can reach nothing: `cell`, `uploads_child`.
"""

import hashlib
import logging
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePath

import filetype
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from register import antivirus, uploads_child
from register.cell import Cell
from register.codes import ScanStatus
from register.errors import UploadRefused
from register.uploads_child import DOUBTS, Verdict

logger = logging.getLogger(__name__)

MAX_BYTES = 10 * 1024 * 1024
# Told before anything is sent; what the file really is decides.
ACCEPTED = (
    ".pdf,.jpg,.jpeg,.png,.heic,.heif,application/pdf,image/jpeg,image/png,image/heic,image/heif"
)
LIMITS = _(
    "PDF (50 pages at most), JPEG, PNG or HEIC photo (40 megapixels at most), 10 MB at most."
)
_cell = Cell(Path(uploads_child.__file__))

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "heic": "image/heic",
    "heif": "image/heic",
}
# Few programs open these: they are kept as another type, and named after it.
KEPT_AS = {"image/heic": ("image/jpeg", ".jpg")}
# Control, direction, unpaired and line-breaking characters: a name is one honest line.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
TOO_LARGE = _("This file is larger than 10 MB. Send a smaller photo or scan.")
INFECTED = _("The antivirus refused this document. Send another one.")
DAMAGED_PICTURE = _("This picture is damaged and cannot be read.")
DAMAGED_DOCUMENT = _("This document is damaged and cannot be read.")
REFUSALS: dict[int | None, Promise] = {
    Verdict.TOO_MANY_PIXELS: _("This picture is too large: 40 megapixels at most."),
    Verdict.TOO_MANY_PAGES: _("This document has more than 50 pages."),
    Verdict.NO_PAGE: _("This document has no page."),
    Verdict.PASSWORD: _("This document is protected by a password."),
}
# Told once it is kept: a person decides, and may send it again.
LEGIBILITY: dict[int, Promise] = {
    Verdict.SMALL: _("The photo is small: the text may not be legible. Come closer and try again."),
    Verdict.DARK: _("The photo is dark. Move closer to a window and try again."),
    Verdict.BLURRED: _(
        "The photo looks blurred: the text may not be legible. Hold the telephone still and try"
        " again."
    ),
}


@dataclass(frozen=True)
class CheckedUpload:
    """What will be kept: rewritten bytes, their type, a harmless name, the antivirus's answer.

    `doubt` says why a person might not be able to read it, if there is a reason.
    """

    content: bytes
    content_type: str
    safe_name: str
    original_sha256: str
    scan_status: str
    doubt: str = ""


def inspect_upload(upload: UploadedFile) -> CheckedUpload:
    """Check and rewrite an upload; raises UploadRefused with a sentence for the applicant."""
    if not upload.size:
        raise UploadRefused(_("This file is empty."))
    if upload.size > MAX_BYTES:
        raise UploadRefused(TOO_LARGE)
    name = safe_name(upload.name or "")
    content = upload.read()
    declared = CONTENT_TYPES.get(PurePath(name).suffix.lower().lstrip("."))
    kind = filetype.guess(content)
    found = kind.mime if kind else None
    if declared is None or found != declared:
        raise UploadRefused(_("This file is not a readable PDF, JPEG, PNG or HEIC document."))
    scan_status = antivirus.scan(content)
    if scan_status == ScanStatus.INFECTED:
        raise UploadRefused(INFECTED)
    verdict, kept = rewritten(content, declared)
    kept_as, ending = KEPT_AS.get(declared, (declared, PurePath(name).suffix))
    return CheckedUpload(
        content=kept,
        content_type=kept_as,
        safe_name=PurePath(name).stem + ending,
        original_sha256=hashlib.sha256(content).hexdigest(),
        scan_status=scan_status,
        doubt=str(LEGIBILITY.get(verdict, "")),
    )


def safe_name(name: str) -> str:
    """A file name for display only: no path, control, direction or separator characters."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(c for c in base if unicodedata.category(c) not in UNSEEN)
    cleaned = re.sub(r'[<>:"|?*;%]+', "_", visible).strip(" .") or "document"
    stem, dot, extension = cleaned.rpartition(".")
    if not dot:
        return cleaned[:100]
    return f"{stem[:90]}.{extension[:8]}"


def rewritten(content: bytes, content_type: str) -> tuple[int, bytes]:
    """What will be kept of these bytes, with the verdict on how legible it is.

    Raises UploadRefused, and OSError when nothing starts.
    """
    verdict: int | None
    try:
        verdict, kept = _cell.ask(content, content_type)
    except TimeoutError:
        verdict = None
    if verdict == Verdict.REWRITTEN or verdict in DOUBTS:
        if len(kept) > 2 * MAX_BYTES:
            raise UploadRefused(TOO_LARGE)
        return verdict, kept
    if verdict != Verdict.DAMAGED and verdict not in REFUSALS:
        # Killed by its limits or stopped by the clock: made to harm, or not ours to read.
        logger.warning("a %s of %s bytes ended its reader: %s", content_type, len(content), verdict)
    is_document = content_type == "application/pdf"
    raise UploadRefused(REFUSALS.get(verdict, DAMAGED_DOCUMENT if is_document else DAMAGED_PICTURE))
