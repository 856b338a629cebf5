"""Each department has its own abnormally long delay: what is said and counted follows it."""

import json
from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from observatory.figures import key_figures
from register.deadlines import add_months
from register.letters import attestation_texts as texts
from register.models import Demand
from register.selectors.abnormal_delay import each_in_words, in_one, waits
from register.selectors.statistics import observe, observe_department
from rules.disk import MODULES
from tests.backoffice.conftest import signed_in
from tests.factories import (
    make_commune,
    make_demand,
    make_department,
    make_member,
    make_organisation,
)
from tests.register.question_modules import install_module

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

MACON = "71270"


@pytest.fixture
def quick() -> None:
    """In Saône-et-Loire the wait is abnormally long after a year, and an offer waits 20 days."""
    make_department("71", "Saône-et-Loire")
    folder = MODULES / "deadlines-21"
    card, body = (
        json.loads((folder / f"{name}.json").read_text()) for name in ("manifest", "body")
    )
    for delay in body["deadlines"]:
        values = {"abnormal_delay": 12, "offer_answer": 20}
        if delay["code"] in values:
            delay["value"] = values[delay["code"]]
            delay.pop("elsewhere", None)
    install_module({**card, "code": "deadlines-71", "territory": "71", "version": 1}, body)


def demand_in(department: str, months: int, day: date) -> Demand:
    insee = {"21": "21231", "71": MACON}[department]
    make_commune(insee, department=department, epci=None)
    return make_demand(
        department=department, communes=(insee,), received_on=add_months(day, -months)
    )


def test_statistics_count_each_demand_by_the_delay_of_its_department(quick: None) -> None:
    day = timezone.localdate()
    for _each in range(3):
        demand_in("21", 18, day)
        demand_in("71", 18, day)
    make_organisation(department="21"), make_organisation(department="71")
    seen = observe(Demand.objects.all(), day, 1)
    assert (seen.live, seen.beyond_delay) == (6, 3)
    assert [(wait.department, wait.months) for wait in seen.delays] == [
        ("Côte-d’Or", 24),
        ("Saône-et-Loire", 12),
    ]
    with override("fr"):
        told = key_figures(seen)[1]
        assert "leur département" in told["label"]
        assert "Côte-d’Or 24 mois, Saône-et-Loire 12 mois" in told["note"]
        alone = key_figures(observe_department("71"))[1]
    assert "12 mois" in alone["label"]
    assert "Côte-d’Or" not in alone["note"]


def test_the_list_says_the_delay_or_each_of_them(quick: None) -> None:
    agent = make_member(make_organisation(department="21"))
    client = signed_in(agent)
    assert "Au-delà de 24 mois" in client.get("/bureau/?beyond_delay=on").content.decode()
    make_organisation(department="71")
    page = client.get("/bureau/?beyond_delay=on").content.decode()
    assert "Côte-d’Or 24 mois, Saône-et-Loire 12 mois" in page
    with override("fr"):
        assert in_one(waits()) is None
        assert each_in_words(waits()) == "Côte-d’Or 24 mois, Saône-et-Loire 12 mois"


def test_a_certificate_says_the_delays_of_its_own_department(quick: None) -> None:
    def said(demand: Demand) -> Any:
        with override("fr"):
            sentences = [*texts.mediation_cases(demand), *texts.next_steps(demand)]
            return " ".join(sentences).replace("\N{NO-BREAK SPACE}", " ")

    day = timezone.localdate()
    here, there = said(demand_in("21", 1, day)), said(demand_in("71", 1, day))
    assert "24 mois d’attente" in here
    assert "10 jours" in here
    assert "12 mois d’attente" in there
    assert "20 jours" in there
