"""A neutral notice: what happened is read in the space, never in the mail."""

from django.utils.translation import gettext_noop

from exchange.mailing import Undeliverable, send, space_url
from register.letters.sending import NotSent, address_for, is_moot, notice_of
from register.models import Outbox
from register.services.safe_telling import hand_over_unread


def send_message_notice(effect: Outbox) -> None:
    """Tell that there is something new to read; Undeliverable to somebody without e-mail.

    An announcement that is over, because the demand was renewed meanwhile, is not sent.
    """
    if is_moot(effect):
        return
    address = address_for(effect)
    if not address:
        raise Undeliverable(gettext_noop("no e-mail address"))
    try:
        mail = notice_of(effect, space_url=space_url())
    except NotSent as refusal:
        raise Undeliverable(str(refusal)) from None
    send(effect, to=address, mail=mail)
    hand_over_unread(effect)
