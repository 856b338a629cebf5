"""Household category and consumption units, against the cases of the law's own table."""

import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.codes import PersonRole
from register.household import (
    Household,
    age_on,
    counts_last_year,
    effort_ratio,
    monthly_income,
    reference_income,
)
from register.norms import Norms

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


def living(members: tuple[Someone, ...], unborn: int, on: date) -> Household:
    return Household(members, unborn, on, Decimal(55))


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


# The table of domain.md §4.7, line by line: category, people, one adult alone with dependants,
# somebody with a disability, young couple; None where the line does not say.
TABLE: tuple[tuple[int, int, bool | None, bool | None, bool | None], ...] = (
    (1, 1, None, None, None),
    (2, 2, None, None, None),
    (2, 1, None, True, None),
    (3, 3, None, None, None),
    (3, 2, True, None, None),
    (3, 2, None, None, True),
    (3, 2, None, True, None),
    (4, 4, None, None, None),
    (4, 3, True, None, None),
    (4, 3, None, True, None),
    (5, 5, None, None, None),
    (5, 4, True, None, None),
    (5, 4, None, True, None),
    (6, 6, None, None, None),
    (6, 5, True, None, None),
    (6, 5, None, True, None),
    (7, 7, None, None, None),
    (8, 8, None, None, None),
    (9, 9, None, None, None),
)


def _by_the_table(people: int, alone: bool, disability: bool, young: bool) -> int:
    shape = (people, alone, disability, young)
    return max(
        category
        for category, *line in TABLE
        if all(said is None or said == true for said, true in zip(line, shape, strict=True))
    )


SHAPES = list(
    itertools.product(
        ("alone", "couple", "young couple", "siblings"), range(5), range(3), range(2), range(3)
    )
)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_shape_of_household_is_in_the_category_of_the_published_table(
    shape: tuple[str, int, int, int, int],
) -> None:
    kind, dependants, unborn, visiting, disabled = shape
    young = date(2000, 6, 1)
    adults = {
        "alone": [applicant()],
        "couple": [applicant(), partner()],
        "young couple": [applicant(birth_date=young), partner(birth_date=young)],
        "siblings": [applicant(birth_date=young), partner(link="FRAT", birth_date=young)],
    }[kind]
    members = [
        *adults,
        *(child() for _ in range(dependants)),
        *(visiting_child() for _ in range(visiting)),
    ]
    if disabled:
        # The applicant, or the last one who counts.
        members[0 if disabled == 1 else len(adults) + dependants - 1].has_disability = True
    people = len(adults) + dependants + unborn
    expected = _by_the_table(
        people,
        alone=kind == "alone" and dependants + unborn > 0,
        disability=bool(disabled),
        young=kind == "young couple" and dependants + unborn == 0,
    )
    household = living(tuple(members), unborn, TODAY)
    assert household.category == expected
    assert household.size == people + visiting


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ([applicant()], False),
        ([applicant(), child()], True),
        ([applicant(), partner(), child()], False),
        ([applicant(), partner(link="ASC"), child()], True),
        ([applicant(), child(birth_date=date(2001, 1, 1), link="E")], True),
        ([applicant(), child(birth_date=date(1950, 1, 1), link="P")], False),
        ([applicant(), visiting_child()], False),
    ],
)
def test_a_single_parent_raises_a_child_without_a_partner(
    members: list[Someone], expected: bool
) -> None:
    assert living(tuple(members), 0, TODAY).single_parent is expected


def test_somebody_becomes_an_adult_on_the_eighteenth_birthday() -> None:
    eve, day = date(2026, 5, 4), date(2026, 5, 5)
    members = (applicant(), child(birth_date=date(2008, 5, 5)))
    assert (living(members, 0, eve).adults, living(members, 0, eve).children) == (1, 1)
    assert (living(members, 0, day).adults, living(members, 0, day).children) == (2, 0)
    assert living(members, 0, eve).changes_on == day
    assert living(members, 0, day).changes_on is None


