"""By which way the applicant will be told, in words: the one that she chose, never another."""

from django.utils.translation import gettext as _

from register.letters.email import address_of
from register.models import Demand, EffectKind, EventKind
from register.selectors.channels import way_to_tell


def each_step(demand: Demand) -> str:
    """How the next steps reach her: those that matter, when nothing else is sent to her."""
    told = {
        EffectKind.MESSAGE_EMAIL: _("You will get an e-mail at each step."),
        EffectKind.LETTER: _("A letter tells you each important step."),
        EffectKind.SMS: _("A text message tells you each important step."),
    }
    way = way_to_tell(demand, EventKind.CANDIDATE_PROPOSED)
    return told[way] if way else read_here()


def once_checked(demand: Demand) -> str:
    """How she learns that her identity document was checked."""
    if way_to_tell(demand, EventKind.IDENTITY_VERIFIED):
        return _("You will get an e-mail when it is done.")
    return _("You will read here when it is done.")


def certificate(demand: Demand) -> str:
    """How the certificate of registration reaches her (CCH R441-2-4)."""
    if demand.is_sealed:
        return _("Your certificate of registration is in your space: nothing of it is sent.")
    if address_of(demand):
        return _("We send the certificate of registration to your e-mail address.")
    return _("We send the certificate of registration by post. It is in your space already.")


def read_here() -> str:
    """When nobody writes to her, or her helper may not know how she is reached."""
    return _("Each step is written here.")
