"""Each department has its own abnormally long delay: what is said and counted follows it."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from observatory.figures import key_figures
from register import deadlines
from register.deadlines import add_months
from register.letters import attestation_texts as texts
from register.models import Demand
from register.parameters import parameter_bindings
from register.selectors.abnormal_delay import departments_by_delay, each_in_words, in_one, waits
from register.selectors.next_dates import next_dates
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
    # With no threshold: a hidden band of seniority would hide those beyond the delay too.
    seen = observe(Demand.objects.all(), day, 0)
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
    assert "24 mois d’attente ou plus" in client.get("/bureau/?beyond_delay=on").content.decode()
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


def test_what_the_prefect_of_one_department_fixed_is_not_known_in_another() -> None:
    nevers = make_department("58", "Nièvre")
    day = timezone.localdate()
    with pytest.raises(LookupError):
        deadlines.get("abnormal_delay", "58")
    assert "parameter.deadline.abnormal_delay" not in parameter_bindings("58", day)
    with override("fr"):
        assert in_one(waits([nevers])) is None
        assert each_in_words(waits([nevers])) == "Nièvre non connu"
    assert all("58" not in places for places in departments_by_delay().values())


def test_a_certificate_elsewhere_promises_no_date_for_the_mediation_commission() -> None:
    make_department("58", "Nièvre")
    make_commune("58194", department="58", epci=None)
    demand = make_demand(department="58", communes=("58194",), received_on=date(2020, 1, 1))
    assert texts.mediation_from(demand) is None
    with override("fr"):
        said = " ".join([*texts.mediation_cases(demand), *texts.next_steps(demand)])
    assert said.count("délai fixé par le préfet") == 2
    assert "24" not in said
    make_organisation(department="58")
    assert observe(Demand.objects.all(), timezone.localdate(), 0).beyond_delay == 0


def test_elsewhere_a_delay_of_the_law_is_read_for_the_department() -> None:
    assert deadlines.get("validity", "58").value == 12
    assert deadlines.get("mediation_decision", "58").value == 3
    assert deadlines.get("mediation_decision", "974").value == 6


def test_the_commission_is_open_from_the_very_day() -> None:
    day = timezone.localdate()
    on_the_day, the_day_before = (
        next(d for d in next_dates(demand) if d.code == "abnormal_delay")
        for demand in (
            make_demand(received_on=add_months(day, -24)),
            make_demand(received_on=add_months(day, -24) + timedelta(days=1)),
        )
    )
    assert (on_the_day.on, on_the_day.is_open) == (day, True)
    assert not the_day_before.is_open