@given(
    births=st.lists(st.dates(date(1960, 1, 1), date(2026, 11, 22)), min_size=1, max_size=5),
    couple=st.booleans(),
)
def test_nothing_changes_before_the_day_that_was_foretold(births: list[date], couple: bool) -> None:
    second = partner(birth_date=births[0]) if couple else child(birth_date=births[0])
    members = (
        applicant(birth_date=births[-1]),
        second,
        *(child(birth_date=born) for born in births[1:]),
    )

    def told(day: date) -> tuple[object, ...]:
        found = living(members, 0, day)
        return found.category, found.consumption_units, found.adults, found.single_parent

    foretold = living(members, 0, TODAY).changes_on
    last = foretold - timedelta(days=1) if foretold else TODAY + timedelta(days=20_000)
    assert told(last) == told(TODAY)


@pytest.mark.parametrize(
    ("cost", "benefit", "income", "ratio"),
    [
        (None, Decimal(0), Decimal(1000), None),
        (Decimal(500), None, Decimal(1000), None),
        (Decimal(500), Decimal(100), None, None),
        (Decimal(500), Decimal(100), Decimal(0), None),
        (Decimal(500), Decimal(100), Decimal(1200), Decimal("33.33")),
        (Decimal(396), Decimal(0), Decimal(1200), Decimal("33.00")),
        (Decimal(100), Decimal(300), Decimal(1200), Decimal("0.00")),
        (Decimal(900), Decimal(0), Decimal(1), Decimal("999.99")),
    ],
)
def test_the_share_of_income_spent_on_the_home_is_unknown_rather_than_guessed(
    cost: Decimal | None, benefit: Decimal | None, income: Decimal | None, ratio: Decimal | None
) -> None:
    assert effort_ratio(cost, benefit, income) == ratio


def test_nobody_who_declares_no_resource_is_said_to_live_on_nothing() -> None:
    assert monthly_income([]) is None
    assert monthly_income([Decimal(0)]) == 0
    assert monthly_income([Decimal("900.50"), Decimal(100)]) == Decimal("1000.50")


# 16 m² for one or two people, 9 m² for each further one, 70 m² at most (domain.md §4.8).
@pytest.mark.parametrize(
    ("people", "least"),
    [(1, 16), (2, 16), (3, 25), (4, 34), (5, 43), (6, 52), (7, 61), (8, 70), (9, 70), (14, 70)],
)
def test_the_legal_surface_grows_with_the_occupants_up_to_eight(people: int, least: int) -> None:
    assert Norms(Decimal(16), Decimal(9), Decimal(70)).surface_for(people) == least


def test_without_a_figure_in_force_nobody_lives_in_too_small_a_home() -> None:
    assert Norms(Decimal(16), None, Decimal(70)).surface_for(2) is None


@pytest.mark.parametrize(
    ("members", "unborn", "category"),
    [case[1:] for case in CATEGORIES],
    ids=[case[0] for case in CATEGORIES],
)
def test_household_category(members: list[Someone], unborn: int, category: int) -> None:
    assert living(tuple(members), unborn, TODAY).category == category


def test_visiting_and_unborn_children_count_for_the_size_of_the_home() -> None:
    household = living((applicant(), visiting_child()), 1, TODAY)
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
    assert living(tuple(members), 0, TODAY).consumption_units == Decimal(units)


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
    assert reference_income(pairs, Decimal(10)) == income


def test_the_figures_of_the_law_are_dated_ones_and_without_them_nothing_is_supposed() -> None:
    couple = (applicant(birth_date=date(1999, 1, 1)), partner(birth_date=date(1998, 1, 1)))
    ages = 27 + 28
    assert Household(couple, 0, TODAY, Decimal(ages)).category == 3
    assert Household(couple, 0, TODAY, Decimal(ages - 1)).category == 2
    assert Household(couple, 0, TODAY).category == 2
    fallen: list[tuple[Decimal | None, Decimal | None]] = [(Decimal(20000), Decimal(18000))]
    assert reference_income(fallen, Decimal(10)) == 18000
    assert reference_income(fallen, Decimal(11)) == 20000
    assert reference_income(fallen, None) == 20000


def test_without_any_income_in_both_years_it_is_that_of_n_2_that_counts() -> None:
    assert not counts_last_year([(Decimal(0), Decimal(0))], Decimal(10))
    assert not counts_last_year([(Decimal(9000), Decimal(9000))], Decimal(0))
    assert counts_last_year([(Decimal(9000), Decimal(0))], Decimal(10))
