"""Several people ask together, and others share the home with demands of their own."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from portal.space.summary import sections
from register import access
from register.models import Demand
from register.principals import applicant_principal
from register.selectors.own_data import own_data
from register.services.facts import compute_facts, differing_columns
from tests.portal.demand import draft_of, fill_minimum, post, prepare_register, signed_in

pytestmark = pytest.mark.django_db
ANNE, LOU = "0a1b2c3a", "0a1b2c3b"


def born(year: str, **told: Any) -> dict[str, Any]:
    return {**told, "birth_date_0": "6", "birth_date_1": "4", "birth_date_2": year}


PAUL = born("1984", birth_name="Martin", first_names="Paul", title="1", nationality="1", link="M")
SISTER = born("1990", birth_name="Dupont", first_names="Anne", title="2", nationality="1")
SISTER |= {"link": "FRAT", "tax_income_n2": "15 000", "income_kind": "SAL", "income_amount": "900"}
FLATMATE = born("1994", birth_name="Petit", first_names="Lou")


@pytest.fixture
def client() -> Client:
    prepare_register()
    client = signed_in()
    fill_minimum(client)
    return client


def ask_together(client: Client) -> None:
    post(client, "foyer", {"has_co_applicant": "oui", "has_flat_sharers": "oui"})
    answer = post(client, "foyer/conjoint", {**PAUL, "has_others": "oui"})
    assert answer["Location"] == "/demande/foyer/codemandeurs/"
    post(client, f"foyer/codemandeurs/{ANNE}", SISTER)
    assert post(client, "foyer/codemandeurs", {})["Location"] == "/demande/foyer/colocataires/"
    post(client, f"foyer/colocataires/{LOU}", FLATMATE)
    post(client, "ressources", {"tax_income_n2": "10 000", "co_tax_income_n2": "8 000"})


def send(client: Client) -> Demand:
    token = draft_of(client).submission_token
    assert client.post("/demande/envoi/", {"token": token}).status_code == 302
    return Demand.objects.get()


def test_each_co_applicant_counts_and_no_flat_sharer_does(client: Client) -> None:
    ask_together(client)
    summary = client.get("/demande/verification/").content.decode()
    assert "Anne Dupont" in summary
    assert "Frère ou sœur" in summary, "every answer about each person is read again"
    demand = send(client)
    asking = demand.persons.filter(role="co_applicant").order_by("position")
    assert [(each.first_names, each.link) for each in asking] == [("Paul", "M"), ("Anne", "FRAT")]
    assert [str(each) for each in demand.flat_sharers.all()] == ["Lou Petit"]
    assert (demand.facts.household_size, demand.facts.adults) == (3, 3)
    assert demand.facts.annual_income == Decimal(33_000)
    assert demand.facts.monthly_income == Decimal(900)
    assert differing_columns(demand.facts, compute_facts(demand)) == []


def test_the_applicant_reads_them_again_in_her_space_and_in_her_data(client: Client) -> None:
    ask_together(client)
    demand = send(client)
    assert demand.account is not None
    rights = access.fields(applicant_principal(demand.account), demand)
    shown = str([section.rows for section in sections(demand, rights)])
    kept = own_data(demand)["declaration"]
    assert "Lou Petit" in shown
    assert [each["first_names"] for each in kept["flat_sharers"]] == ["Lou"]
    assert [each["first_names"] for each in kept["co_applicants"]] == ["Paul", "Anne"]


def test_what_was_written_before_changing_ones_mind_is_not_sent(client: Client) -> None:
    ask_together(client)
    post(client, "foyer", {"has_co_applicant": "non", "has_flat_sharers": "non"})
    demand = send(client)
    assert demand.persons.count() == 1
    assert not demand.flat_sharers.exists()


def test_lists_that_nobody_asked_for_lead_back_to_the_tasks(client: Client) -> None:
    for page in ("codemandeurs", "colocataires"):
        assert client.get(f"/demande/foyer/{page}/")["Location"] == "/demande/mes-etapes/"
