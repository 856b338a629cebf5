"""By which ways an applicant agrees to be written to: each choice is dated and kept (GDPR art. 7).

What the law orders is sent all the same: refusing e-mails puts it on paper (CCH R441-2-7).
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from register.access import Action
from register.models import Contact, Demand, Event, EventKind
from register.principals import Principal
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
