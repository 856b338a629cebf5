"""Letters for people without e-mail: files for the print room, under `DATA_DIR/letters`."""

import hashlib
import os
from pathlib import Path

from django.conf import settings

from exchange.mailing import Undeliverable
from register.letters import texts
from register.letters.attestation import attestation_pdf
from register.models import Event, Organisation, Outbox
from rules.letters import MissingValue


def print_letter(effect: Outbox) -> None:
    """Write the letter as a PDF. The name comes from the effect: a second try replaces it."""
    stamp = effect.created_at.strftime("%Y%m%d-%H%M%S")
    write_letter(effect.key, stamp, _pdf(effect))


def _pdf(effect: Outbox) -> bytes:
    """The text that the effect names, else the certificate of registration."""
    demand, payload = effect.demand, effect.payload
    if "letter" not in payload:
        return attestation_pdf(demand)
    letter = texts.find(payload["letter"], demand.department_id)
    if letter is None or "post" not in letter.channels:
        raise Undeliverable("no such letter in force")
    event = Event.objects.filter(pk=payload.get("event"), demand=demand).first()
    sender = Organisation.objects.filter(pk=payload.get("organisation")).first()
    sender = sender or demand.registered_by
    try:
        filled = texts.written(letter, demand, event=event, organisation=sender)
    except MissingValue as missing:
        raise Undeliverable(f"no value for {missing}") from None
    return texts.letter_pdf(filled, demand, sender, demand.language)


def write_letter(key: str, stamp: str, content: bytes) -> Path:
    """Keep a letter whole or not at all; the path of the file."""
    folder = Path(settings.DATA_DIR) / "letters"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{stamp}-{hashlib.sha256(key.encode()).hexdigest()[:16]}.pdf"
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(content)
    part.chmod(0o600)
    part.replace(path)
    return path
