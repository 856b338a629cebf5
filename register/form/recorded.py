"""A demand of the register as the online form would have kept it: the inverse of `assembly`.

Whoever changes her declaration finds each page filled with what is recorded, and the pages that
apply to her are those of the form.
"""

from collections.abc import Mapping
from typing import NamedTuple

from register.codes import PersonRole
from register.form.answers import ASSOCIATION, Answers, Raw
from register.form.asked_locally import AskedLocally, typed_locally
from register.form.definition import (
    CO_APPLICANT,
    COMMUNES,
    DEPENDANTS,
    DISABILITY,
    INCOME,
    NEEDS,
    OTHERS,
    SEALED,
    SHARERS,
    VISITORS,
)
from register.form.fields.choices import NO, YES
from register.form.pages import BY_KEY, FIRST
from register.form.revisions import current
from register.form.single import Asked
from register.form.together import everything_asked
from register.models import Demand, FlatSharer, Person
from register.selectors.given_answers import kept_answer

_ROLE = PersonRole
_KINDS = {
    "ressources-montants": "ressources-revenus",
    "ressources-montants-conjoint": "ressources-revenus-conjoint",
}
_LIST_OF = {_ROLE.DEPENDANT: DEPENDANTS, _ROLE.VISITING_CHILD: VISITORS}


class Place(NamedTuple):
    """Where the form asks something: page (empty: nowhere), person of a list, and field."""

    page: str
    person: str
    field: str


def key_of(row: Person | FlatSharer) -> str:
    """The key under which the form would have kept somebody of a list."""
    return f"{row.pk:08x}"


class Household:
    """The people of a demand under the keys of the form: the first two have pages of their own."""

    def __init__(self, demand: Demand) -> None:
        people = sorted(demand.persons.all(), key=lambda who: who.position)
        of = {role: [who for who in people if who.role == role] for role in _ROLE}
        self.first = next(iter(of[_ROLE.CO_APPLICANT]), None)
        self.others = of[_ROLE.CO_APPLICANT][1:]
        self.lists = {
            OTHERS: self.others,
            DEPENDANTS: of[_ROLE.DEPENDANT],
            VISITORS: of[_ROLE.VISITING_CHILD],
        }
        self.keys: dict[int, str] = {who.pk: key_of(who) for who in people}
        self.keys |= {who.pk: "applicant" for who in of[_ROLE.APPLICANT]}
        if self.first:
            self.keys[self.first.pk] = "co_applicant"
        self.everybody = people

    def is_other(self, person: Person) -> bool:
        """True for a co-applicant who is not the first."""
        return person in self.others


def place_of(asked: Asked, household: Household) -> Place:
    """Where the form asks this question of this applicant."""
    question, person = asked.question, asked.person
    if question.name == NEEDS and person:
        return Place(question.page, household.keys[person.pk], NEEDS)
    if person and household.is_other(person) and question.name != DISABILITY:
        known = (INCOME, *BY_KEY[OTHERS].form.base_fields)
        page = OTHERS if question.column in known else ""
        return Place(page, key_of(person), question.column)
    if person and _LIST_OF.get(_ROLE(person.role)) == question.page:
        return Place(question.page, key_of(person), question.name)
    return Place(question.page, "", question.name)


def asked_on(demand: Demand, page: str, person: str = "") -> list[tuple[str, Asked]]:
    """What a page asks of this applicant that the register keeps, each with the field that asks."""
    household = Household(demand)
    placed = ((place_of(asked, household), asked) for asked in everything_asked(demand))
    return [(place.field, asked) for place, asked in placed if place[:2] == (page, person)]


