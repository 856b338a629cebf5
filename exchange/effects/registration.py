"""The certificate of registration, and that of each renewal, within the month the law allows
(CCH R441-2-4, R441-2-7).
"""

from collections.abc import Callable

from exchange.mailing import send, space_url
from register.letters import email
from register.letters.sending import is_moot
from register.models import Outbox
from register.services.printing import put_on_paper
from register.services.safe_telling import hand_over_unread

from .letter import print_letter


def send_registration(effect: Outbox) -> None:
    """E-mail the certificate; on paper for somebody without an address; nothing to the dead."""
    if is_moot(effect):
        return
    address = email.address_of(effect.demand)
    if not address:
        put_on_paper(effect)
        print_letter(effect)
        return
    send(effect, to=address, mail=_written(effect)(effect.demand, space_url=space_url()))
    hand_over_unread(effect)


def _written(effect: Outbox) -> Callable[..., email.Mail]:
    if effect.payload.get("mail") == "transfer":
        return email.transfer_mail
    return email.renewal_mail if "event" in effect.payload else email.registration_mail
