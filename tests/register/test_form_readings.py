"""One definition of the form, many readings: no answer changes without each of them showing it.

The definition is `register/form/definition.py`; the readings are the file of an agent who reads in
full, what the applicant reads before sending and afterwards, the certificate, and her data to take
away.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from backoffice.sections import sections as file_sections
from portal import review
from portal.space.summary import sections as own_sections
from register import access, codes
from register.annex import Topic
from register.form import pages
from register.form.answers import Answers
from register.form.assembly import assemble
from register.form.boxes import flat
from register.form.definition import FORM, IMPLIED, TAX_INCOMES
from register.form.fields import DatePartsField
from register.form.pages import ANNEX, COMMUNES, DOCUMENT, NATIONAL_PAGES, PEOPLE, Page
from register.letters.attestation import build_attestation
from register.models import Demand
from register.principals import SYSTEM, Principal
from register.selectors.declaration import answers_kept
from register.selectors.file import read_file
from register.selectors.space import declared
from register.services.submission import Deposit, import_demand
from tests.factories import (
    make_commune,
    make_counter,
    make_member,
    make_organisation,
    make_user,
    principal_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

Question = tuple[str, str]
FILE, OWN, CERTIFICATE, DATA = "the file", "her own page", "the certificate", "her data"
REVIEW = "what she reads before sending"
SOMEBODY = {PEOPLE: "0000000a", ANNEX: "applicant"}
# What is tried, until two answers are taken: words, numbers, and numbers with a key.
TYPED = (
    *("Alpha", "Omega", "2", "3", "12", "13", "0612345678", "0687654321"),
    *("732829320", "552100554", "73282932000074", "55210055400013"),
)
# Closes the file instead of being a line of it, and is told on no page that somebody may look at.
SEALED = ("motifs-protection", "is_sealed")
# The day after which somebody worked again says that she did not before.
SAID_BY_A_DAY = {(f"ressources-employeur{of}", "long_unemployed") for of in ("", "-conjoint")}
# Answered so that every page applies, and nothing of it is withheld; then otherwise.
CHOSEN: Mapping[Question, tuple[list[str], list[str]]] = {
    ("foyer", "has_co_applicant"): (["oui"], ["non"]),
    ("foyer-handicap", "disabled"): (["applicant"], ["co_applicant"]),
    ("logement-actuel", "kind"): (["HLM"], ["LP"]),
    ("motifs", "reasons"): (["13", "06"], ["10", "06"]),
    SEALED: (["non"], ["oui"]),
}
# What a reading keeps to itself, and why.
WITHHELD: Mapping[str, Mapping[str, str]] = {
    CERTIFICATE: {
        **dict.fromkeys(("disabled", *Topic.values), "a paper that is shown around"),
        **dict.fromkeys(("phone", "accepts_email", "accepts_sms"), "no item of R441-2-4"),
    },
}


@dataclass(frozen=True)
class Asked:
    """A question of the form with two answers that it takes, as they are typed."""

    page: Page
    name: str
    first: dict[str, list[str]]
    other: dict[str, list[str]]

    @property
    def question(self) -> Question:
        return self.page.key, self.name


def _two(page: Page, name: str, field: forms.Field, place: int) -> Asked:
    if (page.key, name) in CHOSEN:
        first, other = CHOSEN[page.key, name]
        return Asked(page, name, {name: first}, {name: other})
    if isinstance(field, DatePartsField):
        days = (timezone.localdate() + timedelta(days=30 * n + place) for n in (1, 2))
        past = (date(1980 + n, 3, 1 + place % 28) for n in (1, 2))
        typed = [
            [str(d.day), str(d.month), str(d.year)] for d in (days if field.months_ahead else past)
        ]
        one, two = ({f"{name}_{n}": [part] for n, part in enumerate(day)} for day in typed)
        return Asked(page, name, one, two)
    if isinstance(field, forms.BooleanField):
        return Asked(page, name, {name: ["on"]}, {})
    if hasattr(field, "choices"):
        codes_of = [str(code) for code, _label in flat(field.choices) if code]
        return Asked(page, name, {name: codes_of[:1]}, {name: codes_of[1:2]})
    taken = [text for text in TYPED if _is_taken(field, text)]
    assert len(taken) > 1, (page.key, name)
    return Asked(page, name, {name: [taken[0]]}, {name: [taken[1]]})


def _is_taken(field: forms.Field, text: str) -> bool:
    try:
        return bool(field.clean(text))
    except ValidationError:
        return False


def _answered() -> tuple[Answers, list[Asked]]:
    """Every question of the national form answered, page after page."""
    answers, asked = Answers({}), list[Asked]()
    for page in NATIONAL_PAGES:
        if page.kind == COMMUNES:
            answers.communes = ["21231"]
        if page.kind in (COMMUNES, DOCUMENT) or not page.applies(answers):
            continue
        person = SOMEBODY.get(page.kind, "")
        fields = pages.form_of(page, answers, person).fields
        found = [_two(page, *each, place) for place, each in enumerate(fields.items())]
        raw = {key: typed for each in found for key, typed in each.first.items()}
        answers.write(page.key, raw, person=person)
        asked += found
    return answers, asked


def _otherwise(answers: Answers, asked: Asked) -> Iterator[None]:
    """The same with one other answer; then as it was."""
    person = SOMEBODY.get(asked.page.kind, "")
    before = answers.raw(asked.page.key, person)
    kept = {key: typed for key, typed in before.items() if key not in asked.first}
    answers.write(asked.page.key, {**kept, **asked.other}, person=person)
    yield
    answers.write(asked.page.key, before, person=person)


class Readers:
    """Who reads the same demand."""

    def __init__(self) -> None:
        counter = make_counter("21A01", make_organisation("guichet"))
        self.counter, self.account = counter, make_user()
        self.agent = principal_of(make_member(counter.organisation))

    def read(self, answers: Answers) -> dict[str, str]:
        """What each reading tells of these answers, once registered; nothing is kept."""
        with transaction.atomic():
            demand = import_demand(
                principal=SYSTEM,
                application=assemble(answers, email=self.account.email, language="fr"),
                token=uuid4(),
                deposit=Deposit(self.counter, self.account, codes.Channel.ONLINE),
            )
            told = {name: _words(read(self, demand)) for name, read in READINGS.items()}
            transaction.set_rollback(True)
        return told | {REVIEW: _words(review.sections(answers))}

    @property
    def applicant(self) -> Principal:
        return principal_of(self.account)


def _file(readers: Readers, demand: Demand) -> Any:
    return [(s.title, s.lines) for s in file_sections(read_file(readers.agent, demand))]


def _own(readers: Readers, demand: Demand) -> Any:
    rights = access.fields(readers.applicant, demand)
    return [(s.title, s.rows) for s in own_sections(demand, rights)]


def _certificate(_readers: Readers, demand: Demand) -> Any:
    data = build_attestation(demand)
    return data.applicants, data.address, data.summary


def _data(_readers: Readers, demand: Demand) -> Any:
    return answers_kept(declared(demand))


READINGS: Mapping[str, Callable[[Readers, Demand], Any]] = {
    FILE: _file,
    OWN: _own,
    CERTIFICATE: _certificate,
    DATA: _data,
}


def _words(told: Any) -> str:
    if isinstance(told, dict):
        return _words(list(told.values()))
    return " | ".join(map(_words, told)) if isinstance(told, list | tuple) else str(told)


def test_each_answer_of_the_form_is_told_in_every_reading() -> None:
    make_commune()
    readers = Readers()
    answers, asked = _answered()
    usual = readers.read(answers)
    wrong = []
    for each in (one for one in asked if one.question not in {SEALED, *SAID_BY_A_DAY}):
        for _moment in _otherwise(answers, each):
            told = readers.read(answers)
        same = {name for name in told if told[name] == usual[name]}
        kept = {name for name, untold in WITHHELD.items() if each.name in untold}
        wrong += [(each.question, name) for name in sorted(same ^ kept)]
    assert wrong == []


def test_each_question_of_the_form_is_in_its_definition() -> None:
    told = {each.key for each in FORM}
    # Those who ask together answer as the first of them does, and amounts are asked of each kind.
    told |= {key.replace("foyer-conjoint.", "foyer-codemandeurs.") for key in told}
    told |= {f"foyer-codemandeurs.{name}" for name in ("work_status", *TAX_INCOMES)}
    asked = {
        f"{page.key}.{name}"
        for page in NATIONAL_PAGES
        if page.kind != DOCUMENT
        for name in page.form.base_fields
    }
    assert asked - told == IMPLIED
