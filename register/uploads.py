"""Judges an uploaded file by its bytes and rewrites it without anything active (R4).

Extension, first bytes and a full parse must agree; images are redrawn (position and thumbnail
data disappear), PDFs are rewritten without scripts, actions or attached files.
"""

import hashlib
import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

import filetype
import pikepdf
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from register.errors import UploadRefused

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_PAGES = 50
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
}
IMAGE_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}
ACTIVE_ROOT_KEYS = ("/OpenAction", "/AA", "/AcroForm", "/Names", "/Collection")


@dataclass(frozen=True)
class CheckedUpload:
    """What will be kept: rewritten bytes, their type, a harmless display name."""

    content: bytes
    content_type: str
    safe_name: str
    original_sha256: str


def inspect_upload(upload: UploadedFile) -> CheckedUpload:
    """Check and rewrite an upload; raises UploadRefused with a sentence for the applicant."""
    if not upload.size:
        raise UploadRefused(_("This file is empty."))
    if upload.size > MAX_BYTES:
        raise UploadRefused(_("This file is larger than 10 MB. Send a smaller photo or scan."))
    name = safe_name(upload.name or "")
    content = upload.read()
    declared = CONTENT_TYPES.get(PurePath(name).suffix.lower().lstrip("."))
    kind = filetype.guess(content)
    found = kind.mime if kind else None
    if declared is None or found != declared:
        raise UploadRefused(_("This file is not a readable PDF, JPEG or PNG document."))
    rewrite = _rewrite_pdf if declared == "application/pdf" else _redraw_image
    return CheckedUpload(
        content=rewrite(content, declared),
        content_type=declared,
        safe_name=name,
        original_sha256=hashlib.sha256(content).hexdigest(),
    )


def safe_name(name: str) -> str:
    """A file name for display only: no path, control, direction or separator characters."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(c for c in base if unicodedata.category(c)[0] != "C")
    cleaned = re.sub(r'[<>:"|?*;%]+', "_", visible).strip(" .") or "document"
    stem, dot, extension = cleaned.rpartition(".")
    if not dot:
        return cleaned[:100]
    return f"{stem[:90]}.{extension[:8]}"


def _redraw_image(content: bytes, content_type: str) -> bytes:
    try:
        with Image.open(io.BytesIO(content), formats=[IMAGE_FORMATS[content_type]]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise UploadRefused(_("This picture is too large: 40 megapixels at most."))
            upright = ImageOps.exif_transpose(image)
            mode = "RGB" if content_type == "image/jpeg" else "RGBA"
            redrawn = Image.new(mode, upright.size)
            redrawn.paste(upright.convert(mode))
            out = io.BytesIO()
            redrawn.save(out, IMAGE_FORMATS[content_type], quality=88, optimize=False)
            return out.getvalue()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise UploadRefused(_("This picture is damaged and cannot be read.")) from None


def _rewrite_pdf(content: bytes, _content_type: str) -> bytes:
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if len(pdf.pages) > MAX_PAGES:
                raise UploadRefused(_("This document has more than 50 pages."))
            if not len(pdf.pages):
                raise UploadRefused(_("This document has no page."))
            for key in ACTIVE_ROOT_KEYS:
                if key in pdf.Root:
                    del pdf.Root[key]
            for page in pdf.pages:
                for key in ("/AA", "/Annots"):
                    if key in page.obj:
                        del page.obj[key]
            out = io.BytesIO()
            pdf.remove_unreferenced_resources()
            pdf.save(out, deterministic_id=True)
            return out.getvalue()
    except pikepdf.PasswordError:
        raise UploadRefused(_("This document is protected by a password.")) from None
    except (pikepdf.PdfError, ValueError, RecursionError):
        raise UploadRefused(_("This document is damaged and cannot be read.")) from None
