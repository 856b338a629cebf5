"""The lists of people of a declaration, as the history keeps them."""

from collections.abc import Mapping

from register.codes import PersonRole
from register.form.definition import (
    CO_APPLICANT,
    DEPENDANTS,
    OTHERS,
    PEOPLE,
    SHARERS,
    TOGETHER,
    VISITORS,
    Question,
)
from register.form.together import named
from register.models import Demand

ROLES: Mapping[str, PersonRole] = {
    CO_APPLICANT: PersonRole.CO_APPLICANT,
    OTHERS: PersonRole.CO_APPLICANT,
    DEPENDANTS: PersonRole.DEPENDANT,
    VISITORS: PersonRole.VISITING_CHILD,
}


def list_asked_on(page: str) -> Question:
    """The question that the list of a page answers as a whole."""
    return TOGETHER[f"{page}.{PEOPLE}"]


def names_on(demand: Demand, page: str) -> list[str]:
    """Those of the list of a page, with their birth dates, in its order."""
    if page == SHARERS:
        sharers = demand.flat_sharers.all()
        return [named(each.first_names, each.birth_name, each.birth_date) for each in sharers]
    people = demand.persons.filter(role=ROLES[page]).order_by("position")
    return [named(each.first_names, each.last_name, each.birth_date) for each in people]
