"""What an effect of the outbox sends: the text it names, or the one of the step it follows."""

from django.utils.translation import gettext_noop

from register.letters import email, former, texts
from register.letters.attestation import attestation_pdf
from register.letters.email import Mail
from register.letters.former import EMAIL, FORMER, LINES, PHONE, is_to_former
from register.letters.renewal import OneTap, one_tap, phone_of, reminder_text, step_text
from register.models import (
    AccountCode,
    Contact,
    Event,
    Mandate,
    Organisation,
    Outbox,
    RenewalNotice,
    SafeWay,
)
from register.safe_way import may_reach
from register.selectors.account_codes import CODE, email_given, usable_codes
from register.selectors.deaths import has_died
from register.selectors.handover import handed_over_at
from register.selectors.mandates import GUARDIAN, guardians_of
from rules.letters import MissingValue


class NotSent(LookupError):
    """No text in force can be sent for this effect. The message names no person."""


def address_for(effect: Outbox) -> str:
    """Where a mail goes; a code, where she asked for it, whatever she prefers for the rest."""
    if is_to_former(effect):
        return str(effect.payload[FORMER].get(EMAIL, ""))
    if account_code_of(effect):
        return email_given(effect.demand)
    return email.address_of(effect.demand)


def notice_of(effect: Outbox, *, space_url: str) -> Mail:
    """The mail that tells there is something new to read, or bears the code asked for."""
    if given := account_code_of(effect):
        return email.account_code_mail(given, space_url=space_url)
    if is_to_former(effect) and (event := _event(effect)):
        return email.handed_over_mail(effect.demand, former.sentences(effect, event))
    if is_discreet(effect):
        return email.discreet_mail(effect.demand, space_url=space_url)
    demand, event = effect.demand, _event(effect)
    named = texts.find(effect.payload.get("letter", ""), demand.department_id)
    sender, renewal = _sender(effect), renewal_of(effect)
    if named and (mail := email.letter_mail(named, demand, space_url, event, sender, renewal)):
        return mail
    if renewal:
        raise NotSent(gettext_noop("no text of the renewal in force"))
    return email.notice_mail(demand, space_url=space_url, event=event)


def is_discreet(effect: Outbox) -> bool:
    """True for the mail of a sealed file that says only that something awaits her.

    Not so the end of her demand if she does nothing, which the law orders to announce (R441-2-7),
    nor the code that she asked for, nor what is told to whoever gave the demand over: none of them
    can be read elsewhere.
    """
    return effect.demand.is_sealed and not ({"notice", CODE, FORMER} & effect.payload.keys())


def phone_for(effect: Outbox) -> str:
    """The telephone that a text message goes to; empty when nobody agrees to it any more."""
    if is_to_former(effect):
        return str(effect.payload[FORMER].get(PHONE, ""))
    return phone_of(effect.demand)


def text_message_of(effect: Outbox, *, space_url: str) -> str:
    """The text message of an announcement: its day, the link and the code; else that of a step."""
    if is_to_former(effect):
        return former.text_message(effect.demand)
    renewal = renewal_of(effect)
    if renewal:
        return reminder_text(effect.demand, renewal)
    return step_text(effect.demand, space_url)


def is_moot(effect: Outbox) -> bool:
    """True for the announcement of an end that is no more: renewed, or ended otherwise, since.

    And for a code that is worth nothing any more, whatever is addressed to somebody who died, to a
    guardian who is none any more, or to whoever gave the demand over since: it would open at the
    address of another.
    """
    notice = _notice(effect)
    demand = effect.demand
    if is_to_former(effect):
        return False
    if has_died(demand):
        return True
    if GUARDIAN in effect.payload and guardian_of(effect) is None:
        return True
    moment = handed_over_at(demand)
    if notice is None and moment is not None and effect.created_at < moment:
        return True
    if CODE in effect.payload:
        return account_code_of(effect) is None
    return notice is not None and not (demand.is_live and demand.expires_on == notice.expires_on)


def account_code_of(effect: Outbox) -> AccountCode | None:
    """The code that a mail carries, while it can be typed."""
    key = effect.payload.get(CODE)
    return usable_codes().filter(pk=key, demand=effect.demand).first() if key else None


def renewal_of(effect: Outbox) -> OneTap | None:
    """The link and the code that an announcement carries."""
    notice = _notice(effect)
    return one_tap(notice) if notice else None


def letter_of(effect: Outbox) -> bytes:
    """The PDF to post: the text that the effect names, else the certificate of registration.

    NotSent when the file was sealed, or its safe way changed, after it was asked for.
    """
    if is_to_former(effect):
        return _letter_to_former(effect)
    demand, payload = effect.demand, effect.payload
    contact = Contact.objects.filter(demand=demand).first() or Contact()
    if not may_reach(demand, contact, SafeWay.LETTER):
        raise NotSent(gettext_noop("a sealed file: not the safe way"))
    if "letter" not in payload:
        return attestation_pdf(demand)
    letter = texts.find(payload["letter"], demand.department_id)
    if letter is None or "post" not in letter.channels:
        raise NotSent(gettext_noop("no such letter in force"))
    sender = _sender(effect) or demand.registered_by
    try:
        filled = texts.written(letter, demand, event=_event(effect), organisation=sender)
    except MissingValue as missing:
        raise NotSent(f"no value for {missing}") from None
    guardian = guardian_of(effect)
    recipient = texts.guardian_lines(guardian, demand) if guardian else None
    return texts.letter_pdf(filled, demand, sender, demand.language, renewal_of(effect), recipient)


def _letter_to_former(effect: Outbox) -> bytes:
    """At the address that she had: the file knows the heir's alone."""
    event = _event(effect)
    if event is None:
        raise NotSent(gettext_noop("no such step"))
    demand, lines = effect.demand, effect.payload[FORMER].get(LINES)
    filled = former.letter(effect, event)
    return texts.letter_pdf(filled, demand, demand.registered_by, demand.language, None, lines)


def guardian_of(effect: Outbox) -> Mandate | None:
    """To whom a letter goes in the applicant's place, as long as the judgment holds.

    Nobody of a file that was sealed meanwhile.
    """
    key = effect.payload.get(GUARDIAN)
    if not key or effect.demand.is_sealed:
        return None
    return next((each for each in guardians_of(effect.demand) if each.pk == key), None)


def _sender(effect: Outbox) -> Organisation | None:
    return Organisation.objects.filter(pk=effect.payload.get("organisation")).first()


def _event(effect: Outbox) -> Event | None:
    return Event.objects.filter(pk=effect.payload.get("event"), demand=effect.demand).first()


def _notice(effect: Outbox) -> RenewalNotice | None:
    key = effect.payload.get("notice")
    return RenewalNotice.objects.filter(pk=key, demand=effect.demand).first() if key else None
