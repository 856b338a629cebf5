"""What an applicant declared, told part by part from the definition of the form.

The file, her own page, her papers and the certificate show these rows: a question added to the form
is told in each of them, to those whose rights open its group of data.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from register import clock
from register.access import FieldRights, FieldSet
from register.codes import SENSITIVE_REASONS, PersonRole
from register.disclosed import everything
from register.form.definition import (
    COMMUNES,
    FLAT_SHARERS,
    FORM,
    LOCAL_ANSWERS,
    PLACES,
    REASONS,
    SEALED,
    TAX_INCOMES,
    Group,
    Question,
    groups_of,
)
from register.form.fields import YesNoField
from register.form.pages import BY_KEY
from register.form.single import Asked
from register.household import age_on
from register.models import Demand, FlatSharer, Person
from register.selectors.answers import answers_of
from register.selectors.given_answers import kept_answer
from register.selectors.space import declared

Someone = Person | FlatSharer
# Said together as a name, before anything else about somebody.
NAME = ("title", "birth_name", "used_name", "first_names")
ADULTS = (PersonRole.APPLICANT, PersonRole.CO_APPLICANT)


class Row(NamedTuple):
    """A label, and what was answered: a text, or several lines."""

    label: str
    value: str | list[str]


@dataclass(frozen=True)
class Told:
    """An answer in words: a text, or one for each choice; `kept` as the register keeps it."""

    asked: Asked
    words: str | list[str]
    kept: Any = None

    @property
    def question(self) -> Question:
        """What was asked."""
        return self.asked.question

    @property
    def line(self) -> str:
        """The answer behind its title."""
        return _("%(asked)s: %(told)s") % {"asked": self.asked.title, "told": self.said}

    @property
    def said(self) -> str:
        """The answer alone, on one line."""
        return self.words if isinstance(self.words, str) else ", ".join(self.words)


def declaration(
    demand: Demand,
    rights: FieldRights | None = None,
    *,
    without: tuple[str, ...] = (),
    names_missing: bool = False,
    whole: Demand | None = None,
) -> dict[str, list[Row]]:
    """The rows of each part that may be read, empty or not; `without` the answers of these names.

    Reasons that tell of health or violence go with the right to health. Tax incomes that adults did
    not declare are named to who asks for them. `whole` is the demand as `declared` already read it.
    """
    known = rights or everything()
    whole = whole or declared(demand, known)
    told = [
        each
        for each in answers_told(whole, known, names_missing=names_missing)
        if each.question.name not in without
    ]
    return {
        group.code: list(_rows(group, told, whole, known))
        for group in groups_of(demand)
        if known.can_read(group.field_set)
    }


def answers_told(
    demand: Demand,
    rights: FieldRights,
    *,
    names_missing: bool = False,
    among: Iterable[Question] = FORM,
) -> Iterator[Told]:
    """Every answer given that these rights open, in the order of the form; secrecy is no line."""
    people = _people(demand, rights)
    for question in among:
        if rights.can_read(question.part) and question.name != SEALED:
            about = people.get(question.whose, []) if question.is_of_somebody else [None]
            for person in about:
                asked = Asked(question, demand, person)
                kept = _known(asked, rights)
                words = _words(asked, kept)
                if words or (names_missing and _is_missing(asked)):
                    yield Told(asked, words or _("not declared"), kept)


def answers_kept(demand: Demand) -> dict[str, Any]:
    """Every answer as the register keeps it, under the names of the published schema.

    Amounts are texts in euros with two decimals, days ISO 8601, choices codes of the national list.
    """
    people = _people(demand, everything())
    kept: dict[str, Any] = {}
    for whose, (place, is_list) in PLACES.items():
        questions = [each for each in FORM if each.whose == whose]
        holders: list[Someone | None] = [*people[whose]] if whose in people else [None]
        rows = [_kept(demand, questions, person) for person in holders]
        kept[place] = rows if is_list else next(iter(rows), {})
    kept[LOCAL_ANSWERS] = {view.question.code: view.kept for view in answers_of(demand)}
    return kept


def _kept(demand: Demand, questions: list[Question], person: Someone | None) -> dict[str, Any]:
    told = {each.column: kept_answer(Asked(each, demand, person)) for each in questions}
    if "communes" in told:
        told["communes"] = [
            {"insee": wish.commune_id, "quarter": wish.quarter_id}
            for wish in demand.wished_communes.all()
        ]
    return {name: value for name, value in told.items() if value not in (None, "", [])}


def _people(demand: Demand, rights: FieldRights) -> dict[str, list[Someone]]:
    people: dict[str, list[Someone]] = {role: [] for role in PersonRole.values}
    for person in demand.persons.all():
        people[person.role].append(person)
    if rights.can_read(FieldSet.IDENTITY):
        people[FLAT_SHARERS] = list(demand.flat_sharers.all())
    return people


def _is_missing(asked: Asked) -> bool:
    return asked.question.column in TAX_INCOMES and asked.question.whose in ADULTS


def _known(asked: Asked, rights: FieldRights) -> Any:
    """The answer as it is kept, without the reasons that tell of what may not be read."""
    kept = kept_answer(asked)
    if asked.question.name == REASONS and not rights.can_read(FieldSet.HEALTH):
        return [code for code in kept if code not in SENSITIVE_REASONS]
    return kept


def _words(asked: Asked, kept: Any) -> str | list[str]:
    question = asked.question
    if question.name == COMMUNES:
        wishes = enumerate(asked.demand.wished_communes.all(), start=1)
        return [f"{place}. {wish.place} ({wish.commune.postal_code})" for place, wish in wishes]
    if not kept and not isinstance(question.field, YesNoField):
        # A box left empty, or no child to be born, says nothing.
        return ""
    words = asked.said(kept)
    return [str(each) for each in words] if isinstance(words, list) else str(words)


def _rows(group: Group, told: list[Told], demand: Demand, rights: FieldRights) -> Iterator[Row]:
    """People first, each with her answers; then the answers about nobody in particular."""
    found = [each for each in told if each.question.group == group.code]
    for people in _people(demand, rights).values():
        for person in people:
            lines = [
                each.line
                for each in found
                if each.asked.person == person and each.question.name not in NAME
            ]
            if group.code == "identity":
                yield Row(role_of(person), [named(person), *lines])
            elif group.code == "household" and isinstance(person, Person):
                yield Row(_whose(person, rights), [age_of(person), *lines])
            elif lines:
                yield Row(_whose(person, rights), lines)
    yield from _known_besides(group, demand)
    others = [each for each in found if each.asked.person is None]
    for page, answers in groupby(others, key=lambda each: each.question.page):
        if together := BY_KEY[page].form.together:
            yield Row(str(together), _address(list(answers)))
        else:
            yield from (Row(each.asked.title, each.words) for each in answers)


def _known_besides(group: Group, demand: Demand) -> Iterator[Row]:
    """What no page asks: how many people, the numbering of an association, the account's e-mail."""
    if group.code == "household":
        yield Row(_("People to be housed"), str(demand.facts.household_size))
    if group.code == "identity" and demand.is_association:
        # It completes the registration number (arrêté of 7 November 2000).
        rank = _("no. %(rank)s") % {"rank": demand.association.rank}
        yield Row(_("Demand of this association"), rank)
    if group.code == "contact" and (email := _email(demand)):
        yield Row(_("E-mail"), email)


