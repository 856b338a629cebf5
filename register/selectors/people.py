"""The people of a demand as a reader may see them: what she may not read is left out."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from register import annex, clock, code_lists, codes
from register.access import FieldRights
from register.household import age_on
from register.models import Demand, Person


@dataclass(frozen=True)
class PersonView:
    """A person of the household; money in euros per year (tax) or per month (incomes, alimony).

    `needs` are those of the annex on handicap, each a question and its answers in words.
    Values of a field set that the reader may not read are None or empty.
    """

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
    family_status: str = ""
    link: str = ""
    sex: str = ""
    custody: str = ""
    has_disability: bool | None = None
    needs: tuple[tuple[str, str], ...] = ()
    work_status: str = ""
    occupation: str = ""
    employer: str = ""
    employer_siret: str = ""
    workplace: str = ""
    long_unemployed: bool | None = None
    unemployed_until: date | None = None
    alimony_paid: Decimal | None = None
    tax_income_n2: Decimal | None = None
    tax_income_n1: Decimal | None = None
    incomes: tuple[tuple[str, Decimal], ...] = ()


def people_as(demand: Demand, rights: FieldRights) -> list[PersonView]:
    """The household as these rights show it, the applicant first; the annex only to who may."""
    order = list(codes.PersonRole.values)
    people = list(demand.persons.prefetch_related("incomes"))
    people.sort(key=lambda person: (order.index(person.role), person.position))
    today = clock.today()
    return [_person(person, rights, today) for person in people]


def _person(person: Person, rights: FieldRights, today: date) -> PersonView:
    age = age_on(today, person.birth_date)
    seen: dict[str, Any] = {"key": person.pk, "role": person.role, "is_adult": age >= 18}
    if rights.can_read("household"):
        seen |= {
            "age": age,
            "family_status": person.get_family_status_display(),
            "link": _link(person),
            "custody": person.get_custody_display(),
            "sex": person.get_sex_display(),
        }
    if rights.can_read("identity"):
        seen |= {
            "title": person.get_title_display(),
            "name": person.full_name,
            "first_names": person.first_names,
            "birth_name": person.birth_name,
            "birth_date": person.birth_date,
            "nationality": person.get_nationality_display(),
        }
    if rights.can_read("health"):
        seen["has_disability"] = person.has_disability
        if person.has_disability:
            seen["needs"] = needs_of(person)
    if rights.can_read("resources"):
        seen |= {
            "work_status": person.get_work_status_display(),
            "occupation": person.occupation,
            "employer": person.get_employer_display(),
            "employer_siret": person.employer_siret,
            "workplace": person.workplace,
            "long_unemployed": person.long_unemployed,
            "unemployed_until": person.unemployed_until,
            "alimony_paid": person.alimony_paid,
            "tax_income_n2": person.tax_income_n2,
            "tax_income_n1": person.tax_income_n1,
            "incomes": tuple(
                (income.get_kind_display(), income.amount) for income in person.incomes.all()
            ),
        }
    return PersonView(**seen)


def _link(person: Person) -> str:
    lists: dict[str, Any] = {
        codes.PersonRole.CO_APPLICANT: codes.ApplicantLink,
        codes.PersonRole.DEPENDANT: codes.DependantLink,
        codes.PersonRole.VISITING_CHILD: codes.DependantLink,
    }
    known = code_lists.of(lists[person.role]).labels if person.role in lists else {}
    return str(known.get(person.link, ""))


def needs_of(person: Person) -> tuple[tuple[str, str], ...]:
    """The annex of a person: each question answered, and its answers in words."""
    told: dict[str, list[str]] = {}
    for need in person.needs.all():
        told.setdefault(need.topic, []).append(str(need))
    return tuple(
        (str(topic.label), ", ".join(told[topic])) for topic in annex.Topic if topic in told
    )
