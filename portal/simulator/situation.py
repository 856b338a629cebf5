"""From the answers of the simulator to a declaration like any other, of nobody in particular."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from register import clock, codes
from register.deadlines import add_months
from register.services.application import (
    ContactData,
    CurrentHousingData,
    DemandApplication,
    IncomeLine,
    PersonData,
    WishData,
)

YEAR = 12
# Ages that stand for a group where only a number of children is asked.
YOUNG_AGE, OLDER_AGE, OTHER_ADULT_AGE = 8, 15, 40


def application_of(answers: Mapping[str, Any], department: str) -> DemandApplication:
    """The declaration that these answers make; the household's income is the applicant's."""
    return DemandApplication(
        department=department,
        persons=tuple(_persons(answers)),
        contact=ContactData(),
        current_housing=CurrentHousingData(
            kind=answers["housing_kind"],
            occupants=answers["occupants"],
            surface=answers["surface"],
            monthly_cost=answers["monthly_cost"],
            housing_benefit=answers["housing_benefit"],
        ),
        wish=WishData(),
        reasons=tuple(answers["reasons"]),
        unborn_count=answers["unborn"] or 0,
    )


def received_on(answers: Mapping[str, Any]) -> date:
    """The day of deposit that gives the seniority told: today without a demand."""
    return add_months(clock.today(), -(answers["waiting_months"] or 0))


def _persons(answers: Mapping[str, Any]) -> Iterator[PersonData]:
    is_couple = answers["partner_age"] is not None
    yield _person(
        codes.PersonRole.APPLICANT,
        answers["applicant_age"],
        has_disability=bool(answers["has_disability"]),
        family_status=codes.FamilyStatus.COHABITING if is_couple else codes.FamilyStatus.SINGLE,
        tax_income_n2=answers["income_n2"],
        tax_income_n1=answers["income_n1"],
        incomes=_incomes(answers["monthly_income"]),
    )
    # One tax income is asked for the whole household: the others add nothing to it.
    others: dict[str, Any] = {
        "tax_income_n2": Decimal(0) if answers["income_n2"] is not None else None,
        "tax_income_n1": Decimal(0) if answers["income_n1"] is not None else None,
    }
    adult, child = codes.PersonRole.CO_APPLICANT, codes.PersonRole.DEPENDANT
    if is_couple:
        link = codes.ApplicantLink.PARTNER
        yield _person(adult, answers["partner_age"], link=link, **others)
    groups = (
        ("other_adults", adult, OTHER_ADULT_AGE, {"link": codes.ApplicantLink.SIBLING, **others}),
        ("young_children", child, YOUNG_AGE, {}),
        ("older_children", child, OLDER_AGE, {}),
        ("visiting_children", codes.PersonRole.VISITING_CHILD, YOUNG_AGE, {}),
    )
    for name, role, age, known in groups:
        for _each in range(answers[name] or 0):
            yield _person(role, age, **known)


def _person(role: str, age: int, **known: Any) -> PersonData:
    born = add_months(clock.today(), -age * YEAR)
    return PersonData(role=role, birth_name="", first_names="", birth_date=born, **known)


def _incomes(monthly: Decimal | None) -> tuple[IncomeLine, ...]:
    return () if monthly is None else (IncomeLine(codes.IncomeKind.OTHER, monthly),)
