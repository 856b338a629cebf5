"""A complete declaration, and the legal minimum, as the form hands them to the register."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from register import codes
from register.models import Demand, User
from register.services.application import (
    AssociationData,
    ContactData,
    CurrentHousingData,
    DemandApplication,
    DocumentData,
    IncomeLine,
    PersonData,
    WishData,
)
from register.services.submission import submit_demand
from tests.factories import make_stored_file, principal_of

# No body bears it: the INSEE gives none of these.
SIREN = "999999980"
DIJON, QUETIGNY, NEVERS = "21231", "21515", "58194"


def applicant(**changes: Any) -> PersonData:
    """The person who asks, with what the law requires of her and nothing more."""
    asked = PersonData(
        role=codes.PersonRole.APPLICANT,
        title=codes.Title.MRS,
        birth_name="Dupont-Lévêque",
        first_names="Émilie Rose",
        birth_date=date(1985, 3, 31),
        nationality=codes.Nationality.FRENCH,
    )
    return replace(asked, **changes)


def minimum(user: User, **changes: Any) -> DemandApplication:
    """The legal minimum of CCH R441-2-3, with an identity document just uploaded."""
    asked = DemandApplication(
        department="21",
        persons=(applicant(),),
        contact=ContactData(),
        current_housing=CurrentHousingData(kind=codes.CurrentHousingKind.PRIVATE, occupants=3),
        wish=WishData(home_types=("T3",), communes=(DIJON,)),
        documents=(DocumentData(codes.DocumentKind.IDENTITY, make_stored_file(user).pk),),
    )
    return replace(asked, **changes)


def of_association(**changes: Any) -> DemandApplication:
    """What an association fills: who it is, how to reach it, the home it looks for (R441-2-2)."""
    asked = DemandApplication(
        department="21",
        persons=(),
        association=AssociationData("Un Toit pour Tous", SIREN, "Alix Morel, présidente"),
        contact=ContactData(email="asso@example.org", address="2 rue des Exemples", city="Dijon"),
        current_housing=CurrentHousingData(),
        wish=WishData(home_types=("T4",), communes=(DIJON,)),
    )
    return replace(asked, **changes)


def complete(user: User) -> DemandApplication:
    """Everything the form asks, answered."""
    child = PersonData(
        role=codes.PersonRole.DEPENDANT,
        birth_name="Nguyễn",
        first_names="Léa",
        birth_date=date(2016, 12, 5),
        link=codes.DependantLink.CHILD,
    )
    partner = replace(
        child,
        role=codes.PersonRole.CO_APPLICANT,
        birth_date=date(1988, 1, 2),
        link=codes.ApplicantLink.PARTNER,
        tax_income_n2=Decimal(0),
    )
    income = (IncomeLine(codes.IncomeKind.WAGE, Decimal("1234.50")),)
    return minimum(
        user,
        persons=(applicant(incomes=income, tax_income_n2=Decimal("23403.50")), partner, child),
        contact=ContactData(email=user.email, address="1 rue des Exemples", city="Dijon"),
        wish=WishData(home_types=("T4", "T3"), communes=(QUETIGNY, DIJON), widening=True),
        reasons=(codes.DemandReason.TOO_SMALL, codes.DemandReason.TOO_EXPENSIVE),
        unborn_count=1,
        remarks="Merci.",
        tax_year=2024,
    )


def submit(
    user: User, application: DemandApplication | None = None, token: UUID | None = None
) -> Demand:
    """Send a declaration as its author does."""
    return submit_demand(
        principal=principal_of(user),
        application=application or minimum(user),
        token=token or uuid4(),
    )
