"""By which ways an applicant is written to."""

from collections.abc import Iterator

from django.conf import settings

from register import codes
from register.letters.email import address_of
from register.models import Contact, Demand, EffectKind


def channels(demand: Demand) -> Iterator[EffectKind]:
    """How an end of validity is announced (R441-2-7), and by text message to those who agreed.

    By post and by e-mail to whoever never used the online service; by e-mail to the others, and by
    post too when they asked for it. Nothing when the register knows no address of any kind.
    """
    contact = Contact.objects.filter(demand=demand).first() or Contact()
    by_email = bool(address_of(demand))
    if by_email:
        yield EffectKind.MESSAGE_EMAIL
    is_on_paper = contact.wants_letters or not has_used_online(demand) or not by_email
    if is_on_paper and contact.address and contact.city:
        yield EffectKind.LETTER
    if settings.SMS_BACKEND and contact.accepts_sms and contact.phone:
        yield EffectKind.SMS


def has_used_online(demand: Demand) -> bool:
    """True for a demand sent online, or whose applicant has signed in since."""
    account = demand.account
    return demand.channel == codes.Channel.ONLINE or bool(account and account.last_login)
