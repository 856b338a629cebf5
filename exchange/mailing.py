"""One mail per effect, whatever happens between sending and writing down that it was sent."""

import re

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from register.letters.email import Mail
from register.models import Outbox
from register.selectors.deliveries import effect_numbered

OURS = re.compile(r"<(?P<key>\d{1,18})\.(?P<signature>[0-9a-f]{40})@[^<>@\s]+>")


class Undeliverable(Exception):
    """No new try can help: somebody has to telephone or write. The message names no person."""


def space_url() -> str:
    """Address of the applicant's space, the only link our mails carry."""
    return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{reverse('space:home')}"


def message_id(effect: Outbox) -> str:
    """The Message-ID of an effect: the same at each try, and saying nothing of the person.

    It is signed: a mail that comes back names its effect, and nobody can make one up.
    """
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    return f"<{effect.pk}.{_signature(effect)}@{domain}>"


def effect_of(identifier: str) -> Outbox | None:
    """The effect of a Message-ID of ours; None for any other and for one that was made up."""
    found = OURS.fullmatch(identifier.strip())
    effect = effect_numbered(int(found["key"])) if found else None
    if found is None or effect is None:
        return None
    if not constant_time_compare(found["signature"], _signature(effect)):
        return None
    return effect


def _signature(effect: Outbox) -> str:
    signed = f"{effect.pk}:{effect.key}"
    return salted_hmac("exchange.mailing", signed, algorithm="sha256").hexdigest()[:40]


def send(effect: Outbox, *, to: str, mail: Mail) -> None:
    """Send `mail`; raises what the mail server answers, for the outbox to try again."""
    _send(to, mail, {"Message-ID": message_id(effect)})


def send_to_account(*, to: str, mail: Mail) -> None:
    """Send what is about an account and about no demand; raises what the mail server answers."""
    _send(to, mail, {})


def _send(to: str, mail: Mail, headers: dict[str, str]) -> None:
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        to=[to],
        headers={
            **headers,
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
