"""A neutral notice: what happened is read in the space, never in the mail."""

from exchange.mailing import Undeliverable, send, space_url
from register.letters import email, texts
from register.models import Event, Outbox


def send_message_notice(effect: Outbox) -> None:
    """Tell that there is something new to read; Undeliverable to somebody without e-mail.

    An effect may name its text (`letter`); the step it follows (`event`) chooses it otherwise.
    """
    demand = effect.demand
    address = email.address_of(demand)
    if not address:
        raise Undeliverable("no e-mail address")
    event = Event.objects.filter(pk=effect.payload.get("event"), demand=demand).first()
    named = texts.find(effect.payload.get("letter", ""), demand.department_id)
    mail = email.letter_mail(named, demand, space_url(), event) if named else None
    mail = mail or email.notice_mail(demand, space_url=space_url(), event=event)
    send(effect, to=address, mail=mail)
