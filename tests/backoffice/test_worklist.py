"""The worklist: perimeter, filters, pages, and what an address may ask."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from register import codes
from register.models import Demand, DemandState, Event, EventKind, Label
from register.selectors.cursor import Cursor
from register.selectors.worklist import Sort, WorklistFilter, read_page
from register.services.facts import refresh_facts
from tests.factories import make_commune, make_demand, make_member, make_organisation, principal_of

pytestmark = pytest.mark.django_db
LIST = "/bureau/"
MOST_QUERIES = 10


def numbers(response: Any) -> list[str]:
    return [row.demand.number for row in response.context["page"].rows]


def days_ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def test_a_landlord_sees_the_demands_of_its_department_only(agent: Any, sign_in: Any) -> None:
    here = make_demand()
    make_demand(department="58", communes=("58194",))
    assert numbers(sign_in(agent).get(LIST)) == [here.number]


def test_a_commune_sees_only_the_demands_that_wish_its_territory(
    commune_agent: Any, sign_in: Any
) -> None:
    wanted = make_demand(communes=("21054",))
    make_demand(communes=("21231",))
    assert numbers(sign_in(commune_agent).get(LIST)) == [wanted.number]


def test_the_list_costs_at_most_ten_queries_however_long_it_is(agent: Any, sign_in: Any) -> None:
    client = sign_in(agent)
    costs = []
    for _batch in range(2):
        for _row in range(4):
            make_demand(communes=("21231", "21515"), types=("T2", "T3"), dependants=2)
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST, {"commune": "21231", "home_type": "T2", "missing": "identity"})
        costs.append(len(queries))
    assert costs[0] == costs[1] <= MOST_QUERIES, [q["sql"] for q in queries]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"commune": "Talant"}, "talant"),
        ({"commune": "21617"}, "talant"),
        ({"home_type": "T5"}, "large"),
        ({"size_min": "4"}, "large"),
        ({"size_max": "1", "home_type": "T1"}, "small"),
        ({"state": "under_allocation"}, "candidate"),
        ({"months_min": "60"}, "old"),
        ({"beyond_delay": "on"}, "old"),
        ({"is_priority": "on"}, "priority"),
        ({"awaits_piece": "on"}, "awaiting"),
        ({"missing": "identity"}, "unchecked"),
        ({"state": "struck_off"}, "struck off"),
    ],
)
def test_each_filter_keeps_the_demands_it_names(
    agent: Any, sign_in: Any, wanted: dict[str, str], found: str
) -> None:
    make_commune("21617", "Talant", postal_code="21240")
    demands = {
        "talant": make_demand(communes=("21617",)),
        "large": make_demand(types=("T5",), dependants=4),
        "small": make_demand(types=("T1",)),
        "candidate": make_demand(state=DemandState.UNDER_ALLOCATION),
        "old": make_demand(received_on=days_ago(2000)),
        "priority": make_demand(),
        "unchecked": make_demand(),
        "awaiting": make_demand(),
        "struck off": make_demand(
            state=DemandState.STRUCK_OFF,
            strike_off_reason="RADABA",
            struck_off_on=timezone.localdate(),
        ),
    }
    Label.objects.create(
        demand=demands["priority"],
        code=codes.PriorityLabel.DALO,
        granted_by=agent.organisation,
        valid_from=date(2020, 1, 1),
    )
    for name, demand in demands.items():
        document = demand.documents.get()
        if name != "unchecked":
            document.status = codes.DocumentStatus.VERIFIED
            document.save()
        refresh_facts(demand=demand)
    Event.objects.create(
        demand=demands["awaiting"], kind=EventKind.PIECE_REQUESTED, at=timezone.now()
    )
    assert numbers(sign_in(agent).get(LIST, wanted)) == [demands[found].number]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [("oldest", "abc"), ("newest", "cba"), ("largest", "bca"), ("smallest", "acb")],
)
def test_each_order_is_kept(agent: Any, sign_in: Any, sort: str, expected: str) -> None:
    demands = {
        "a": make_demand(received_on=days_ago(900), dependants=0),
        "b": make_demand(received_on=days_ago(600), dependants=3),
        "c": make_demand(received_on=days_ago(300), dependants=1),
    }
    wanted = [demands[letter].number for letter in expected]
    assert numbers(sign_in(agent).get(LIST, {"sort": sort})) == wanted


def test_an_unknown_parameter_is_refused_and_named(agent: Any, sign_in: Any) -> None:
    answer = sign_in(agent).get(LIST, {"registered_by__user__password": "x"})
    assert answer.status_code == 400
    assert "registered_by__user__password" in answer.content.decode()


@pytest.mark.parametrize("cursor", ["rien", "after.2024-13-45.1", "after.2024-01-01.x", "x.1.1"])
def test_a_page_address_nobody_gave_is_refused(agent: Any, sign_in: Any, cursor: str) -> None:
    assert sign_in(agent).get(LIST, {"cursor": cursor}).status_code == 400


def test_a_bad_value_is_answered_beside_its_field_and_kept(agent: Any, sign_in: Any) -> None:
    answer = sign_in(agent).get(LIST, {"size_min": "beaucoup", "commune": "Atlantide"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="beaucoup"' in page
    assert 'value="Atlantide"' in page
    assert answer.context["form"].errors.keys() == {"size_min", "commune"}
    assert answer.context["page"] is None


def test_an_ambiguous_commune_offers_its_readings(agent: Any, sign_in: Any) -> None:
    make_commune("21001", "Saint-Seine-en-Bâche", postal_code="21130")
    make_commune("21002", "Saint-Seine-sur-Vingeanne", postal_code="21610")
    page = sign_in(agent).get(LIST, {"commune": "saint seine"}).content.decode()
    assert "commune=21001" in page
    assert "commune=21002" in page


def test_a_name_is_searched_without_ever_standing_in_an_address(agent: Any, sign_in: Any) -> None:
    wanted = make_demand(last_name="Lefèvre", first_names="Élodie")
    make_demand(last_name="Martin")
    client = sign_in(agent)
    answer = client.post("/bureau/recherche/", {"text": "lefevre"})
    assert answer.status_code == 302
    assert "lefevre" not in answer["Location"].lower()
    assert numbers(client.get(answer["Location"])) == [wanted.number]


def test_a_search_that_ended_with_its_session_says_so(agent: Any, sign_in: Any) -> None:
    answer = sign_in(agent).get(LIST, {"search": "inconnu"})
    assert answer.status_code == 400
    assert "search" in answer.context["form"].errors


def test_the_beginning_of_a_number_finds_it_and_a_whole_number_opens_it(
    agent: Any, sign_in: Any
) -> None:
    demand = make_demand(received_on=date(2024, 3, 5))
    make_demand(received_on=date(2023, 1, 5))
    client = sign_in(agent)
    answer = client.post("/bureau/recherche/", {"text": "021 0324"})
    assert numbers(client.get(answer["Location"])) == [demand.number]
    answer = client.post("/bureau/recherche/", {"text": demand.number})
    assert answer["Location"] == f"/bureau/dossiers/{demand.number}/"


def test_searching_a_foreign_number_says_no_more_than_an_unknown_one(
    agent: Any, sign_in: Any
) -> None:
    foreign = make_demand(department="58", communes=("58194",))
    client = sign_in(agent)
    answer = client.post("/bureau/recherche/", {"text": foreign.number})
    assert numbers(client.get(answer["Location"])) == []


def test_an_empty_list_says_by_which_rules_the_organisation_sees_demands(
    agent: Any, sign_in: Any
) -> None:
    page = sign_in(agent).get(LIST).content.decode()
    assert "R441-2-6 a" in page
    assert "Bailleur de test" in page


def test_a_body_that_is_no_counter_is_taken_to_its_figures(sign_in: Any) -> None:
    body = make_organisation("observateur", "commune", is_counter=False, commune=make_commune())
    answer = sign_in(make_member(body, "statistics")).get(LIST)
    assert answer["Location"] == "/bureau/statistiques/"


def test_without_any_right_the_desk_explains_instead_of_showing(agent: Any, sign_in: Any) -> None:
    agent.organisation.agreements.update(ends_on="2021-01-01")
    answer = sign_in(agent).get(LIST)
    assert answer.status_code == 403
    assert "Bailleur de test" in answer.content.decode()


def test_a_name_that_the_list_masks_cannot_be_guessed_by_searching(
    agent: Any, sign_in: Any, monkeypatch: Any
) -> None:
    make_demand(last_name="Canari")
    monkeypatch.setattr("register.access.readable", lambda *_args: Q(pk__in=[]))
    monkeypatch.setattr("register.access.read_in_all", lambda *_args: frozenset())
    client = sign_in(agent)
    assert "Canari" not in client.get(LIST).content.decode()
    answer = client.post("/bureau/recherche/", {"text": "canari"})
    assert numbers(client.get(answer["Location"])) == []


def test_a_signed_out_person_is_asked_to_sign_in_and_brought_back(client: Any) -> None:
    answer = client.get("/bureau/?home_type=T3")
    assert answer.status_code == 302
    assert "next=/bureau/%3Fhome_type%3DT3" in answer["Location"]


def test_an_applicant_finds_no_desk(client: Any) -> None:
    demand = make_demand()
    client.force_login(demand.account)
    assert client.get(LIST).status_code == 404
    assert client.get(f"/bureau/dossiers/{demand.number}/").status_code == 404


@given(
    sort=st.sampled_from(list(Sort)),
    ages=st.lists(st.integers(1, 4), min_size=1, max_size=9),
    size=st.integers(1, 4),
    arrivals=st.lists(st.integers(1, 4), max_size=4),
)
def test_pages_neither_skip_nor_repeat_a_demand_while_others_arrive(
    landlord: Any, sort: Sort, ages: list[int], size: int, arrivals: list[int]
) -> None:
    Demand.objects.update(
        state=DemandState.STRUCK_OFF, strike_off_reason="RADABA", struck_off_on=days_ago(0)
    )
    principal = principal_of(make_member(landlord, "agent"))
    made = [make_demand(received_on=days_ago(age), dependants=age % 3).number for age in ages]
    seen, cursor, late = [], None, iter(arrivals)
    while True:
        page = read_page(principal, WorklistFilter(sort=sort), cursor, size)
        seen += [row.demand.number for row in page.rows]
        if page.following is None:
            break
        cursor = Cursor.parse(str(page.following), sort)
        for age in [next(late, None)]:
            if age is not None:
                make_demand(received_on=days_ago(age), dependants=age % 3)
    assert len(seen) == len(set(seen))
    assert set(made) <= set(seen)


@pytest.mark.parametrize("sort", list(Sort))
def test_previous_leads_back_over_the_same_pages(agent: Any, sort: Sort) -> None:
    for age in (3, 3, 2, 2, 1, 5, 5):
        make_demand(received_on=days_ago(age), dependants=age % 3)
    principal, wanted = principal_of(agent), WorklistFilter(sort=sort)
    pages = [read_page(principal, wanted, None, 3)]
    while pages[-1].following:
        pages.append(read_page(principal, wanted, pages[-1].following, 3))
    assert [len(page.rows) for page in pages] == [3, 3, 1]
    back = read_page(principal, wanted, pages[2].preceding, 3)
    assert _numbers(back) == _numbers(pages[1])
    first = read_page(principal, wanted, back.preceding, 3)
    assert _numbers(first) == _numbers(pages[0])
    assert first.preceding is None


def _numbers(page: Any) -> list[str]:
    return [row.demand.number for row in page.rows]


def test_beyond_a_thousand_a_search_says_more_than(
    agent: Any, sign_in: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("register.selectors.worklist.COUNT_CAP", 2)
    for _row in range(3):
        make_demand(last_name="Bernard")
    client = sign_in(agent)
    found = client.post("/bureau/recherche/", {"text": "bernard"}, follow=True)
    assert "Plus de 1" in found.content.decode()
    everything = client.get(LIST)
    assert everything.context["page"].count == 3
    assert "Plus de 1" not in everything.content.decode()
