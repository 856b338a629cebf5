"""Ceilings of income: the figures of the year, what is missing, and lists that agree with files."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from register import clock
from register.models import DemandFacts, Parameter, Person
from register.selectors.eligibility import (
    Someone,
    assess_demand,
    assess_household,
    financings,
    under_ceiling,
)
from register.selectors.worklist import WorklistFilter, matching
from register.services.facts import refresh_facts
from tests.factories import make_demand, make_member, principal_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "rules")]

# domain.md §4.7, "autres régions", euros per year: year, category, PLUS, PLS, PLAI.
TABLE = [
    (2025, 1, 23201, 30161, 12759),
    (2025, 4, 44982, 58477, 24875),
    (2026, 1, 23403, 30424, 12871),
    (2026, 2, 31254, 40630, 18753),
    (2026, 3, 37584, 48859, 22551),
    (2026, 6, 60156, 78203, 33086),
    (2026, 8, 60156 + 2 * 6710, 78203 + 2 * 8723, 33086 + 2 * 3690),
]


def _outcomes(found) -> dict[str, str]:
    return {line.outcome.rule.code: line.outcome.outcome for line in found.lines}


@pytest.mark.parametrize(("year", "category", "plus", "pls", "plai"), TABLE)
def test_the_ceiling_is_that_of_the_year_and_of_the_household(
    year: int, category: int, plus: int, pls: int, plai: int
) -> None:
    people = [Someone("applicant", tax_income_n2=Decimal(1))]
    people += [Someone("co_applicant", link="ASC", tax_income_n2=Decimal(0))] * (category > 1)
    people += [Someone("dependant")] * max(category - 2, 0)
    with clock.at(timezone.make_aware(timezone.datetime(year, 6, 1, 12))):
        found = assess_household(people)
    assert found is not None
    assert found.category == category
    ceilings = {line.outcome.rule.code: line.outcome.ceiling for line in found.lines}
    assert ceilings == {"plai": plai, "plus": plus, "pls": pls}
    assert {line.figure.valid_from for line in found.lines} == {date(year, 1, 1)}


def test_a_household_without_demand_is_told_its_share_of_the_ceiling() -> None:
    mother = Someone("applicant", date(1988, 3, 4), tax_income_n2=Decimal(18420))
    with clock.at(timezone.make_aware(timezone.datetime(2026, 11, 24, 12))):
        found = assess_household([mother, Someone("dependant", date(2017, 9, 12))], tax_year=2024)
    assert found is not None
    shares = {line.outcome.rule.code: line.outcome.percent for line in found.lines}
    assert shares["plus"] == Decimal("49.01")
    assert (found.category, found.income_year, found.norm.types) == (3, 2024, ("T2", "T3"))


def test_last_years_income_counts_when_it_fell_by_a_tenth() -> None:
    fell = Someone("applicant", tax_income_n2=Decimal(30000), tax_income_n1=Decimal(27000))
    held = Someone("applicant", tax_income_n2=Decimal(30000), tax_income_n1=Decimal(27001))
    found = [assess_household([each], tax_year=2024) for each in (fell, held)]
    assert [(each.income, each.income_year) for each in found if each] == [
        (Decimal(27000), 2025),
        (Decimal(30000), 2024),
    ]


def test_a_missing_income_refuses_nobody_and_asks_to_complete() -> None:
    found = assess_household([Someone("applicant"), Someone("co_applicant")])
    assert found is not None
    assert set(_outcomes(found).values()) == {"to_complete"}
    assert found.is_to_complete
    assert found.eligible == ()


@pytest.mark.parametrize(
    ("link", "income"), [("M", 40000), ("P", 40000), ("C", None), ("FRAT", None), ("", None)]
)
def test_only_spouses_and_civil_partners_may_be_on_the_applicants_tax_notice(
    link: str, income: int | None
) -> None:
    applicant = Someone("applicant", tax_income_n2=Decimal(40000))
    found = assess_household([applicant, Someone("co_applicant", link=link)])
    assert found is not None
    assert found.income == income


def test_a_spouse_with_a_tax_notice_of_her_own_counts_with_it() -> None:
    applicant = Someone("applicant", tax_income_n2=Decimal(40000))
    for told, income in (({"tax_income_n2": Decimal(0)}, 40000), ({"tax_income_n1": 1}, None)):
        found = assess_household([applicant, Someone("co_applicant", link="M", **told)])
        assert found is not None
        assert found.income == income


def test_without_a_figure_for_the_year_nothing_is_said() -> None:
    Parameter.objects.filter(code__startswith="ceiling.plus").delete()
    found = assess_household([Someone("applicant", tax_income_n2=Decimal(1))])
    assert found is not None
    assert _outcomes(found) == {"plai": "eligible", "plus": "to_complete", "pls": "eligible"}


def test_a_department_without_a_module_says_nothing() -> None:
    assert assess_household([Someone("applicant")], department="71") is None


@given(
    income=st.none() | st.sampled_from(["0", "12871", "12871.01", "23403", "23403.01", "99999"]),
    category=st.integers(1, 9),
)
def test_a_list_keeps_those_whose_file_says_so(income: str | None, category: int) -> None:
    demand = make_demand()
    DemandFacts.objects.filter(pk=demand.pk).update(
        annual_income=income and Decimal(income), household_category=category
    )
    demand.refresh_from_db()
    found = assess_demand(demand)
    assert found is not None
    assert [code for code, _title in financings()] == ["plai", "plus", "pls"]
    for code, outcome in _outcomes(found).items():
        kept = type(demand).objects.filter(under_ceiling(code), pk=demand.pk).exists()
        assert kept is (outcome == "eligible")


def test_the_list_is_filtered_for_those_who_may_read_resources() -> None:
    demand = make_demand()
    Person.objects.filter(demand=demand).update(tax_income_n2=Decimal(9000))
    refresh_facts(demand=demand)
    agent = principal_of(make_member())
    reader = principal_of(make_member(role="statistics"))
    assert list(matching(agent, WorklistFilter(ceiling="plus"))) == [demand]
    assert not matching(reader, WorklistFilter(ceiling="plus")).exists()