def recorded(demand: Demand) -> Answers:
    """The whole declaration as typed answers, under the revision of today."""
    answers = Answers({})
    answers.revision = current().code
    if demand.is_association:
        answers.write(FIRST, {"applicant_kind": [ASSOCIATION]})
    household = Household(demand)
    raw: dict[tuple[str, str], Raw] = {}
    for asked in everything_asked(demand):
        place = place_of(asked, household)
        if place.page and _is_field(asked, place):
            raw.setdefault(place[:2], {}).update(_typed(asked, place))
    for (page, person), typed in raw.items():
        answers.write(page, typed, person=person)
    _write_household(answers, demand, household)
    answers.write("coordonnees", {**answers.raw("coordonnees"), **_consents(demand)})
    for page, kinds in _KINDS.items():
        amounts = answers.raw(page)
        answers.write(kinds, {"kinds": [name.removeprefix("amount_") for name in amounts]})
    wished = list(demand.wished_communes.all())
    answers.communes = [wish.commune_id for wish in wished]
    answers.quarters = {wish.commune_id: wish.quarter_id for wish in wished if wish.quarter_id}
    return answers


def _is_field(asked: Asked, place: Place) -> bool:
    """Amounts and local questions are fields that a form builds; what changes whole has several."""
    is_built = isinstance(asked, AskedLocally) or bool(asked.question.income)
    return is_built or place.field in BY_KEY[place.page].form.base_fields


def _typed(asked: Asked, place: Place) -> Raw:
    """One answer under the name of its field, which is not that of its question for some people."""
    if asked.question.name == SEALED:
        return {SEALED: [YES if kept_answer(asked) else NO]}
    if asked.question.name == COMMUNES:
        return {}
    if isinstance(asked, AskedLocally):
        return typed_locally(asked, kept_answer(asked))
    typed = asked.typed(kept_answer(asked))
    name = asked.question.name
    return {place.field + told.removeprefix(name): value for told, value in typed.items()}


def _write_household(answers: Answers, demand: Demand, household: Household) -> None:
    """Who is of it, which the form asks by yes or no before it asks who."""
    sharers = list(demand.flat_sharers.all())
    yes_or_no: Mapping[bool, str] = {True: YES, False: NO}
    answers.write(
        "foyer",
        {
            "has_co_applicant": [yes_or_no[household.first is not None]],
            "has_flat_sharers": [yes_or_no[bool(sharers)]],
        },
    )
    first = {**answers.raw(CO_APPLICANT), "has_others": [yes_or_no[bool(household.others)]]}
    answers.write(CO_APPLICANT, first if household.first else {})
    for page, people in household.lists.items():
        for who in people:
            told = {**answers.raw(page, key_of(who)), **_income(who, page)}
            answers.write(page, told, person=key_of(who))
    for sharer in sharers:
        answers.write(SHARERS, _sharer(sharer), person=key_of(sharer))
    concerned = [who for who in household.everybody if who.has_disability]
    answers.write("foyer-handicap", {"disabled": [household.keys[who.pk] for who in concerned]})
    for who in concerned:
        answers.write("foyer-annexes", _needs(who), person=household.keys[who.pk])


def _consents(demand: Demand) -> Raw:
    contact = getattr(demand, "contact", None)
    names = ("accepts_email", "accepts_sms")
    return {name: ["on"] for name in names if getattr(contact, name, False)}


def _income(who: Person, page: str) -> Raw:
    """The one line in which the form asks what somebody of a list receives."""
    if page == VISITORS:
        return {}
    lines = list(who.incomes.all())[:1]
    return {
        name: [value]
        for line in lines
        for name, value in (
            ("income_kind", line.kind),
            ("income_amount", f"{line.amount:.2f}".replace(".", ",").removesuffix(",00")),
        )
    }


def _needs(who: Person) -> Raw:
    told: Raw = {}
    for need in who.needs.all():
        told.setdefault(need.topic, []).append(need.code)
    return told


def _sharer(sharer: FlatSharer) -> Raw:
    born = sharer.birth_date
    return {
        "title": [sharer.title],
        "birth_name": [sharer.birth_name],
        "first_names": [sharer.first_names],
        "birth_date_0": [str(born.day)],
        "birth_date_1": [str(born.month)],
        "birth_date_2": [str(born.year)],
    }
