"""Dated figures differ between departments: lists and files read each demand with its own."""

import json
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from register import access, clock, papers
from register.access import Action, FieldSet
from register.figures import where
from register.models import Demand, DemandFacts, Parameter
from register.parameters import parameter_bindings
from register.priorities import detections
from register.selectors.eligibility import under_ceiling
from register.selectors.worklist import WorklistFilter, matching, read_page
from register.services.detection import detect_again
from rules import registry
from rules.explanation import explain_condition
from rules.parsing import parse_condition
from rules.types import Truth
from tests.factories import (
    make_commune,
    make_demand,
    make_department,
    make_member,
    make_organisation,
    principal_of,
)
from tests.register.question_modules import install_module

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "rules")]

MODULES = Path(registry.__file__).parent / "modules"
NUMBERS = count(10)
# A whole base is written for each example: a failing one is told as it was drawn.
QUICK = (Phase.explicit, Phase.generate)
TODAY = timezone.localdate()
CONDITIONS = (
    {"fact": "demand.beyond_abnormal_delay", "op": "is", "value": True},
    {"fact": "demand.ceiling_percent_plus", "op": "at_most", "value": "100"},
    {"fact": "demand.ceiling_percent_plai", "op": "at_least", "value": "60"},
    {"fact": "demand.income_quartile", "op": "equals", "value": 1},
    {"fact": "demand.income_quartile", "op": "is_known"},
)
ROWS = st.fixed_dictionaries(
    {
        "annual_income": st.none() | st.sampled_from([0, 9_000, 11_500, 23_403, 23_404, 50_000]),
        "household_category": st.integers(1, 8),
        "income_per_unit": st.none() | st.sampled_from([0, 8_000, 9_500, 20_000]),
        "received_on": st.dates(date(2022, 1, 1), TODAY),
    }
)


