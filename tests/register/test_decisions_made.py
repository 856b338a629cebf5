"""Scores, priorities and refusals are kept with the version that made them, and come out again."""

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from register.models import (
    DecisionKind,
    Demand,
    DemandFacts,
    DemandState,
    OrganisationKind,
    RuleDecision,
)
from register.replay import replay
from register.scoring import grid_of
from register.selectors.scores import weigh
from register.services import acts
from register.services.labels import answer_priority
from rules import registry
from tests.factories import make_commune, make_demand, make_member, make_organisation, principal_of
from tests.register.question_modules import install_module

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "rules")]

MODULES = Path(registry.__file__).parent / "modules"
NUMBERS = count(1)
HOME = {"home_type": "T3", "commune": "21231"}


@pytest.fixture
def agent(db: Any) -> Any:
    return principal_of(make_member(make_organisation()))


@pytest.fixture
def demand(agent: Any) -> Demand:
    make_commune("21231")
    return make_demand()


def kept(kind: DecisionKind) -> RuleDecision:
    return RuleDecision.objects.filter(kind=kind).latest("pk")


def package(code: str) -> tuple[dict[str, Any], dict[str, Any]]:
    card, body = (
        json.loads((MODULES / code / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("manifest", "body")
    )
    return card, body


def other_version(code: str, number: int) -> None:
    """Put in force a version of a shipped module that answers otherwise."""
    card, body = package(code)
    for section in body.get("sections", ()):
        for line in section["criteria"]:
            if isinstance(line["points"], int):
                line["points"] += number
    for rule in body.get("priorities", ()):
        rule.pop("detect", None)
        rule["valid_months"] = number
    for ceiling in body.get("ceilings", ()):
        ceiling["ceiling"] = {"constant": number}
    for norm in body.get("norms", ()):
        norm["types"] = ["T6+"] if "T6+" in norm["types"] else norm["types"][:1]
    for paper in body.get("documents", ()):
        paper.pop("when", None)
    install_module({**card, "version": card["version"] + number, "depends": []}, body)


def test_a_candidate_keeps_the_score_of_the_day_and_its_grid(agent: Any, demand: Demand) -> None:
    grid = grid_of("21")
    assert grid is not None
    event = acts.propose_candidate(principal=agent, demand=demand, **HOME)
    found = kept(DecisionKind.SCORE)
    assert (found.event, found.subject, found.version_ids) == (
        event,
        grid.code,
        [grid.version_id],
    )
    demand.refresh_from_db()
    assert found.outcome["total"] == str(weigh(demand, grid, found.on).total)
    assert replay().differences == ()


def test_a_score_keeps_of_the_demand_only_what_the_grid_asked(agent: Any, demand: Demand) -> None:
    acts.propose_candidate(principal=agent, demand=demand, **HOME)
    facts = kept(DecisionKind.SCORE).facts
    assert "demand.seniority" in facts["row"]
    assert not {"demand.accounts", "demand.applicant_title", "demand.number"} & facts["row"].keys()
    assert "parameter.deadline.abnormal_delay" in facts["principal"]


def test_an_answered_priority_keeps_what_the_rules_noticed(demand: Demand) -> None:
    demand.current_housing.kind = "SD"
    demand.current_housing.save()
    member = make_member(make_organisation())
    landlord = principal_of(member)
    event = answer_priority(
        principal=landlord, demand=demand, label="no_home", decision="recognised"
    )
    found = kept(DecisionKind.LABEL)
    assert (found.event, found.subject) == (event, "no_home")
    assert found.version_ids == [registry.get("priority-21").version_id]
    label = demand.labels.get()
    until = label.valid_to.isoformat() if label.valid_to else ""
    assert found.outcome == {
        "decision": "recognised",
        "body": label.body,
        "until": until,
        "noticed": "detected",
    }
    assert "demand.annual_income" not in found.facts["row"]
    assert replay().differences == ()


@pytest.mark.parametrize(
    ("reason", "module"),
    [
        ("income_too_high", "eligibility-21"),
        ("size_unsuited", "eligibility-21"),
        ("better_ranked", "scoring-demo-21"),
    ],
)
def test_a_refusal_keeps_what_the_rules_say_of_its_ground(
    agent: Any, demand: Demand, reason: str, module: str
) -> None:
    acts.propose_candidate(principal=agent, demand=demand, **HOME)
    demand.refresh_from_db()
    event = acts.refuse_candidate(principal=agent, demand=demand, reason=reason)
    found = kept(DecisionKind.REFUSAL)
    assert (found.event, found.subject) == (event, reason)
    assert found.version_ids == [registry.get(module).version_id]
    asked = found.facts["row"].keys()
    assert ("demand.annual_income" in asked) is (reason == "income_too_high")
    assert replay().differences == ()


def test_a_ground_that_no_rule_answers_is_the_commission_s_alone(
    agent: Any, demand: Demand
) -> None:
    acts.propose_candidate(principal=agent, demand=demand, **HOME)
    demand.refresh_from_db()
    acts.refuse_candidate(principal=agent, demand=demand, reason="file_incomplete")
    assert not RuleDecision.objects.filter(kind=DecisionKind.REFUSAL).exists()


def test_a_paper_refused_by_the_list_is_kept_though_nothing_was_asked(
    agent: Any, demand: Demand
) -> None:
    events = demand.events.count()
    with pytest.raises(ValidationError):
        acts.request_piece(principal=agent, demand=demand, piece="eviction")
    found = kept(DecisionKind.REFUSAL)
    assert (found.subject, found.outcome) == ("eviction", {"may_ask": False})
    assert demand.events.count() == events
    assert replay().differences == ()


def test_whoever_may_not_know_a_situation_leaves_no_trace_of_it(demand: Demand) -> None:
    city = make_organisation("ville", OrganisationKind.COMMUNE, commune=make_commune("21231"))
    with pytest.raises(ValidationError):
        acts.request_piece(principal=principal_of(make_member(city)), demand=demand, piece="work")
    found = kept(DecisionKind.REFUSAL)
    assert (found.facts["row"], found.outcome) == ({}, {"may_ask": False})


@pytest.mark.parametrize("kind", [DecisionKind.SCORE, DecisionKind.LABEL, DecisionKind.REFUSAL])
def test_an_outcome_that_was_changed_is_told(agent: Any, demand: Demand, kind: str) -> None:
    acts.propose_candidate(principal=agent, demand=demand, **HOME)
    demand.refresh_from_db()
    acts.refuse_candidate(principal=agent, demand=demand, reason="income_too_high")
    answer_priority(principal=agent, demand=demand, label="no_home", decision="recognised")
    assert replay().differences == ()
    RuleDecision.objects.filter(kind=kind).update(outcome={"total": "1000"})
    assert {each.kind for each in replay().differences} == {kind}


ACTS = ["propose", "refuse", "label", "paper", "version", "facts"]


@settings(max_examples=12)
@given(data=st.data())
def test_whatever_was_done_and_whatever_versions_came_every_decision_comes_out_the_same(
    data: Any,
) -> None:
    agent = principal_of(make_member(make_organisation()))
    make_commune("21231")
    demand = make_demand()
    for act in data.draw(st.lists(st.sampled_from(ACTS), min_size=3, max_size=9), label="acts"):
        demand.refresh_from_db()
        if act == "version":
            other_version(data.draw(st.sampled_from(_installed())), next(NUMBERS))
        elif act == "facts":
            DemandFacts.objects.filter(pk=demand.pk).update(
                annual_income=data.draw(st.none() | st.integers(0, 60_000)),
                current_housing=data.draw(st.sampled_from(["", "SD", "HLM"])),
            )
        else:
            _do(act, agent, demand, data)
    report = replay()
    assert report.differences == ()
    assert report.replayed > 0


def _installed() -> list[str]:
    return [
        module.code
        for kind in ("scoring", "priority", "eligibility", "documents")
        for module in registry.in_force(kind)  # type: ignore[call-overload]
    ]


def _do(act: str, agent: Any, demand: Demand, data: Any) -> None:
    if act == "propose" and demand.state == DemandState.ACTIVE:
        acts.propose_candidate(principal=agent, demand=demand, **HOME)
    elif act == "refuse" and demand.state == DemandState.UNDER_ALLOCATION:
        reasons = ["income_too_high", "size_unsuited", "better_ranked", "social_mix"]
        reason = data.draw(st.sampled_from(reasons))
        acts.refuse_candidate(principal=agent, demand=demand, reason=reason)
    elif act == "label":
        label = data.draw(st.sampled_from(["no_home", "eviction"]))
        if not demand.labels.filter(code=label).exists():
            answer_priority(principal=agent, demand=demand, label=label, decision="recognised")
    elif act == "paper":
        try:
            acts.request_piece(principal=agent, demand=demand, piece="eviction")
        except ValidationError:
            assert kept(DecisionKind.REFUSAL).subject == "eviction"


def test_each_act_keeps_each_of_its_decisions_by_one_insertion(
    agent: Any, demand: Demand, django_assert_max_num_queries: Any
) -> None:
    with registry.remembered():
        registry.in_force("scoring")
        with django_assert_max_num_queries(15) as queries:
            acts.propose_candidate(principal=agent, demand=demand, **HOME)
    written = [q["sql"] for q in queries if "register_ruledecision" in q["sql"]]
    assert len(written) == 2
    kinds = set(RuleDecision.objects.values_list("kind", flat=True))
    assert kinds == {DecisionKind.ACCESS, DecisionKind.SCORE}
