"""Household category and consumption units, against the cases of the law's own table."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from register.codes import PersonRole
from register.household import Household, age_on, reference_income

TODAY = date(2026, 11, 22)


@dataclass
class Someone:
    role: str = PersonRole.APPLICANT
    link: str = ""
    birth_date: date | None = date(1980, 1, 1)
    has_disability: bool = False


def applicant(**known: object) -> Someone:
    return Someone(**known)


def partner(**known: object) -> Someone:
    return Someone(role=PersonRole.CO_APPLICANT, **{"link": "M", **known})


def child(**known: object) -> Someone:
    return Someone(role=PersonRole.DEPENDANT, **{"birth_date": date(2016, 5, 5), **known})


def visiting_child() -> Someone:
    return Someone(role=PersonRole.VISITING_CHILD, birth_date=date(2016, 5, 5))


# Cases written from the published table of household categories, not from the code.
CATEGORIES = [
    ("one person", [applicant()], 0, 1),
    ("one person with a disability", [applicant(has_disability=True)], 0, 2),
    ("two persons without dependant", [applicant(), partner()], 0, 2),
    (
        "young couple, ages adding up to 55",
        [applicant(birth_date=date(1998, 11, 22)), partner(birth_date=date(1999, 11, 22))],
        0,
        3,
    ),
    (
        "couple whose ages add up to 56",
        [applicant(birth_date=date(1998, 11, 22)), partner(birth_date=date(1998, 11, 22))],
        0,
        2,
    ),
    (
        "two siblings of twenty are not a young couple",
        [
            applicant(birth_date=date(2006, 1, 1)),
            partner(link="FRAT", birth_date=date(2006, 1, 1)),
        ],
        0,
        2,
    ),
    ("one person with one dependant", [applicant(), child()], 0, 3),
    ("one person expecting a child", [applicant()], 1, 3),
    ("three persons", [applicant(), partner(), child()], 0, 3),
    ("one person with two dependants", [applicant(), child(), child()], 0, 4),
    (
        "two persons, one of them with a disability",
        [applicant(), partner(has_disability=True)],
        0,
        3,
    ),
    ("one person with four dependants", [applicant()] + [child() for _ in range(4)], 0, 6),
    ("seven persons", [applicant(), partner()] + [child() for _ in range(5)], 0, 7),
    ("a visiting child does not count", [applicant(), visiting_child()], 0, 1),
]


@pytest.mark.parametrize(
    ("members", "unborn", "category"),
    [case[1:] for case in CATEGORIES],
    ids=[case[0] for case in CATEGORIES],
)
def test_household_category(members: list[Someone], unborn: int, category: int) -> None:
    assert Household(tuple(members), unborn, TODAY).category == category


def test_visiting_and_unborn_children_count_for_the_size_of_the_home() -> None:
    household = Household((applicant(), visiting_child()), 1, TODAY)
    assert household.size == 3


@pytest.mark.parametrize(
    ("members", "units"),
    [
        ([applicant()], "1"),
        ([applicant(), partner()], "1.5"),
        ([applicant(), partner(), child()], "1.8"),
        ([applicant(), child(birth_date=date(2012, 11, 22))], "1.5"),
        ([applicant(), child(birth_date=date(2012, 11, 23))], "1.3"),
    ],
)
def test_consumption_units_follow_the_modified_oecd_scale(
    members: list[Someone], units: str
) -> None:
    assert Household(tuple(members), 0, TODAY).consumption_units == Decimal(units)


def test_somebody_born_on_29_february_ages_on_1_march() -> None:
    assert age_on(date(2026, 2, 28), date(2004, 2, 29)) == 21
    assert age_on(date(2026, 3, 1), date(2004, 2, 29)) == 22


@pytest.mark.parametrize(
    ("pairs", "income"),
    [
        ([], None),
        ([(None, Decimal(9000))], None),
        ([(Decimal(20000), None)], Decimal(20000)),
        ([(Decimal(20000), Decimal(18000))], Decimal(18000)),
        ([(Decimal(20000), Decimal(18001))], Decimal(20000)),
        ([(Decimal(20000), None), (None, None)], None),
        ([(Decimal(20000), Decimal(1)), (Decimal(10000), None)], Decimal(30000)),
    ],
)
def test_last_year_counts_only_when_income_fell_by_a_tenth(
    pairs: list[tuple[Decimal | None, Decimal | None]], income: Decimal | None
) -> None:
    assert reference_income(pairs) == income
