"""Who comes first for a home: the demands that the reader may know, by the grid in force."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from register import access, bits
from register.models import Demand, DemandAudience, DemandFacts, Membership
from register.selectors import home_ranking, ranking
from register.selectors.home_ranking import first_for
from register.selectors.ranking import Home
from register.selectors.scores import score_of
from tests.factories import make_demand, make_member, make_organisation, principal_of
from tests.register.test_score_list import only_where

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
HOME = "/bureau/logement/"
DIJON = {"commune": "21231", "home_type": "T2"}


def numbers(response: Any) -> list[str]:
    return [line.demand.number for line in response.context["ranking"].candidates]


def waiting_since(*years: int, **more: Any) -> list[str]:
    made = [
        make_demand(received_on=date(year, 2, 1), **{"types": ("T2",), **more}) for year in years
    ]
    return [demand.number for demand in made]


def test_the_first_are_those_of_the_grid_with_the_points_of_their_files(
    agent: Membership, sign_in: Any
) -> None:
    middle, first, last = waiting_since(2024, 2021, 2026)
    make_demand(types=("T1",))
    make_demand(communes=("21054",))
    page = sign_in(agent).get(HOME, DIJON)
    assert page.status_code == 200
    assert numbers(page) == [first, middle, last]
    principal = principal_of(agent)
    for line in page.context["ranking"].candidates:
        demand = Demand.objects.get(pk=line.demand.pk)
        shown = score_of(demand, access.fields(principal, demand))
        assert shown
        assert (line.points, line.total) == (shown.points, shown.total)
        told = [(each.title, each.points) for each in shown.earned if each.counts]
        assert [(reason.title, reason.points) for reason in line.reasons] == told
    assert "Ancienneté" in page.content.decode()


def test_only_demands_of_the_perimeter_are_put_in_order(agent: Membership, sign_in: Any) -> None:
    (mine,) = waiting_since(2024)
    waiting_since(2020, department="58")
    waiting_since(2020, is_sealed=True)
    assert numbers(sign_in(agent).get(HOME, DIJON)) == [mine]


@pytest.mark.parametrize("group", ["score", "wishes", "resources"])
def test_a_demand_is_not_ranked_by_what_its_reader_may_not_know(
    agent: Membership, sign_in: Any, group: str
) -> None:
    small, large = waiting_since(2024, 2020)
    DemandFacts.objects.filter(demand__number=large).update(household_size=2)
    alone = {"fact": "demand.household_size", "op": "at_most", "value": 1}
    every = {"fact": "demand.household_size", "op": "at_least", "value": 1}
    for number, name in enumerate(["score", "wishes", "resources"], start=50):
        only_where(alone if name == group else every, name, number=number, keep=number > 50)
    without = numbers(sign_in(agent).get(HOME, DIJON))
    assert without == ([large, small] if group == "resources" else [small])
    DemandFacts.objects.update(annual_income=1_000, household_category=1)
    with_ceiling = {**DIJON, "financing": "plus"}
    assert numbers(sign_in(agent).get(HOME, with_ceiling)) == [small]


def test_a_reason_that_may_not_be_told_hides_all_of_them(agent: Membership, sign_in: Any) -> None:
    (told, _hidden) = waiting_since(2024, 2020)
    telling = DemandFacts.objects.exclude(demand__number=told)
    telling.update(has_disability=True, reasons=bits.mask(["06", "07"], bits.REASONS))
    page = sign_in(agent).get(HOME, DIJON)
    withheld, shown = page.context["ranking"].candidates
    assert withheld.is_withheld
    assert withheld.reasons == ()
    assert shown.reasons
    assert "Masqué" in page.content.decode()


def test_whoever_reads_no_score_finds_no_such_page(agent: Membership, sign_in: Any) -> None:
    client = sign_in(agent)
    assert HOME in client.get("/bureau/").content.decode()
    only_where(None)
    assert client.get(HOME, DIJON).status_code == 404
    assert HOME not in client.get("/bureau/").content.decode()
    figures = make_member(make_organisation(), "statistics")
    assert sign_in(figures).get(HOME, DIJON).status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        {"commune": "21231"},
        {"home_type": "T2"},
        {**DIJON, "home_type": "T99"},
        {**DIJON, "commune": "Nulle part"},
        {**DIJON, "rent": "beaucoup"},
        {**DIJON, "surface": "0"},
        {**DIJON, "financing": "x"},
        {**DIJON, "number": "1"},
    ],
)
def test_what_is_mistyped_is_refused_and_nobody_is_ranked(
    agent: Membership, sign_in: Any, asked: dict[str, str]
) -> None:
    waiting_since(2024)
    page = sign_in(agent).get(HOME, asked)
    assert page.status_code == 400
    assert not page.context.get("ranking")


def test_the_empty_form_ranks_nobody(agent: Membership, sign_in: Any) -> None:
    page = sign_in(agent).get(HOME)
    assert page.status_code == 200
    assert page.context["ranking"] is None


def test_without_a_grid_in_the_department_nobody_is_first(
    agent: Membership, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting_since(2024)
    for module in (ranking, home_ranking):
        monkeypatch.setattr(module, "grid_of", lambda _department: None)
    page = sign_in(agent).get(HOME, DIJON)
    assert numbers(page) == []
    assert "Aucune grille" in page.content.decode()


@pytest.mark.parametrize(("surface", "most"), [(15, 0), (24, 2), (25, 3)])
def test_a_home_is_proposed_to_no_household_that_would_be_too_many_in_it(
    agent: Membership, surface: int, most: int
) -> None:
    sizes = {}
    for size in (1, 2, 3, 4, 12):
        (number,) = waiting_since(2024, types=("T3",))
        for rows in (DemandFacts.objects, DemandAudience.objects):
            rows.filter(demand__number=number).update(household_size=size)
        sizes[number] = size
    whole = first_for(principal_of(agent), Home("21231", "T3"))
    found = first_for(principal_of(agent), Home("21231", "T3", surface=surface))
    suited = {sizes[line.demand.number] for line in whole.candidates}
    assert {2, 3} <= suited
    assert {sizes[line.demand.number] for line in found.candidates} == {
        size for size in suited if size <= most
    }


def test_the_page_costs_as_many_queries_for_one_demand_and_for_many(
    agent: Membership, sign_in: Any
) -> None:
    client = sign_in(agent)
    asked = {**DIJON, "financing": "plus", "surface": "70"}
    client.get(HOME, asked)  # the first writes the statements, with the figures of the day
    costs = []
    for _batch in range(2):
        waiting_since(*range(2018, 2026))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(HOME, asked).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 14
