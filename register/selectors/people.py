"""The people of a demand as a reader may name them: what she may not read is left out."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from register import clock, codes
from register.access import FieldRights
from register.household import age_on
from register.models import Demand, Person


@dataclass(frozen=True)
class PersonView:
    """A person of the household; age and civil status are left out for who may not read them."""

    key: int
    role: str
    is_adult: bool
    age: int | None = None
    title: str = ""
    name: str = ""
    first_names: str = ""
    birth_name: str = ""
    birth_date: date | None = None
    nationality: str = ""


def people_as(demand: Demand, rights: FieldRights) -> list[PersonView]:
    """The household as these rights show it, the applicant first."""
    order = list(codes.PersonRole.values)
    people = sorted(demand.persons.all(), key=lambda who: (order.index(who.role), who.position))
    today = clock.today()
    return [_person(person, rights, today) for person in people]


def _person(person: Person, rights: FieldRights, today: date) -> PersonView:
    age = age_on(today, person.birth_date)
    seen: dict[str, Any] = {"key": person.pk, "role": person.role, "is_adult": age >= 18}
    if rights.can_read("household"):
        seen["age"] = age
    if rights.can_read("identity"):
        seen |= {
            "title": person.get_title_display(),
            "name": person.full_name,
            "first_names": person.first_names,
            "birth_name": person.birth_name,
            "birth_date": person.birth_date,
            "nationality": person.get_nationality_display(),
        }
    return PersonView(**seen)
