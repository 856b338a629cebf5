"""People of the demonstration who are registered twice: pairs for the desk to review."""

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from register import clock, codes
from register.demo.cast import LANDLORD
from register.demo.specimen import specimen_file
from register.models import Counter, Demand
from register.principals import SYSTEM, Principal
from register.services.application import (
    ContactData,
    CurrentHousingData,
    DemandApplication,
    DocumentData,
    IncomeLine,
    PersonData,
    WishData,
)
from register.services.documents import verify_document
from register.services.submission import Deposit, import_demand


@dataclass(frozen=True)
class Deposited:
    """One demand of somebody: how many days ago, by which channel, and what it says."""

    days: int
    channel: str
    birth_name: str
    first_names: str
    children: tuple[tuple[str, date], ...] = ()
    wage: str = ""
    home_types: tuple[str, ...] = (codes.HomeType.T2,)
    communes: tuple[str, ...] = ("21231",)
    address: str = "7 rue des Exemples"
    is_checked: bool = False


@dataclass(frozen=True)
class Twice:
    """Two demands of one person, or of two who are much alike."""

    title: str
    birth_date: date
    phone: str
    demands: tuple[Deposited, Deposited]


_TWO = (("Jade", date(2016, 5, 2)), ("Hugo", date(2019, 11, 23)))
PEOPLE: tuple[Twice, ...] = (
    # The later one, made online, is the fuller; the identity was checked for the earlier.
    Twice(
        codes.Title.MRS,
        date(1990, 7, 14),
        "+33611223344",
        (
            Deposited(300, codes.Channel.COUNTER, "Garnier", "Inès", is_checked=True),
            Deposited(
                35,
                codes.Channel.ONLINE,
                "Garnier",
                "Inès",
                children=_TWO,
                wage="1580",
                home_types=(codes.HomeType.T3, codes.HomeType.T4),
                communes=("21231", "21166", "21515"),
                address="18 avenue des Exemples",
            ),
        ),
    ),
    # The other civil status was never checked: nobody takes the identity over.
    Twice(
        codes.Title.MRS,
        date(1984, 2, 9),
        "+33622334455",
        (
            Deposited(210, codes.Channel.COUNTER, "Mercier", "Sofia", is_checked=True),
            Deposited(20, codes.Channel.COUNTER, "Mercier", "Sofia Anne", wage="1320"),
        ),
    ),
    # A slip of the pen, and the same answers.
    Twice(
        codes.Title.MR,
        date(1971, 10, 30),
        "+33633445566",
        (
            Deposited(150, codes.Channel.COUNTER, "Jacquot", "Thierry", is_checked=True),
            Deposited(12, codes.Channel.COUNTER, "Jaquot", "Thierry", is_checked=True),
        ),
    ),
)
CHECKED_AFTER = timedelta(days=3)


def write_people_registered_twice(
    *, seed_number: int, agents: Mapping[str, Principal], now: datetime
) -> list[Demand]:
    """Write each demand at its day; the register finds by itself which are alike."""
    counter = Counter.objects.select_related("organisation").get(pk="GDPUB")
    draw = random.Random(f"{seed_number}:twice")  # noqa: S311  (a demonstration, not a secret)
    written = []
    for who in PEOPLE:
        for told in who.demands:
            identity, token = (uuid.UUID(int=draw.getrandbits(128)) for _ in range(2))
            at = now - timedelta(days=told.days)
            specimen_file(identity, at)
            with clock.at(at):
                demand = import_demand(
                    principal=SYSTEM,
                    application=_declared(who, told, identity),
                    token=token,
                    deposit=Deposit(counter, None, told.channel),
                )
            if told.is_checked:
                with clock.at(at + CHECKED_AFTER):
                    paper = demand.documents.get()
                    verify_document(principal=agents[LANDLORD], demand=demand, document=paper)
            written.append(demand)
    return written


def _declared(who: Twice, told: Deposited, identity: uuid.UUID) -> DemandApplication:
    wage = (IncomeLine(codes.IncomeKind.WAGE, Decimal(told.wage)),) if told.wage else ()
    asker = PersonData(
        role=codes.PersonRole.APPLICANT,
        title=who.title,
        birth_name=told.birth_name,
        first_names=told.first_names,
        birth_date=who.birth_date,
        nationality=codes.Nationality.FRENCH,
        family_status=codes.FamilyStatus.SINGLE,
        incomes=wage,
    )
    children = (
        PersonData(
            role=codes.PersonRole.DEPENDANT,
            birth_name=told.birth_name,
            first_names=names,
            birth_date=born,
            link=codes.DependantLink.CHILD,
        )
        for names, born in told.children
    )
    return DemandApplication(
        department="21",
        persons=(asker, *children),
        contact=ContactData(
            phone=who.phone, address=told.address, postal_code="21000", city="Dijon"
        ),
        current_housing=CurrentHousingData(kind=codes.CurrentHousingKind.PRIVATE),
        wish=WishData(home_types=told.home_types, communes=told.communes),
        documents=(DocumentData(codes.DocumentKind.IDENTITY, identity),),
        reasons=(codes.DemandReason.TOO_SMALL,),
    )
