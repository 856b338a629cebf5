"""From answers as typed to the declaration that the register receives.

Tolerant: what cannot be read is left out, and `unreadable` names it, so that only the legal
minimum decides whether a demand can be sent (CCH R441-2-3).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from register import codes
from register.annex import Topic
from register.form import pages
from register.form.answers import Answers
from register.form.definition import CO_APPLICANT, OTHERS, SHARERS
from register.form.pages import ANNEX, PEOPLE, Page
from register.form.revisions import applicable, find, page_of
from register.form.steps.disability import concerned
from register.form.steps.questions import LocalQuestionsForm
from register.form.steps.resources import chosen_kinds
from register.form.tax_years import tax_years, year_of
from register.selectors.demand_form import chosen_quarters
from register.services.application import (
    AssociationData,
    ContactData,
    CurrentHousingData,
    DemandApplication,
    DocumentData,
    FlatSharerData,
    IncomeLine,
    LocalAnswerData,
    NeedLine,
    PersonData,
    WishData,
)
from register.services.submission import missing_for_registration
from register.territories import territory_tree

ROLES = {
    "foyer-codemandeurs": codes.PersonRole.CO_APPLICANT,
    "foyer-personnes-a-charge": codes.PersonRole.DEPENDANT,
    "foyer-enfants-en-visite": codes.PersonRole.VISITING_CHILD,
}
# Without these nobody is declared.
NAMED = {"birth_name", "first_names", "birth_date"}


def assemble(
    answers: Answers, *, email: str, language: str, deposited_on: date | None = None
) -> DemandApplication:
    """The declaration as it stands, however incomplete; as `declaration`."""
    return replace(
        declaration(answers, email=email, language=language, deposited_on=deposited_on),
        local_answers=_local_answers(answers),
    )


def declaration(
    answers: Answers, *, email: str = "", language: str = "fr", deposited_on: date | None = None
) -> DemandApplication:
    """The same without the local questions, which are asked according to it.

    `deposited_on`: of a paper form, whose N is the year of the deposit.
    """
    is_association = answers.is_association
    contact = _read(answers, "coordonnees", "coordonnees-adresse", "logement-actuel-adresse")
    birth = _read(answers, "foyer-naissance")
    reasons = _read(answers, "motifs", "motifs-protection")
    unborn = birth.get("unborn_count") or 0
    return DemandApplication(
        department=department_of(answers),
        persons=() if is_association else tuple(_persons(answers)),
        association=_association(answers) if is_association else None,
        contact=ContactData(email=email, **_given(contact)),
        current_housing=_current_housing(answers),
        wish=_wish(answers),
        documents=tuple(
            DocumentData(codes.DocumentKind.IDENTITY, UUID(each["id"]))
            for each in ([] if is_association else answers.files)
        ),
        reasons=tuple(reasons.get("reasons") or ()),
        flat_sharers=_flat_sharers(answers),
        unborn_count=unborn,
        unborn_due_on=birth.get("unborn_due_on") if unborn else None,
        remarks=reasons.get("remarks") or "",
        tax_year=None if is_association else _tax_year(answers, deposited_on),
        language=language,
        is_sealed=bool(reasons.get("is_sealed")),
    )


def _tax_year(answers: Answers, deposited_on: date | None) -> int:
    return tax_years(deposited_on)[0] if deposited_on else year_of(answers, "ressources")


def _local_answers(answers: Answers) -> tuple[LocalAnswerData, ...]:
    forms = [
        pages.form_of(page, answers)
        for page in applicable(answers)
        if issubclass(page.form, LocalQuestionsForm) and answers.form_data(page.key) is not None
    ]
    return tuple(
        LocalAnswerData(local.code, local.version_id, value)
        for form in forms
        for local, value in form.given  # type: ignore[attr-defined]
    )


def department_of(answers: Answers) -> str:
    """Department of the first wished commune: a demand lives in one department only."""
    return next(map(territory_tree().department_of, answers.communes), "")


def missing(answers: Answers, application: DemandApplication) -> list[str]:
    """What still blocks registration; widening is a mandatory yes or no of the national form."""
    found = missing_for_registration(application)
    if _read(answers, "logement-souhaite-elargir").get("widening") is None:
        found.append("widening")
    return found


@dataclass(frozen=True)
class Unreadable:
    """An answer that cannot be sent as it was typed.

    `who` is the person of the household whom it is about, empty for the applicant and her demand.
    `is_left_out`: without it this person, who was announced, would not be declared at all.
    """

    page: Page
    person: str
    label: str
    who: str = ""
    is_left_out: bool = False


def unreadable(answers: Answers) -> list[Unreadable]:
    """Answers typed in a way that cannot be read, and people without a full identity.

    People who were announced and of whom nothing is told are among them.
    """
    found = []
    for page in applicable(answers):
        if _is_untold(page, answers):
            found.append(Unreadable(page, "", str(page.question), is_left_out=True))
        for person in page.people(answers):
            form = pages.form_of(page, answers, person)
            is_of_somebody = person or page.key == CO_APPLICANT
            who = _who(page, answers, person) if is_of_somebody else ""
            wrong = [n for n in form.errors if is_of_somebody or n not in form.blanks]
            found += [
                Unreadable(page, person, str(form.fields[name].label), who, _names(page, name))
                for name in wrong
            ]
    return found


def left_out(answers: Answers) -> list[Unreadable]:
    """Those of them for want of which somebody announced would not be declared."""
    return [each for each in unreadable(answers) if each.is_left_out]


def _is_untold(page: Page, answers: Answers) -> bool:
    """True when another page announced somebody, and nobody is written on this one."""
    if page.key == CO_APPLICANT:
        return answers.form_data(page.key) is None
    return page.key in (OTHERS, SHARERS) and not answers.people(page.key)


def _names(page: Page, name: str) -> bool:
    return name in NAMED and (page.kind == PEOPLE or page.key == CO_APPLICANT)


def _who(page: Page, answers: Answers, person: str) -> str:
    """The names of somebody as they were typed, else what her page is about."""
    if page.kind == ANNEX:
        return str(dict(concerned(answers)).get(person, ""))
    return answers.names(page.key, person) or str(page.form.question)


def _read(answers: Answers, *keys: str) -> dict[str, Any]:
    """Readable answers of these pages, those that do not apply left out."""
    values: dict[str, Any] = {}
    for key in keys:
        page = find(answers, key)
        if page and page.applies(answers) and answers.form_data(key) is not None:
            values |= pages.form_of(page, answers).valid_answers
    return values


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "")}


def _association(answers: Answers) -> AssociationData:
    return AssociationData(**_given(_read(answers, "association")))


def _persons(answers: Answers) -> list[PersonData]:
    persons = [_applicant(answers)]
    if answers.has_co_applicant:
        persons += _co_applicant(answers)
    for key, role in ROLES.items():
        persons += _listed(answers, key, role)
    return persons


def _health(answers: Answers, person: str) -> dict[str, Any]:
    """Whether somebody has a disability, and her annex, which counts only while it is said."""
    ticked = _read(answers, "foyer-handicap").get("disabled") or ()
    if person not in ticked:
        return {}
    told = pages.form_of(page_of(answers, "foyer-annexes"), answers, person).valid_answers
    given = [(topic, told.get(topic) or ()) for topic in Topic]
    needs = [
        NeedLine(topic, code)
        for topic, found in given
        for code in ([found] if isinstance(found, str) else found)
    ]
    return {"has_disability": True, "needs": tuple(needs)}


def _work(answers: Answers, status: str, occupation: str, employer: str) -> dict[str, Any]:
    told = _read(answers, "ressources-travail")
    return {
        "work_status": told.get(status) or "",
        "occupation": told.get(occupation) or "",
        **_given(_read(answers, employer)),
    }


def _applicant(answers: Answers) -> PersonData:
    identity = _given(_read(answers, "identite", "identite-situation"))
    money = _read(answers, "ressources", "ressources-versees")
    return PersonData(
        role=codes.PersonRole.APPLICANT,
        birth_name=identity.pop("birth_name", ""),
        first_names=identity.pop("first_names", ""),
        birth_date=identity.pop("birth_date", None),
        alimony_paid=money.get("alimony_paid"),
        tax_income_n2=money.get("tax_income_n2"),
        tax_income_n1=money.get("tax_income_n1"),
        incomes=_incomes(answers, "ressources-revenus", "ressources-montants"),
        **_work(answers, "work_status", "occupation", "ressources-employeur"),
        **_health(answers, "applicant"),
        **identity,
    )


def _co_applicant(answers: Answers) -> list[PersonData]:
    identity = _given(_read(answers, CO_APPLICANT))
    identity.pop("has_others", None)
    if not identity.keys() >= NAMED:
        return []
    money = _read(answers, "ressources")
    return [
        PersonData(
            role=codes.PersonRole.CO_APPLICANT,
            tax_income_n2=money.get("co_tax_income_n2"),
            tax_income_n1=money.get("co_tax_income_n1"),
            incomes=_incomes(
                answers, "ressources-revenus-conjoint", "ressources-montants-conjoint"
            ),
            **_work(answers, "co_work_status", "co_occupation", "ressources-employeur-conjoint"),
            **_health(answers, "co_applicant"),
            **identity,
        )
    ]


def _people(answers: Answers, key: str) -> list[tuple[str, dict[str, Any]]]:
    """The people of a list that is asked for, each with what can be read of her."""
    page = find(answers, key)
    if page is None or not page.applies(answers):
        return []
    return [
        (person, _given(pages.form_of(page, answers, person).valid_answers))
        for person in page.people(answers)
    ]


def _flat_sharers(answers: Answers) -> tuple[FlatSharerData, ...]:
    people = (values for _key, values in _people(answers, "foyer-colocataires"))
    return tuple(FlatSharerData(**values) for values in people if values.keys() >= NAMED)


def _listed(answers: Answers, key: str, role: str) -> list[PersonData]:
    return [
        listed_person(role, {**values, **_health(answers, person)})
        for person, values in _people(answers, key)
        if values.keys() >= NAMED
    ]


def listed_person(role: str, answered: Mapping[str, Any]) -> PersonData:
    """Somebody of a list, from the answers of her page."""
    values = dict(answered)
    kind, amount = values.pop("income_kind", ""), values.pop("income_amount", None)
    incomes = (IncomeLine(kind, amount),) if kind and amount is not None else ()
    return PersonData(role=role, incomes=incomes, **values)


def _incomes(answers: Answers, kinds_key: str, amounts_key: str) -> tuple[IncomeLine, ...]:
    amounts: dict[str, Decimal | None] = _read(answers, amounts_key)
    lines = ((kind, amounts.get(f"amount_{kind}")) for kind in chosen_kinds(answers, kinds_key))
    return tuple(IncomeLine(kind, amount) for kind, amount in lines if amount is not None)


def _current_housing(answers: Answers) -> CurrentHousingData:
    values = _given(_read(answers, "logement-actuel", "logement-actuel-details"))
    return CurrentHousingData(**values)


def _wish(answers: Answers) -> WishData:
    values = _given(_read(answers, "logement-souhaite", "logement-souhaite-elargir"))
    home_types = tuple(values.pop("home_types", ()))
    known = tuple(filter(territory_tree().department_of, dict.fromkeys(answers.communes)))
    chosen = chosen_quarters(answers.quarters)
    quarters = {insee: chosen[insee].pk for insee in known if insee in chosen}
    return WishData(home_types=home_types, communes=known, quarters=quarters, **values)
