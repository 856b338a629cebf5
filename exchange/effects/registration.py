"""The certificate of registration, and that of each renewal, within the month the law allows
(CCH R441-2-4, R441-2-7).
"""

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
    written = email.renewal_mail if "event" in effect.payload else email.registration_mail
    send(effect, to=address, mail=written(effect.demand, space_url=space_url()))
