"""One mail per effect, whatever happens between sending and writing down that it was sent."""

import hashlib

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from register.letters.email import Mail
from register.models import Outbox


class Undeliverable(Exception):
    """No new try can help: somebody has to telephone or write. The message names no person."""


def space_url() -> str:
    """Address of the applicant's space, the only link our mails carry."""
    return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{reverse('space:home')}"


def message_id(key: str) -> str:
    """The Message-ID of an effect: the same at each try, and saying nothing of the person."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:40]
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    return f"<{digest}@{domain}>"


def send(effect: Outbox, *, to: str, mail: Mail) -> None:
    """Send `mail`; raises what the mail server answers, for the outbox to try again."""
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        to=[to],
        headers={
            "Message-ID": message_id(effect.key),
            "Content-Language": mail.language,
            # No answering machine replies to us.
            "Auto-Submitted": "auto-generated",
        },
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    for name, content in mail.attachments:
        message.attach(name, content, "application/pdf")
    message.send()
