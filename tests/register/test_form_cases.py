"""Every case of the form 14069*05 is answered on a page, or the table says where else, or why not.

The table was written from the notice 51423#05 and the national code lists, never from the code:
`page.field` is a question, `page.field=code` an answer of it, `page.*` a page built while filling.
"""

import csv
from pathlib import Path
from typing import Any

import pytest
from django import forms

from register import annex, codes
from register.form.answers import Answers
from register.form.boxes import flat
from register.form.cases import case_of, typed_as
from register.form.pages import BY_KEY, NATIONAL_PAGES
from register.form.paper import PaperForm

TABLE = Path(__file__).with_name("cerfa_14069_05.csv")
CASES = list(csv.DictReader(TABLE.open(encoding="utf-8"), delimiter=";"))
ANSWERED = [row for row in CASES if row["answered"] not in ("", "always")]
# Questions of ours: none is a case of the paper form.
OURS = {
    "demandeur.applicant_kind": "who fills the form: an association fills rubrics a, b and h only",
    "association.name": "rubric a of a legal person (R441-2-2), which has no case",
    "association.siren": "the same: what tells one association from another",
    "association.representative": "the same: who signs",
    "foyer.has_co_applicant": "what the paper shows by a page filled in",
    "foyer.has_flat_sharers": "what the paper shows by a line filled in",
    "foyer-conjoint.has_others": "what the paper shows by a page added",
    "coordonnees-adresse.address_extra": "part of an address",
    "coordonnees-adresse.postal_code": "part of an address",
    "coordonnees-adresse.city": "part of an address",
    "logement-actuel-adresse.home_postal_code": "part of an address",
    "logement-actuel-adresse.home_city": "part of an address",
    "logement-actuel-details.home_type": "national list, present home",
    "logement-actuel-details.surface": "national list, present home",
    "logement-actuel-details.since": "the rules on time since the move",
    "motifs-protection.is_sealed": "the charter: a file is sealed for who is in danger",
    "ressources-revenus.kinds": "which amounts to ask for",
    "ressources-revenus-conjoint.kinds": "which amounts to ask for",
    "piece-identite.documents": "the identity document (R441-2-3)",
}
# National lists, as the client library of the national register gives them (v02.01).
NATIONAL: dict[Any, str] = {
    codes.Title: "1 2",
    codes.Nationality: "1 2 3",
    codes.FamilyStatus: "C M D S P U V",
    codes.DependantLink: "P E A",
    codes.Sex: "M F",
    codes.Custody: "G D",
    codes.WorkStatus: "CDI CDD ART CHO APP ETU RET AUT",
    codes.IncomeKind: "SAL RET CHO PAR PINV AF AAH AEEH AJPP RSA AMV PAJE BE AUT",
    codes.BuildingKind: "A M I",
    codes.HomeType: "C T1 T2 T3 T4 T5 T6P",
    codes.CurrentHousingKind: (
        "HLM LP RS RHVS RE SLHT SH CDEFCM CPE CP LTG FONC POCC CAMCAR HOT SD SQUAT"
    ),
    annex.Course: "STA EVO",
    annex.Steps: "1 2 3 4",
    annex.Motor: "MS MI",
    annex.Sensory: "DA DV",
    annex.Aid: "1 2 3 4 5 6 7",
    annex.Equipment: "1 2 3 4 5 6",
}

pytestmark = pytest.mark.django_db


def place(row: dict[str, str]) -> tuple[str, str, str]:
    """Page, field and code of a line."""
    page, _dot, told = row["answered"].partition(".")
    field, _sign, code = told.partition("=")
    return page, field, code


def asked(page: str) -> dict[str, forms.Field]:
    """The questions of a page for somebody who does not apply alone."""
    shared = Answers({"foyer": {"raw": {"has_co_applicant": ["oui"]}}})
    return BY_KEY[page].form(answers=shared).fields


def choices(field: forms.Field) -> set[str]:
    return {str(code) for code, _label in flat(getattr(field, "choices", ()))}


def name_of(row: dict[str, str]) -> str:
    return f"{row['page']} {row['case']} {row['question']}"


def test_every_case_is_answered_online_or_the_table_says_why_not() -> None:
    wrong = []
    for row in CASES:
        if row["answered"] in ("", "always"):
            wrong += [] if row["note"] else [name_of(row)]
            continue
        page, field, code = place(row)
        fields = asked(page) if page in BY_KEY else {}
        known = page in BY_KEY if field == "*" else field in fields
        if not known or (code and code not in choices(fields[field])):
            wrong.append(name_of(row))
    assert wrong == []


def test_no_page_asks_what_neither_the_form_nor_a_reason_of_ours_does() -> None:
    told = {(page, field) for page, field, _code in map(place, ANSWERED)}
    unknown = {
        f"{page.key}.{name}"
        for page in NATIONAL_PAGES
        for name in asked(page.key)
        if (page.key, name) not in told
    }
    assert unknown == set(OURS)


def test_the_counter_types_every_case_by_its_number_or_its_national_code() -> None:
    paper = PaperForm()
    wrong = []
    for row in ANSWERED:
        page, field, code = place(row)
        if field == "*":
            field = "incomes"
        boxes = [form.fields.get(field) for form in paper.forms.get(page, [])]
        if not boxes or None in boxes:
            wrong.append(name_of(row))
        numbers = {case_of(page, field), *typed_as(page, field, code)}
        if row["case"] and row["case"] not in numbers:
            wrong.append(f"{name_of(row)}: number")
    assert wrong == []


@pytest.mark.parametrize("choices", NATIONAL, ids=lambda choices: choices.__name__)
def test_national_codes_are_kept_verbatim(choices: Any) -> None:
    assert set(choices.values) == set(NATIONAL[choices].split())


def test_reasons_are_the_national_ones_and_the_cases_that_have_no_national_code() -> None:
    national = {f"{number:02}" for number in range(1, 24)}
    assert set(codes.DemandReason.values) == national | {"F43", "F46", "F47", "F48"}
