"""From answers as typed to the declaration that the register receives.

Tolerant: what cannot be read is left out, and `unreadable` names it, so that only the legal
minimum decides whether a demand can be sent (CCH R441-2-3).
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from register import codes
from register.form import pages
from register.form.answers import Answers
from register.form.pages import BY_KEY, PEOPLE, Page
from register.form.steps.questions import LocalQuestionsForm
from register.form.steps.resources import chosen_kinds, tax_years
from register.selectors.demand_form import chosen_quarters, communes_in_order
from register.services.application import (
    ContactData,
    CurrentHousingData,
    DemandApplication,
    DocumentData,
    IncomeLine,
    LocalAnswerData,
    PersonData,
    WishData,
)
from register.services.submission import missing_for_registration

ROLES = {
    "foyer-personnes-a-charge": codes.PersonRole.DEPENDANT,
    "foyer-enfants-en-visite": codes.PersonRole.VISITING_CHILD,
}


def assemble(answers: Answers, *, email: str, language: str) -> DemandApplication:
    """The declaration as it stands, however incomplete."""
    return replace(
        declaration(answers, email=email, language=language),
        local_answers=_local_answers(answers),
    )


def declaration(answers: Answers, *, email: str = "", language: str = "fr") -> DemandApplication:
    """The same without the local questions, which are asked according to it."""
    contact = _read(answers, "coordonnees", "coordonnees-adresse")
    birth = _read(answers, "foyer-naissance")
    reasons = _read(answers, "motifs", "motifs-protection")
    unborn = birth.get("unborn_count") or 0
    return DemandApplication(
        department=department_of(answers),
        persons=tuple(_persons(answers)),
        contact=ContactData(email=email, **_given(contact)),
        current_housing=_current_housing(answers),
        wish=_wish(answers),
        documents=tuple(
            DocumentData(codes.DocumentKind.IDENTITY, UUID(each["id"])) for each in answers.files
        ),
        reasons=tuple(reasons.get("reasons") or ()),
        unborn_count=unborn,
        unborn_due_on=birth.get("unborn_due_on") if unborn else None,
        remarks=reasons.get("remarks") or "",
        tax_year=tax_years()[0],
        language=language,
        is_sealed=bool(reasons.get("is_sealed")),
    )


def _local_answers(answers: Answers) -> tuple[LocalAnswerData, ...]:
    forms = [
        pages.form_of(page, answers)
        for page in pages.applicable(answers)
        if issubclass(page.form, LocalQuestionsForm) and answers.form_data(page.key) is not None
    ]
    return tuple(
        LocalAnswerData(local.code, local.version_id, value)
        for form in forms
        for local, value in form.given  # type: ignore[attr-defined]
    )


def department_of(answers: Answers) -> str:
    """Department of the first wished commune: a demand lives in one department only."""
    communes = communes_in_order(answers.communes[:1])
    return communes[0].department_id if communes else ""


def missing(answers: Answers, application: DemandApplication) -> list[str]:
    """What still blocks registration; widening is a mandatory yes or no of the national form."""
    found = missing_for_registration(application)
    if _read(answers, "logement-souhaite-elargir").get("widening") is None:
        found.append("widening")
    return found


@dataclass(frozen=True)
class Unreadable:
    """An answer that cannot be sent as it was typed."""

    page: Page
    person: str
    label: str


def unreadable(answers: Answers) -> list[Unreadable]:
    """Answers typed in a way that cannot be read, and people without a full identity."""
    found = []
    for page in pages.applicable(answers):
        people = [each["id"] for each in answers.people(page.key)] if page.kind == PEOPLE else [""]
        for person in people:
            form = pages.form_of(page, answers, person)
            if not person and page.key != "foyer-conjoint":
                form.forgive_blanks()
            found += [
                Unreadable(page, person, str(form.fields[name].label)) for name in form.errors
            ]
    return found


def _read(answers: Answers, *keys: str) -> dict[str, Any]:
    """Readable answers of these pages, those that do not apply left out."""
    values: dict[str, Any] = {}
    for key in keys:
        page = BY_KEY[key]
        if page.applies(answers) and answers.form_data(key) is not None:
            values |= pages.form_of(page, answers).valid_answers
    return values


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "")}


def _persons(answers: Answers) -> list[PersonData]:
    disabled = set(_read(answers, "foyer-handicap").get("disabled") or ())
    persons = [_applicant(answers, disabled)]
    if answers.has_co_applicant:
        persons += _co_applicant(answers, disabled)
    for key, role in ROLES.items():
        persons += _listed(answers, key, role, disabled)
    return persons


def _applicant(answers: Answers, disabled: set[str]) -> PersonData:
    identity = _given(_read(answers, "identite", "identite-situation"))
    money = _read(answers, "ressources", "ressources-travail")
    return PersonData(
        role=codes.PersonRole.APPLICANT,
        birth_name=identity.pop("birth_name", ""),
        first_names=identity.pop("first_names", ""),
        birth_date=identity.pop("birth_date", None),
        has_disability="applicant" in disabled,
        work_status=money.get("work_status") or "",
        occupation=money.get("occupation") or "",
        tax_income_n2=money.get("tax_income_n2"),
        tax_income_n1=money.get("tax_income_n1"),
        incomes=_incomes(answers, "ressources-revenus", "ressources-montants"),
        **identity,
    )


def _co_applicant(answers: Answers, disabled: set[str]) -> list[PersonData]:
    identity = _given(_read(answers, "foyer-conjoint"))
    if not {"birth_name", "first_names", "birth_date"} <= identity.keys():
        return []
    money = _read(answers, "ressources", "ressources-travail")
    return [
        PersonData(
            role=codes.PersonRole.CO_APPLICANT,
            has_disability="co_applicant" in disabled,
            work_status=money.get("co_work_status") or "",
            tax_income_n2=money.get("co_tax_income_n2"),
            tax_income_n1=money.get("co_tax_income_n1"),
            incomes=_incomes(
                answers, "ressources-revenus-conjoint", "ressources-montants-conjoint"
            ),
            **identity,
        )
    ]


def _listed(answers: Answers, key: str, role: str, disabled: set[str]) -> list[PersonData]:
    found = []
    for someone in answers.people(key):
        values = _given(pages.form_of(BY_KEY[key], answers, someone["id"]).valid_answers)
        if {"birth_name", "first_names", "birth_date"} <= values.keys():
            found.append(PersonData(role=role, has_disability=someone["id"] in disabled, **values))
    return found


def _incomes(answers: Answers, kinds_key: str, amounts_key: str) -> tuple[IncomeLine, ...]:
    amounts: dict[str, Decimal | None] = _read(answers, amounts_key)
    lines = ((kind, amounts.get(f"amount_{kind}")) for kind in chosen_kinds(answers, kinds_key))
    return tuple(IncomeLine(kind, amount) for kind, amount in lines if amount is not None)


def _current_housing(answers: Answers) -> CurrentHousingData:
    values = _given(_read(answers, "logement-actuel", "logement-actuel-details"))
    if values.get("kind") != codes.CurrentHousingKind.HLM:
        values.pop("landlord_name", None)
    return CurrentHousingData(**values)


def _wish(answers: Answers) -> WishData:
    values = _given(_read(answers, "logement-souhaite", "logement-souhaite-elargir"))
    home_types = tuple(values.pop("home_types", ()))
    known = tuple(commune.insee for commune in communes_in_order(answers.communes))
    chosen = chosen_quarters(answers.quarters)
    quarters = {insee: chosen[insee].pk for insee in known if insee in chosen}
    return WishData(home_types=home_types, communes=known, quarters=quarters, **values)