def _shipped(code: str) -> tuple[dict[str, Any], dict[str, Any]]:
    card, body = (
        json.loads((MODULES / code / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("manifest", "body")
    )
    return card, body


@pytest.fixture
def two_departments(rules: None) -> None:
    """The second department waits for a year less, and has ceilings and quartiles of its own."""
    make_department("71", "Saône-et-Loire")
    card, body = _shipped("deadlines-21")
    for delay in body["deadlines"]:
        if delay["code"] == "abnormal_delay":
            delay |= {"value": 12}
            delay.pop("elsewhere", None)
    install_module({**card, "code": "deadlines-71", "territory": "71", "version": 1}, body)
    for code, value in (("ceiling.plus.1", 11_000), ("ceiling.plai.1", 50_000)):
        _figure(code, "71", value)
    for department, value in (("21", 9_000), ("71", 12_000)):
        _figure("quartile.1", department, value)


def _figure(code: str, department: str, value: int) -> None:
    Parameter.objects.create(
        code=code,
        territory=department,
        value=value,
        unit="EUR/year",
        source="Essai",
        valid_from=date(2020, 1, 1),
    )


def _demands(rows: list[dict[str, Any]]) -> list[Demand]:
    made = []
    for place, row in enumerate(rows):
        department = ("21", "71")[place % 2]
        insee = {"21": "21231", "71": "71270"}[department]
        make_commune(insee, department=department, epci=None)
        demand = make_demand(department=department, communes=(insee,))
        Demand.objects.filter(pk=demand.pk).update(received_on=row["received_on"])
        DemandFacts.objects.filter(pk=demand.pk).update(**row)
        made.append(Demand.objects.get(pk=demand.pk))
    return made


def _explained(condition: Any, demand: Demand) -> bool:
    figures = parameter_bindings(demand.department_id, TODAY)
    found = explain_condition(condition, registry.vocabulary(), figures, demand, TODAY)
    return found.truth is Truth.TRUE


@settings(max_examples=6, phases=QUICK)
@given(rows=st.lists(ROWS, min_size=2, max_size=4))
def test_a_list_and_a_file_answer_the_same_of_every_derived_fact(
    two_departments: None, rows: list[dict[str, Any]]
) -> None:
    demands = _demands(rows)
    keys = [demand.pk for demand in demands]
    mine = Demand.objects.filter(pk__in=keys)
    for data in CONDITIONS:
        condition = parse_condition(data, registry.vocabulary())
        listed = set(mine.filter(where(condition, TODAY)).values_list("pk", flat=True))
        assert listed == {each.pk for each in demands if _explained(condition, each)}


@settings(max_examples=5, phases=QUICK)
@given(rows=st.lists(ROWS, min_size=2, max_size=4), asked=st.sampled_from(CONDITIONS[:4]))
def test_rights_masks_priorities_and_papers_read_each_demand_with_its_own_figures(
    two_departments: None, rows: list[dict[str, Any]], asked: dict[str, Any]
) -> None:
    _open_where(asked)
    demands = _demands(rows)
    agent = principal_of(make_member(make_organisation()))
    mine = Demand.objects.filter(pk__in=[demand.pk for demand in demands])
    detect_again()
    listed = set(mine & access.scope(agent, Action.LIST))
    readable = set(mine.filter(access.readable(agent, FieldSet.NOTES)))
    for demand in demands:
        holds = _explained(parse_condition(asked, registry.vocabulary()), demand)
        assert (demand in listed) is holds
        assert access.decide(agent, Action.LIST, demand).allowed is holds
        assert (demand in readable) is access.fields(agent, demand).can_read("notes") is holds
        demand.refresh_from_db()
        noticed = demand.facts.detected_priorities
        found = detections(demand, parameter_bindings(demand.department_id, TODAY), TODAY)
        assert bool(noticed) is any(each.is_detected for each in found)
        (paper,) = [paper for paper in papers.of_demand(demand) if paper.code == "essai"]
        assert (paper.called_for is Truth.TRUE) is holds


def _open_where(condition: dict[str, Any]) -> None:
    """Put in force one grant, one priority and one paper, each where the condition is true."""
    number = next(NUMBERS)
    card, body = _shipped("rights-r441-2-6")
    grant = {
        "code": "essai",
        "title": {"fr": "Essai", "en": "Test"},
        "legal_basis": "Essai",
        "principal": {"fact": "principal.kind", "op": "is", "value": "membership"},
        "row": condition,
        "actions": ["list", "view"],
        "fields": {"notes": "read"},
    }
    install_module({**card, "version": number}, {**body, "grants": [grant], "guards": []})
    card, body = _shipped("fields-21")
    kept = [{**body["rules"][0], "row": condition, "levels": {"identity": "read"}}]
    install_module({**card, "version": number, "depends": []}, {**body, "rules": kept})
    card, body = _shipped("priority-21")
    rule = {**body["priorities"][0], "detect": condition}
    card = {**card, "code": "priority-all", "territory": "", "version": number}
    install_module(card, {**body, "priorities": [rule]})
    card, body = _shipped("documents-21")
    paper = {**body["documents"][0], "code": "essai", "when": condition}
    paper |= {"stage": "instruction", "tells": "resources"}
    install_module({**card, "version": number}, {**body, "documents": [paper]})


@settings(max_examples=5, phases=QUICK)
@given(rows=st.lists(ROWS, min_size=2, max_size=4))
def test_filters_of_the_list_read_each_demand_with_its_own_figures(
    two_departments: None, rows: list[dict[str, Any]]
) -> None:
    _open_where({"fact": "demand.state", "op": "is_known"})
    demands = _demands(rows)
    agent = principal_of(make_member(make_organisation()))
    mine = Demand.objects.filter(pk__in=[demand.pk for demand in demands])
    late = parse_condition(CONDITIONS[0], registry.vocabulary())
    overdue = {demand for demand in demands if _explained(late, demand)}
    assert set(mine & matching(agent, WorklistFilter(beyond_delay=True))) == overdue
    page = read_page(agent, WorklistFilter(beyond_delay=True), size=1_000)
    shown = {row.demand.pk for row in page.rows}
    assert {demand for demand in demands if demand.pk in shown} == overdue
    card, body = _shipped("eligibility-21")
    card = {**card, "code": "eligibility-all", "territory": "", "version": next(NUMBERS)}
    install_module(card, body)
    modest = parse_condition(CONDITIONS[1], registry.vocabulary())
    listed = set(mine.filter(under_ceiling("plus")))
    assert listed == {demand for demand in demands if _explained(modest, demand)}


def test_no_figure_is_looked_up_before_a_rule_asks(django_assert_num_queries: Any) -> None:
    condition = parse_condition(
        {"fact": "demand.household_size", "op": "at_least", "value": 3}, registry.vocabulary()
    )
    with registry.remembered():
        registry.vocabulary()
        with django_assert_num_queries(0):
            where(condition, clock.today())


def test_a_figure_that_changes_opens_and_closes_files_at_the_next_request(
    two_departments: None,
) -> None:
    _open_where(CONDITIONS[1])
    rows = [{"annual_income": 12_000, "household_category": 1, "received_on": TODAY}] * 2
    here, there = _demands(rows)
    agent = principal_of(make_member(make_organisation()))
    assert set(access.scope(agent, Action.LIST)) == {here}
    Parameter.objects.filter(code="ceiling.plus.1", territory="71").update(value=12_000)
    assert set(access.scope(agent, Action.LIST)) == {here, there}
    assert access.decide(agent, Action.LIST, there).allowed
    Parameter.objects.filter(code="ceiling.plus.1").update(value=11_999)
    assert not access.scope(agent, Action.LIST).exists()
    assert not access.decide(agent, Action.LIST, here).allowed
