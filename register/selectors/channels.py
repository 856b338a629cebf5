"""By which ways an applicant is written to."""

from collections.abc import Iterator

from django.conf import settings

from register import codes
from register.letters import texts
from register.letters.email import address_of
from register.models import Contact, Demand, EffectKind, EventKind, SafeWay
from register.safe_way import may_reach

# The text of the letters modules that tells a step to somebody who has no e-mail.
STEP_LETTER = "step"
# What stays written: a text message proves nothing (R441-2-7).
WRITTEN = frozenset({EffectKind.MESSAGE_EMAIL, EffectKind.LETTER})
# The one that copies it to a guardian.
GUARDIAN_LETTER = "guardian_step"
# What must reach the applicant, by post when there is no other way: what ends her demand, gives it
# back or says no (CCH L441-2-2, R441-2-8), a home for which she is a candidate (R441-3), what waits
# for her answer, who has or reads it from now on, and what somebody else changed in her declaration
# (GDPR art. 16). A document found valid asks nothing of her, and one that is not of the list is
# sent again by nobody: neither is worth a letter.
MATTERS = frozenset(
    {
        EventKind.WARNED,
        EventKind.STRUCK_OFF,
        EventKind.REACTIVATED,
        EventKind.CANDIDATE_PROPOSED,
        EventKind.CANDIDATE_REFUSED,
        EventKind.PIECE_REQUESTED,
        EventKind.DOCUMENT_REFUSED,
        EventKind.DOCUMENT_OBSOLETE,
        EventKind.LABEL_REFUSED,
        EventKind.MODIFIED,
        EventKind.MESSAGE_SENT,
        EventKind.CORRECTION_ASKED,
        EventKind.TRANSFERRED,
        EventKind.ACCOUNT_LINKED,
        EventKind.MANDATE_GIVEN,
        EventKind.MANDATE_REVOKED,
    }
)
# Steps that are her own word, and matter when nobody heard it: an offer that she never received
# counts as refused once the time to answer is over (R441-10).
UNHEARD = frozenset({(EventKind.OFFER_DECLINED, codes.DeclineReason.NO_ANSWER)})


def channels(demand: Demand) -> Iterator[EffectKind]:
    """How an end of validity is announced (R441-2-7), and by text message to those who agreed.

    By post and by e-mail to whoever never used the online service; by e-mail to the others, and by
    post too when they asked for it. Nothing when the register knows no address of any kind; of a
    sealed file, by the safe way alone.
    """
    contact = Contact.objects.filter(demand=demand).first() or Contact()
    by_email = bool(address_of(demand))
    if by_email:
        yield EffectKind.MESSAGE_EMAIL
    is_on_paper = contact.wants_letters or not has_used_online(demand) or not by_email
    if is_on_paper and _has_post(demand, contact):
        yield EffectKind.LETTER
    if _has_texts(demand, contact):
        yield EffectKind.SMS


def matters(kind: str, reason: str = "") -> bool:
    """True for a step that must reach the applicant by whatever way there is."""
    return kind in MATTERS or (kind, reason) in UNHEARD


def way_to_tell(demand: Demand, kind: str, reason: str = "") -> EffectKind | None:
    """How a step of this kind, for this reason, is told to the applicant; None: nobody tells her.

    By e-mail; to somebody without, the steps that matter by post, else by text message to those who
    agreed. Of a sealed file, by the safe way alone: a body tells what matters and it cannot carry.
    """
    return _way(demand, matters(kind, reason))


def ways_to_tell(demand: Demand) -> dict[bool, EffectKind | None]:
    """The same before any step: of those that matter (True), and of the others."""
    return {it_matters: _way(demand, it_matters) for it_matters in (True, False)}


def _way(demand: Demand, it_matters: bool) -> EffectKind | None:
    if address_of(demand):
        return EffectKind.MESSAGE_EMAIL
    if not it_matters:
        return None
    contact = Contact.objects.filter(demand=demand).first() or Contact()
    letter = texts.find(STEP_LETTER, demand.department_id)
    if letter and _has_post(demand, contact):
        return EffectKind.LETTER
    return EffectKind.SMS if _has_texts(demand, contact) else None


def _has_post(demand: Demand, contact: Contact) -> bool:
    is_known = bool(contact.address and contact.city)
    return is_known and may_reach(demand, contact, SafeWay.LETTER)


def _has_texts(demand: Demand, contact: Contact) -> bool:
    agrees = bool(settings.SMS_BACKEND and contact.accepts_sms and contact.phone)
    return agrees and may_reach(demand, contact, SafeWay.SMS)


def has_used_online(demand: Demand) -> bool:
    """True for a demand sent online, or whose applicant has signed in since."""
    account = demand.account
    return demand.channel == codes.Channel.ONLINE or bool(account and account.last_login)
