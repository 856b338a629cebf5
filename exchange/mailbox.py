"""The e-mails and letters of a demonstration, read from the folders that receive them.

Nothing comes from the address bar but a fingerprint compared with those of the files found, so no
path can be asked for. A file that cannot be read is left out: strange files happen.
"""

import hashlib
import heapq
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)

# What Django's file backend writes after each message.
SEPARATOR = b"\n" + b"-" * 79 + b"\n"
NEWEST = 200
LARGEST = 20 * 1024 * 1024


@dataclass(frozen=True)
class Attachment:
    """A file that came with a mail."""

    position: int
    name: str
    content: bytes


@dataclass(frozen=True)
class Item:
    """A mail, or a letter printed for somebody without e-mail."""

    key: str
    at: datetime
    subject: str
    to: str = ""
    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    is_letter: bool = False


def read_all() -> list[Item]:
    """The latest mails and letters, newest first."""
    items = [*_mails(), *_letters()]
    return sorted(items, key=lambda item: item.at, reverse=True)[:NEWEST]


def find(key: str) -> Item | None:
    """The mail or letter of that fingerprint."""
    return next((item for item in read_all() if item.key == key), None)


def _mails() -> Iterator[Item]:
    for path in _latest(Path(settings.EMAIL_FILE_PATH), "*.log"):
        try:
            stored = path.read_bytes()
            written = _written_at(path)
        except OSError:
            continue
        messages = [part for part in stored.split(SEPARATOR) if part.strip()]
        for position, raw in enumerate(messages):
            if item := _mail(raw, f"{path.name}#{position}", written):
                yield item


def _mail(raw: bytes, source: str, written: datetime) -> Item | None:
    try:
        message = message_from_bytes(raw, policy=policy.default)
        body = message.get_body(("plain", "html"))
        return Item(
            key=_fingerprint(source),
            at=_sent_at(message, written),
            subject=str(message["Subject"] or ""),
            to=str(message["To"] or ""),
            text=str(body.get_content()) if body else "",
            attachments=_attachments(message),
        )
    except Exception as error:
        # The standard parser raises many things on damaged mail; the other mails stay readable.
        logger.info("unreadable mail skipped: %s", type(error).__name__)
        return None


def _attachments(message: EmailMessage) -> tuple[Attachment, ...]:
    parts = list(message.iter_attachments()) if message.is_multipart() else []
    return tuple(
        Attachment(position, part.get_filename() or f"{position + 1}.bin", part.get_content())
        for position, part in enumerate(parts)
        if isinstance(part.get_content(), bytes)
    )


def _letters() -> Iterator[Item]:
    for path in _latest(Path(settings.DATA_DIR) / "letters", "*.pdf"):
        try:
            content = path.read_bytes()
            written = _written_at(path)
        except OSError:
            continue
        yield Item(
            key=_fingerprint(path.name),
            at=written,
            subject="",
            attachments=(Attachment(0, path.name, content),),
            is_letter=True,
        )


def _latest(folder: Path, pattern: str) -> list[Path]:
    """The newest files of a folder by name (both kinds of names begin with their date)."""
    if not folder.is_dir():
        return []
    plain = (path for path in folder.glob(pattern) if not path.is_symlink() and _is_small(path))
    return heapq.nlargest(NEWEST, plain, key=lambda path: path.name)


def _is_small(path: Path) -> bool:
    try:
        return path.is_file() and path.stat().st_size <= LARGEST
    except OSError:
        return False


def _written_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _sent_at(message: EmailMessage, written: datetime) -> datetime:
    try:
        sent = parsedate_to_datetime(str(message["Date"]))
    except (TypeError, ValueError):
        return written
    return sent if sent.tzinfo else sent.replace(tzinfo=UTC)


def _fingerprint(source: str) -> str:
    return hashlib.sha256(source.encode("utf-8", "surrogateescape")).hexdigest()[:24]
