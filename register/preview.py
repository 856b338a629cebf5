"""Shows a kept PDF page by page, as pictures, beside what was declared.

Nothing is kept: a picture is drawn when somebody who may read the document asks for it, by a
child process that can reach nothing (`preview_child`), so that no copy outlives a right (R3).
"""

import logging
import subprocess
import sys
import threading
from pathlib import Path

from register.models import StoredFile

logger = logging.getLogger(__name__)

PROGRAM = Path(__file__).with_name("preview_child.py")
CHILD_SECONDS = 20  # of a clock; the child also has a limit of work
PDF = "application/pdf"
PICTURE = "image/jpeg"
# Agents leafing through large scans wait in line instead of filling the memory.
_places = threading.BoundedSemaphore(2)


def page_count(stored: StoredFile) -> int:
    """How many pages can be shown of a PDF; 0 for a picture, an absent or an unreadable file."""
    if stored.content_type != PDF:
        return 0
    answer = _ask(stored, "count")
    return int(answer) if answer else 0


def page_picture(stored: StoredFile, page: int) -> bytes | None:
    """One page of a PDF as a JPEG, pages counted from 1; None when it cannot be drawn."""
    if stored.content_type != PDF or page < 1:
        return None
    return _ask(stored, "draw", str(page - 1))


def _ask(stored: StoredFile, *task: str) -> bytes | None:
    try:
        with stored.file.open("rb") as kept:
            content = kept.read()
    except FileNotFoundError:
        return None
    try:
        with _places:
            child = subprocess.run(  # noqa: S603  (our own program; the file goes by its input)
                [sys.executable, "-I", str(PROGRAM), *task],
                input=content,
                capture_output=True,
                timeout=CHILD_SECONDS,
                env={},
                cwd="/",
            )
    except subprocess.TimeoutExpired:
        logger.warning("a document took too long to draw: %s", stored.pk)
        return None
    if child.returncode:
        logger.warning("a document could not be drawn: %s (%s)", stored.pk, child.returncode)
        return None
    return child.stdout
