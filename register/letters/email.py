"""The e-mails of the register: what they say, to whom, in which language. Nothing is sent here.

A mail travels and is read on shared phones: it never tells a name, an address or a decision, only
the way to the space. The certificate of registration is the exception the law asks for (R441-2-4).
To somebody in danger (a sealed file) it does not even say that it is about a home: it bears no
certificate, and only what ends her demand if she does nothing (R441-2-7) is told in it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from register.account_codes import code_of
from register.letters import texts
from register.letters.attestation import attestation_pdf
from register.letters.renewal import OneTap
from register.models import AccountCode, Contact, Demand, Event, Organisation, SafeWay
from register.one_time_codes import spaced
from register.safe_way import may_reach
from register.selectors.mandates import UNDER, is_under_a_judgment
from rules.kinds.letters import Letter
from rules.letters import MissingValue


@dataclass(frozen=True)
class Mail:
    """A mail ready to leave: plain text, the same in HTML, and PDF files as (name, bytes)."""

    subject: str
    text: str
    language: str
    html: str = ""
    attachments: tuple[tuple[str, bytes], ...] = ()


def address_of(demand: Demand) -> str:
    """Where to write to the applicant; empty when there is no address, or she is reached otherwise.

    She prefers letters, or hers is a sealed file whose safe way is another one.
    """
    contact = Contact.objects.filter(demand=demand).first() or Contact()
    if not contact.accepts_email or not may_reach(demand, contact, SafeWay.EMAIL):
        return ""
    return contact.email or (demand.account.email if demand.account else "")


def registration_mail(demand: Demand, *, space_url: str) -> Mail:
    """The certificate of registration with its number and its date (CCH R441-2-4)."""
    return _with_certificate("registration", demand, space_url)


def renewal_mail(demand: Demand, *, space_url: str) -> Mail:
    """The same certificate after a renewal, with the new end of validity (CCH R441-2-7)."""
    return _with_certificate("renewal", demand, space_url)


def transfer_mail(demand: Demand, *, space_url: str) -> Mail:
    """The certificate in the name of the co-applicant who took the demand over."""
    return _with_certificate("transfer", demand, space_url)


def _with_certificate(name: str, demand: Demand, space_url: str) -> Mail:
    if demand.is_sealed:
        return discreet_mail(demand, space_url=space_url)
    pdf = attestation_pdf(demand)
    with translation.override(demand.language):
        attached = ((f"attestation-{demand.number}.pdf", pdf),)
        return _mail(name, demand, space_url, attached)


def account_code_mail(given: AccountCode, *, space_url: str) -> Mail:
    """The code of online access, asked for at a counter; it says neither who nor which demand."""
    demand = given.demand
    with translation.override(demand.language):
        code = spaced(code_of(given))
        return _mail("account_code", demand, space_url, code=code, until=given.expires_on)


def idle_account_mail(*, space_url: str, until: date) -> Mail:
    """An account that nobody uses is erased after that day, unless its holder signs in."""
    with translation.override(settings.LANGUAGE_CODE):
        context = {"space_url": space_url, "until": until}
        text = render_to_string("mail/idle_account.txt", context).strip() + "\n"
        return Mail(_subject("idle_account"), text, settings.LANGUAGE_CODE)


def handed_over_mail(demand: Demand, sentences: list[str]) -> Mail:
    """To whoever gave the demand over: she has no space to read it in any more."""
    with translation.override(demand.language):
        return Mail(
            subject=_subject("handed_over"),
            text=render_to_string("mail/handed_over.txt", {"sentences": sentences}).strip() + "\n",
            language=demand.language,
        )


def discreet_mail(demand: Demand, *, space_url: str) -> Mail:
    """Something is to be read; nothing says what it is about, nor who writes."""
    with translation.override(demand.language):
        return _mail("discreet", demand, space_url)


def notice_mail(demand: Demand, *, space_url: str, event: Event | None = None) -> Mail:
    """There is something new in the space; not a word of what.

    In the words that partners chose for this step; without any, in those of the register. What a
    helper did is told as such, and not in whose name: both are read in the space.
    """
    if demand.is_sealed:
        return discreet_mail(demand, space_url=space_url)
    if event and UNDER in event.details:
        with translation.override(demand.language):
            by_judge = is_under_a_judgment(event)
            return _mail("under_mandate", demand, space_url, by_judge=by_judge)
    letter = texts.for_step(event.kind, "email", demand.department_id) if event else None
    if letter is not None and (mail := letter_mail(letter, demand, space_url, event)):
        return mail
    with translation.override(demand.language):
        return _mail("notice", demand, space_url)


def letter_mail(
    letter: Letter,
    demand: Demand,
    space_url: str,
    event: Event | None = None,
    organisation: Organisation | None = None,
    renewal: OneTap | None = None,
) -> Mail | None:
    """A text of the letters modules as a mail; None when the file lacks one of its values.

    `renewal` is the link and the code of an announcement, below the text of the partners.
    """
    try:
        filled = texts.written(letter, demand, event=event, organisation=organisation)
    except MissingValue:
        return None
    with translation.override(demand.language):
        context = {
            "filled": filled,
            "space_url": space_url,
            "language": demand.language,
            "renewal": renewal,
        }
        return Mail(
            subject=_subject("discreet") if demand.is_sealed else filled.subject,
            text=render_to_string("mail/letter.txt", context).strip() + "\n",
            language=demand.language,
            html=render_to_string("mail/letter.html", context),
        )


def _mail(
    name: str,
    demand: Demand,
    space_url: str,
    attachments: tuple[tuple[str, bytes], ...] = (),
    **told: Any,
) -> Mail:
    context = {"demand": demand, "space_url": space_url, **told}
    return Mail(
        subject=_subject("discreet" if demand.is_sealed else name),
        text=render_to_string(f"mail/{name}.txt", context).strip() + "\n",
        language=demand.language,
        attachments=attachments,
    )


def _subject(name: str) -> str:
    return " ".join(render_to_string(f"mail/{name}_subject.txt").split())
