"""By which ways an applicant agrees to be written to: each choice is dated and kept (GDPR art. 7).

Somebody in danger chooses one safe way instead, in her space or before an agent.

What the law orders is sent all the same: refusing e-mails puts it on paper (CCH R441-2-7).
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from register import access
from register.access import Action, FieldSet
from register.errors import NotAllowed
from register.models import Contact, Demand, Event, EventKind, SafeWay
from register.principals import Principal, PrincipalKind
from register.services.acts import clean_text
from register.services.changes import begin_change


@transaction.atomic
def choose_channels(
    *,
    principal: Principal,
    demand: Demand,
    accepts_email: bool,
    accepts_sms: bool,
    wants_letters: bool,
) -> Event | None:
    """Keep how the applicant wants to be written to; None when nothing changes.

    Raises ValidationError for text messages without a telephone, and for letters, or no e-mail, of
    somebody whose postal address the register does not know: the renewal must reach her one way.
    """
    change = begin_change(principal=principal, demand=demand, action=Action.EDIT)
    contact = Contact.objects.filter(demand=change.demand).first() or Contact(demand=change.demand)
    if accepts_sms and not contact.phone:
        raise ValidationError({"accepts_sms": _("The register does not know your telephone.")})
    has_address = bool(contact.address and contact.city)
    if wants_letters and not has_address:
        raise ValidationError({"wants_letters": _("The register does not know your address.")})
    if not accepts_email and not has_address:
        problem = _("Keep e-mails: without a postal address, nothing else would reach you.")
        raise ValidationError({"accepts_email": problem})
    chosen = {
        "accepts_email": accepts_email,
        "accepts_sms": accepts_sms,
        "wants_letters": wants_letters,
    }
    changed = {name: told for name, told in chosen.items() if getattr(contact, name) != told}
    if not changed:
        return None
    for name, told in changed.items():
        setattr(contact, name, told)
    contact.full_clean(exclude=["demand"])
    contact.save()
    return change.commit(EventKind.CHANNELS_CHOSEN, details=changed)


@transaction.atomic
def choose_safe_way(
    *,
    principal: Principal,
    demand: Demand,
    way: str,
    words: str = "",
    expected_version: int | None = None,
) -> Event | None:
    """Keep the one way by which the applicant of a sealed file is reached; None if nothing changes.

    `words` say when, through whom, what not to say: for whoever may read the contact details.
    Raises NotAllowed to whoever may not change these, Conflict, TransitionRefused, or
    ValidationError by the field: a file that is not sealed, a way that leads nowhere.
    """
    change = begin_change(
        principal=principal, demand=demand, action=Action.EDIT, expected_version=expected_version
    )
    current = change.demand
    if principal.kind is PrincipalKind.MEMBERSHIP and not _may_write(principal, current):
        raise NotAllowed(_("You cannot do this with this demand."))
    contact = Contact.objects.filter(demand=current).first() or Contact(demand=current)
    _check_leads_to_her(current, contact, way)
    words = clean_text(words)
    if (contact.safe_way, contact.safe_words) == (way, words):
        return None
    contact.safe_way, contact.safe_words = way, words
    # The choice is her agreement to this way.
    contact.accepts_email |= way == SafeWay.EMAIL
    contact.accepts_sms |= way == SafeWay.SMS
    contact.full_clean(exclude=["demand"])
    contact.save()
    return change.commit(EventKind.CHANNELS_CHOSEN, details={"safe_way": way})


def _may_write(principal: Principal, demand: Demand) -> bool:
    return access.fields(principal, demand).can_write(FieldSet.CONTACT)


def _check_leads_to_her(demand: Demand, contact: Contact, way: str) -> None:
    """ValidationError beside `way` when nothing would reach her by it."""
    if way not in SafeWay.values:
        raise ValidationError({"way": _("Choose an answer of the list.")})
    if not demand.is_sealed:
        raise ValidationError(_("Only a sealed file has a safe way."))
    has_email = contact.email or demand.account_id
    if way == SafeWay.EMAIL and not has_email:
        raise ValidationError({"way": _("No e-mail address was given with this demand.")})
    if way in (SafeWay.SMS, SafeWay.PHONE) and not contact.phone:
        raise ValidationError({"way": _("No telephone was given with this demand.")})
    if way == SafeWay.LETTER and not (contact.address and contact.city):
        raise ValidationError({"way": _("No postal address was given with this demand.")})
