"""A text message to somebody who agreed to receive them."""

from django.utils.translation import gettext_noop

from exchange.mailing import Undeliverable, space_url
from exchange.sms import backend
from register.letters.sending import is_moot, phone_for, text_message_of
from register.models import Outbox


def send_text_message(effect: Outbox) -> None:
    """Send it unless what it tells is over; Undeliverable to whoever no longer agrees."""
    if is_moot(effect):
        return
    number = phone_for(effect)
    if not number:
        raise Undeliverable(gettext_noop("no telephone that agrees"))
    text = text_message_of(effect, space_url=space_url())
    backend().send(to=number, text=text, key=effect.key)
