"""Online: one annex for each person who is said to have a disability, and none is required."""

from typing import Any

import pytest
from django.test import Client

from register.form.answers import Answers
from register.form.assembly import declaration
from register.models import Demand
from register.services.application import NeedLine
from tests.portal.demand import (
    answers_of,
    draft_of,
    fill_minimum,
    page_state,
    post,
    prepare_register,
    signed_in,
)

pytestmark = pytest.mark.django_db
CHILD = "0a1b2c3d"
LIST = "foyer/handicap/besoins"


@pytest.fixture
def client() -> Client:
    prepare_register()
    client = signed_in()
    names = {"birth_name": "Martin", "first_names": "Hugo"}
    born = {"birth_date_0": "3", "birth_date_1": "9", "birth_date_2": "2018"}
    post(client, f"foyer/personnes-a-charge/{CHILD}", names | born)
    return client


def say(client: Client, *people: str) -> Any:
    return post(client, "foyer/handicap", {"disabled": list(people)})


def needs_by_name(answers: Answers) -> dict[str, set[NeedLine]]:
    found = declaration(answers).persons
    return {each.first_names: set(each.needs) for each in found if each.has_disability}


def test_each_person_ticked_has_a_page_of_her_own(client: Client) -> None:
    assert say(client, "applicant", CHILD)["Location"] == f"/demande/{LIST}/"
    shown = client.get(f"/demande/{LIST}/").content.decode()
    for person in ("applicant", CHILD):
        assert f"/demande/{LIST}/{person}/" in shown
    child = client.get(f"/demande/{LIST}/{CHILD}/").content.decode()
    assert "De quoi Hugo a-t-il" in child
    told = {"equipment": ["3", "6"], "steps": "1", "aid": ["4"], "course": "STA"}
    assert post(client, f"{LIST}/{CHILD}", told)["Location"] == f"/demande/{LIST}/"
    assert post(client, LIST, {})["Location"] == "/demande/coordonnees/"
    expected = {("equipment", "3"), ("equipment", "6"), ("steps", "1"), ("aid", "4")}
    lines = {NeedLine(topic, code) for topic, code in expected | {("course", "STA")}}
    assert needs_by_name(answers_of(client)) == {"": set(), "Hugo": lines}


def test_an_annex_is_sent_with_the_demand_and_read_again_before(client: Client) -> None:
    fill_minimum(client)
    say(client, CHILD)
    post(client, f"{LIST}/{CHILD}", {"equipment": ["4"]})
    assert "Ascenseur" in client.get("/demande/verification/").content.decode()
    token = draft_of(client).submission_token
    assert client.post("/demande/envoi/", {"token": token}).status_code == 302
    child = Demand.objects.get().persons.get(first_names="Hugo")
    assert child.has_disability
    assert [(need.topic, need.code) for need in child.needs.all()] == [("equipment", "4")]


def test_what_was_said_of_somebody_no_longer_ticked_or_gone_is_not_sent(client: Client) -> None:
    say(client, CHILD)
    post(client, f"{LIST}/{CHILD}", {"motor": ["MI"]})
    say(client)
    assert needs_by_name(answers_of(client)) == {}
    say(client, CHILD)
    client.post("/demande/foyer/personnes-a-charge/", {"intent": f"remove:{CHILD}"})
    assert "MI" not in str(answers_of(client).slot("foyer-annexes"))


def test_nobody_else_has_an_annex(client: Client) -> None:
    say(client, "applicant")
    absent = client.get("/demande/foyer/handicap/besoins/ffffffff/")
    assert (absent.status_code, client.get(f"/demande/{LIST}/{CHILD}/").status_code) == (404, 404)
    say(client)
    assert client.get(f"/demande/{LIST}/")["Location"] == "/demande/mes-etapes/"


def test_nothing_typed_is_lost_when_two_windows_write_the_same_annex(client: Client) -> None:
    say(client, "applicant")
    page = f"{LIST}/applicant"
    state = page_state(client, f"/demande/{page}/")
    post(client, page, {"aid": ["2"]})
    answer = post(client, page, {"aid": ["3"], "page_state": state})
    assert answer["Location"] == "/demande/conflit/foyer-annexes:applicant/"
    compared = client.get(answer["Location"]).content.decode()
    assert "Canne ou béquilles" in compared
    assert "Déambulateur" in compared
