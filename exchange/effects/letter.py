"""Letters for people without e-mail: files for the print room, under `DATA_DIR/letters`."""

import hashlib
import os
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from exchange.mailing import Undeliverable
from register.letters.sending import NotSent, is_moot, letter_of
from register.models import Delivery, Outbox
from register.services.notices import record_delivery


def print_letter(effect: Outbox) -> None:
    """Write the letter as a PDF. The name comes from the effect: a second try replaces it."""
    if is_moot(effect):
        record_delivery(effect, Delivery.NEEDLESS)
        return
    stamp = effect.created_at.strftime("%Y%m%d-%H%M%S")
    try:
        content = letter_of(effect)
    except NotSent as refusal:
        raise Undeliverable(str(refusal)) from None
    write_letter(effect.key, stamp, content)


def write_letter(key: str, stamp: str, content: bytes) -> Path:
    """Keep a letter whole or not at all; the path of the file."""
    folder = Path(settings.DATA_DIR) / "letters"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{stamp}-{hashlib.sha256(key.encode()).hexdigest()[:16]}.pdf"
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.chmod(0o600)
        part.replace(path)
    except OSError:
        # The half of a letter takes room that a full disk lacks.
        part.unlink(missing_ok=True)
        raise
    return path


def sweep_letters(*, older_than: timedelta) -> int:
    """Delete letters of that age: names and addresses are not kept on a disk for ever (GDPR 5-1-e).

    Returns how many. What is not printed yet is typeset again when it is. The half that a killed
    worker left goes too.
    """
    limit, swept = (timezone.now() - older_than).timestamp(), 0
    for path in (Path(settings.DATA_DIR) / "letters").glob("*"):
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
            swept += 1
    return swept
