"""A neutral notice: what happened is read in the space, never in the mail."""

from exchange.mailing import Undeliverable, send, space_url
from register.letters import email
from register.letters.sending import notice_of
from register.models import Outbox


def send_message_notice(effect: Outbox) -> None:
    """Tell that there is something new to read; Undeliverable to somebody without e-mail."""
    address = email.address_of(effect.demand)
    if not address:
        raise Undeliverable("no e-mail address")
    send(effect, to=address, mail=notice_of(effect, space_url=space_url()))