def _email(demand: Demand) -> str:
    """That of the account: no page asks for it."""
    contact = getattr(demand, "contact", None)
    return contact.email if contact else ""


def _address(answers: list[Told]) -> list[str]:
    """As on an envelope."""
    told = {each.question.name.removeprefix("home_"): each for each in answers}
    town = [str(told.pop(name).words) for name in ("postal_code", "city") if name in told]
    street = [str(told.pop(name).words) for name in ("address", "address_extra") if name in told]
    lines = [*(each.line for each in told.values()), *street, " ".join(town)]
    return [line for line in lines if line]


def role_of(person: Someone) -> str:
    """Her place in the household, or beside it."""
    if isinstance(person, Person):
        return str(person.get_role_display())
    return _("Flat-sharer, with a demand of his or her own")


def named(person: Someone) -> str:
    """Civility and name, and the birth name where another one is used."""
    name = f"{person.get_title_display()} {person}".strip()
    if getattr(person, "used_name", "") in ("", person.birth_name):
        return name
    return _("%(name)s, born %(birth_name)s") % {"name": name, "birth_name": person.birth_name}


def age_of(person: Person) -> str:
    """In whole years."""
    age = age_on(clock.today(), person.birth_date)
    return ngettext("%(count)s year old", "%(count)s years old", age) % {"count": age}


def _whose(person: Someone, rights: FieldRights) -> str:
    if not rights.can_read(FieldSet.IDENTITY):
        return role_of(person)
    return _("%(what)s – %(who)s") % {"what": role_of(person), "who": person}
