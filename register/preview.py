"""Shows a kept file page by page, as pictures, beside what was declared.

Nothing is kept: a picture is drawn when somebody who may read the document asks for it, by a
process that can reach nothing (`cell`, `preview_child`), so that no copy outlives a right (R3).
Each page bears the name of its reader and the hour: a copy that leaves says whose it was.
"""

import json
import logging
from pathlib import Path
from typing import Any

from anyascii import anyascii
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from register import clock
from register.cell import Cell
from register.models import StoredFile
from register.principals import Principal

logger = logging.getLogger(__name__)

PDF = "application/pdf"
PICTURE = "image/jpeg"
PAGE_WIDTH = 1_200  # pixels: small print of an identity card stays legible
THUMBNAIL_WIDTH = 120  # enough to recognise a document, too little to read it
_cell = Cell(Path(__file__).with_name("preview_child.py"))


def reader_mark(principal: Principal) -> str:
    """Who reads, for whom and when, in Western letters: what is written across each page."""
    reader = principal.author
    names = [str(each) for each in (reader.user, reader.organisation) if each]
    at = date_format(timezone.localtime(clock.now()), "j/m/Y H:i")
    mark = _("Read by %(reader)s on %(at)s") % {"reader": ", ".join(names), "at": at}
    return "".join(c if _is_western(c) else anyascii(c) for c in mark)


def _is_western(letter: str) -> bool:
    return letter.encode("cp1252", "ignore") != b""


def page_count(stored: StoredFile) -> int:
    """How many pages can be shown: 1 for a picture, 0 for an absent or unreadable file."""
    if stored.content_type != PDF:
        return 1 if stored.file.storage.exists(str(stored.file.name)) else 0
    answer = _ask(stored, task="count")
    return int(answer) if answer else 0


def page_picture(stored: StoredFile, page: int, mark: str) -> bytes | None:
    """One page as a JPEG with the mark, pages counted from 1; None when it cannot be drawn."""
    return _draw(stored, page, PAGE_WIDTH, mark)


def thumbnail(stored: StoredFile) -> bytes | None:
    """The first page as a small JPEG; None when it cannot be drawn."""
    return _draw(stored, 1, THUMBNAIL_WIDTH, "")


def stamped(stored: StoredFile, mark: str) -> tuple[bytes, str] | None:
    """The whole file with the mark on each page, and its type; None when it cannot be read."""
    answer = _ask(stored, task="stamp", content_type=stored.content_type, mark=mark)
    return (answer, PDF if stored.content_type == PDF else PICTURE) if answer else None


def _draw(stored: StoredFile, page: int, width: int, mark: str) -> bytes | None:
    if page < 1:
        return None
    kind = stored.content_type
    return _ask(stored, task="draw", content_type=kind, page=page - 1, width=width, mark=mark)


def _ask(stored: StoredFile, **asked: Any) -> bytes | None:
    try:
        with stored.file.open("rb") as kept:
            content = kept.read()
    except FileNotFoundError:
        return None
    line = json.dumps(asked).encode() + b"\n"
    try:
        verdict, answer = _cell.ask(line + content)
    except TimeoutError:
        logger.warning("a document took too long to draw: %s", stored.pk)
        return None
    if verdict:
        logger.warning("a document could not be drawn: %s (%s)", stored.pk, verdict)
        return None
    return answer
