"""Whether an applicant may give her demand up by herself, online (CCH R441-2-8 b)."""

from datetime import date

from django.utils.translation import gettext as _

from register import clock, deadlines, lifecycle
from register.codes import PersonRole
from register.models import Demand, MandateKind, MandateScope
from register.principals import Principal
from register.selectors.mandates import guardians_of


def why_not(principal: Principal, demand: Demand) -> str:
    """Why this person may not give the demand up alone; empty when she may.

    It is also the co-applicant's: both say so, at a counter, where it may become the other's
    instead. Who is represented by a judgment gives up by her guardian (Code civil, art. 473), who
    has a curator with him (art. 467).
    """
    if not lifecycle.can(demand, "strike_off"):
        return _("This demand has ended already.")
    if demand.persons.filter(role=PersonRole.CO_APPLICANT).exists():
        return _(
            "Somebody else asks for a home with you in this demand: you cannot end it for both."
            " Bring a counter a paper signed by both of you. If one of you still looks for a home,"
            " the counter gives the demand to that person, with its waiting time."
        )
    guardians = guardians_of(demand)
    if any(each.kind == MandateKind.CURATOR for each in guardians):
        return _(
            "A curator assists whoever asks for a home here: bring a counter a paper signed by"
            " both."
        )
    represented = any(each.scope == MandateScope.REPRESENT for each in guardians)
    if represented and principal.user is not None and demand.account_id == principal.user.pk:
        return _("Somebody represents you by a judgment, and alone may give up this demand.")
    return ""


def erased_if_ended_today(demand: Demand) -> date:
    """The day on which the data of a demand that ends today is erased (décret 2017-917, art. 4)."""
    return deadlines.add(clock.today(), deadlines.get("retention", demand.department_id))
