"""One definition of the form, many readings: each of them tells every answer, or says why not.

The definition is `register/form/definition.py`; the readings are the file of an agent who reads in
full, what the applicant reads of her own declaration, the certificate, and her data to take away.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from backoffice.sections import sections as file_sections
from portal.space.summary import sections as own_sections
from register import access, codes
from register.annex import Topic
from register.disclosed import everything
from register.form import pages
from register.form.answers import Answers, Raw
from register.form.assembly import assemble
from register.form.boxes import flat
from register.form.definition import FORM, GROUPS, IMPLIED, PLACES, TAX_INCOMES, pages_of
from register.form.fields import DatePartsField
from register.form.pages import BY_KEY, COMMUNES, DOCUMENT, NATIONAL_PAGES, PAGES, PEOPLE, Page
from register.letters.attestation_summary import summary
from register.models import Demand
from register.principals import SYSTEM
from register.selectors.declaration import NAME, Row, Told, answers_kept, answers_told
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

TOGETHER = "foyer-codemandeurs"
FILE, OWN, CERTIFICATE = "the file", "her own page", "the certificate"
# What is typed where there is no choice, as the field takes it: the first two are the answers.
TYPED = (
    *("Alpha", "Omega", "2", "3", "12", "13", "0612345678", "0687654321"),
    *("732829320", "552100554", "73282932000074", "55210055400013"),
)
# Two answers to what opens pages or withholds answers: every page applies with each of them.
CHOSEN: Mapping[str, tuple[list[str], list[str]]] = {
    "foyer-handicap.disabled": (["applicant"], ["co_applicant"]),
    "logement-actuel.kind": (["HLM"], ["LP"]),
    "motifs.reasons": (["13", "06"], ["10", "06"]),
    "motifs-protection.is_sealed": (["non"], ["oui"]),
}
# Answered once for all: it opens pages, or the day after which somebody worked again says it.
STEADY = IMPLIED | {f"ressources-employeur{of}.long_unemployed" for of in ("", "-conjoint")}
# What a person is never asked: `test_associations.py` tells it.
STEADY |= {f"association.{name}" for name in ("name", "siren", "representative")}
HEALTH = ("disabled", *Topic.values)
# What a reading keeps to itself, and why.
WITHHELD: Mapping[str, Mapping[str, str]] = {
    FILE: dict.fromkeys(HEALTH, "masked to every professional by the rules as delivered"),
    CERTIFICATE: {
        **dict.fromkeys(HEALTH, "a paper that is shown around"),
        **dict.fromkeys(("phone", "accepts_email", "accepts_sms"), "no item of R441-2-4"),
    },
}


def filled(*, otherwise: bool = False) -> Answers:
    """Every question of the national form answered, page after page; or answered otherwise."""
    answers = Answers({})
    for page in NATIONAL_PAGES:
        if page.kind == COMMUNES:
            answers.communes = ["21231"]
        if page.kind in (COMMUNES, DOCUMENT) or not page.applies(answers):
            continue
        for person in ["0000000a"] if page.kind == PEOPLE else page.people(answers):
            fields = pages.form_of(page, answers, person).fields
            raw: Raw = {}
            for place, (name, field) in enumerate(fields.items()):
                steady = f"{page.key}.{name}" in STEADY
                raw |= _typed(page, name, field, place)[otherwise and not steady]
            answers.write(page.key, raw, person=person)
    return answers


def _typed(page: Page, name: str, field: forms.Field, place: int) -> tuple[Raw, Raw]:
    """Two answers that a question takes."""
    if chosen := CHOSEN.get(f"{page.key}.{name}"):
        return {name: chosen[0]}, {name: chosen[1]}
    if isinstance(field, DatePartsField):
        first = timezone.localdate() if field.months_ahead else date(1980, 3, 1)
        days = (first + timedelta(days=30 * n + place) for n in (1, 2))
        one, two = ([str(day.day), str(day.month), str(day.year)] for day in days)
        return _parts(name, one), _parts(name, two)
    if isinstance(field, forms.BooleanField):
        return {name: ["on"]}, {}
    if hasattr(field, "choices"):
        offered = [str(code) for code, _label in flat(field.choices) if code]
        return {name: offered[:1]}, {name: offered[1:2]}
    taken = [text for text in TYPED if _is_taken(field, text)]
    return {name: [taken[0]]}, {name: [taken[1]]}


def _parts(name: str, parts: list[str]) -> Raw:
    return {f"{name}_{place}": [part] for place, part in enumerate(parts)}


def _is_taken(field: forms.Field, text: str) -> bool:
    try:
        return bool(field.clean(text))
    except ValidationError:
        return False


def register(answers: Answers) -> Demand:
    account = make_user()
    demand = import_demand(
        principal=SYSTEM,
        application=assemble(answers, email=account.email, language="fr"),
        token=uuid4(),
        deposit=Deposit(make_counter(), account, codes.Channel.ONLINE),
    )
    return declared(demand)


def readings(demand: Demand) -> dict[str, list[Row]]:
    agent = principal_of(make_member(make_organisation()))
    assert demand.account is not None
    own = own_sections(demand, access.fields(principal_of(demand.account), demand))
    return {
        FILE: [row for each in file_sections(read_file(agent, demand)) for row in each.lines],
        OWN: [row for each in own for row in each.rows],
        CERTIFICATE: [Row(*row) for each in summary(demand) for row in each.rows],
    }


def _is_told(each: Told, rows: list[Row]) -> bool:
    lines = [line for row in rows for line in _lines(row.value)]
    if each.question.name in NAME or BY_KEY[each.question.page].form.together:
        # A civility is shortened, and the lines of an address stand without their titles.
        return any(line in (each.words, each.line) or _in(each, line) for line in lines)
    told = [_lines(row.value) for row in rows if row.label == each.asked.title]
    # Reasons that tell of health or violence are left out one by one.
    return each.line in lines or any(set(_lines(each.words)) & set(found) for found in told)


def _in(each: Told, line: str) -> bool:
    return each.question.name == "title" or str(each.words) in line


def _lines(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_each_answer_is_told_in_every_reading() -> None:
    make_commune()
    demand = register(filled())
    told = [*answers_told(demand, everything())]
    wrong = [
        (each.question.key, name)
        for name, rows in readings(demand).items()
        for each in told
        if _is_told(each, rows) is (each.question.name in WITHHELD.get(name, ()))
    ]
    assert wrong == []


def test_no_answer_changes_without_changing_the_data_to_take_away() -> None:
    make_commune()
    before, after = (answers_kept(register(filled(otherwise=each))) for each in (False, True))
    changed = {name: _changed(before[name], after[name]) for name in before}
    told = {each.key for each in FORM if each.column in changed[PLACES[each.whose][0]]}
    # The second of those who ask together is asked on a page of her own.
    second = _changed(before["co_applicants"][1:], after["co_applicants"][1:])
    told |= {f"{TOGETHER}.{name}" for name in second}
    wished = {"logement-souhaite-communes.commune_search"}
    assert sorted(_asked() - told - STEADY) == sorted(wished)


def _changed(first: Any, other: Any) -> set[str]:
    """Columns that differ in what one place holds; the first of a list stands for it."""
    first, other = (each[0] if isinstance(each, list) else each for each in (first, other))
    return {name for name in first.keys() | other.keys() if first.get(name) != other.get(name)}


def test_each_question_of_the_form_is_in_its_definition() -> None:
    told = {each.key for each in FORM}
    together = {"work_status", *TAX_INCOMES} | {
        each.name for each in FORM if each.page == "foyer-conjoint"
    }
    assert _asked() - told - {f"{TOGETHER}.{name}" for name in together} == IMPLIED


def test_each_page_is_of_one_part_of_what_is_read() -> None:
    found = {group.code: pages_of(group) for group in GROUPS}
    assert "foyer-colocataires" in found["household"]
    assert "foyer-annexes" in found["health"]
    assert "logement-actuel-adresse" in found["contact"]
    # Who applies is told by what the others are: a person, or an association.
    asked = [page.key for page in PAGES if page.kind != DOCUMENT and page.key != "demandeur"]
    assert sorted(page for pages in found.values() for page in pages) == sorted(asked)


def _asked() -> set[str]:
    """Every field of the national form but the file of the identity document."""
    return {
        f"{page.key}.{name}"
        for page in NATIONAL_PAGES
        if page.kind != DOCUMENT
        for name in page.form.base_fields
    }
