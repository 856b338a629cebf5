"""The code of online access that a counter may print again until it is typed."""

from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from register import clock, lifecycle
from register.account_codes import code_of
from register.models import AccountCode, Contact, Demand, SafeWay
from register.one_time_codes import spaced
from register.safe_way import may_reach

# In an effect of the outbox, the code that it carries.
CODE = "account_code"


class GivenCode(NamedTuple):
    """A code as it is read aloud, and its last day."""

    code: str
    expires_on: date


def why_none(demand: Demand) -> str:
    """Why no code is given for a demand; empty when one may be.

    A sealed file has one too: its space is where she reads what no message may say. Whom she fears
    knows her date of birth and perhaps her number, never the code: it is given by the few who open
    the file (the team lead of the counter, the manager), by hand or by the safe way, and not by the
    agent who registered her, to whom the file is closed at once. An association has none: its
    demand is no person's (ADR 0028).
    """
    if demand.account_id is not None:
        return _("This demand is reached from an account already.")
    return _("Only a person can reach her demand with a code.") if demand.is_association else ""


def may_be_given(demand: Demand) -> bool:
    """True for a person's demand without an account, that no merge has closed."""
    return not why_none(demand) and not lifecycle.goes_on_elsewhere(demand)


def given_code(demand: Demand) -> GivenCode | None:
    """The one that was given and not typed yet; None once it is over."""
    found = usable_codes().filter(demand=demand).first()
    return GivenCode(spaced(code_of(found)), found.expires_on) if found else None


def usable_codes() -> QuerySet[AccountCode]:
    """The codes that may still be typed."""
    found = AccountCode.objects.filter(used_at=None, expires_on__gte=clock.today())
    return found.select_related("demand")


def email_given(demand: Demand) -> str:
    """The address given at the counter; empty without one, or where it is not the safe way."""
    contact = Contact.objects.filter(demand=demand).first() or Contact()
    return contact.email if may_reach(demand, contact, SafeWay.EMAIL) else ""
