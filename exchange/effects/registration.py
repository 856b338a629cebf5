"""The certificate of registration, within the month the law allows (CCH R441-2-4)."""

from exchange.mailing import send, space_url
from register.letters import email
from register.models import Outbox

from .letter import print_letter


def send_registration(effect: Outbox) -> None:
    """E-mail the certificate; on paper for somebody who has no e-mail address."""
    address = email.address_of(effect.demand)
    if not address:
        print_letter(effect)
        return
    send(effect, to=address, mail=email.registration_mail(effect.demand, space_url=space_url()))
