"""What the rules decided is kept with its versions and facts, and comes out the same again."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from register import clock
from register.access import Action, decide
from register.models import (
    AccessLog,
    AccessPurpose,
    DecisionKind,
    Demand,
    DemandFacts,
    Event,
    Parameter,
    RuleDecision,
    Task,
)
from register.replay import replay
from register.services import acts
from register.services.journal import record_access, record_export
from register.services.moments import evaluate_moments
from register.services.renewal import renew_demand
from register.vocabulary import build_vocabulary
from rules import registry, snapshots
from rules.errors import RuleError
from rules.reading import ReadOnce
from rules.types import FactType
from tests.factories import make_demand, make_member, make_organisation, principal_of
from tests.register.question_modules import install_module
from tests.register.test_decisions_made import package

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


@pytest.fixture
def agent(db: Any) -> Any:
    return principal_of(make_member(make_organisation("orvitis")))


@pytest.fixture
def demand(agent: Any) -> Demand:
    return make_demand()


def test_an_act_keeps_why_it_was_allowed_with_every_version_that_was_weighed(
    agent: Any, demand: Demand
) -> None:
    event = acts.add_note(principal=agent, demand=demand, text="Vue ce matin.")
    kept = RuleDecision.objects.get(kind=DecisionKind.ACCESS, demand=demand)
    assert (kept.event, kept.subject) == (event, Action.RECORD_ACT)
    assert kept.outcome["allowed"] is True
    assert kept.version_ids == [m.version_id for m in registry.in_force("rights")]
    assert replay().differences == ()


def test_only_what_the_rules_asked_for_is_kept(agent: Any, demand: Demand) -> None:
    acts.add_note(principal=agent, demand=demand, text="Vue ce matin.")
    facts = RuleDecision.objects.get(kind=DecisionKind.ACCESS, demand=demand).facts
    assert "demand.sealed" in facts["row"]
    assert "demand.annual_income" not in facts["row"]
    assert "principal.kind" in facts["principal"]


def test_the_date_of_expiry_keeps_the_delay_that_set_it(demand: Demand) -> None:
    account = principal_of(demand.account)
    renew_demand(principal=account, demand=demand)
    kept = RuleDecision.objects.filter(kind=DecisionKind.DEADLINE, demand=demand).last()
    assert kept is not None
    demand.refresh_from_db()
    assert kept.outcome == {"on": demand.expires_on.isoformat()}
    assert kept.version_ids == [registry.get("deadlines-21").version_id]
    assert replay().differences == ()


def test_a_decision_that_would_come_out_otherwise_is_told(agent: Any, demand: Demand) -> None:
    acts.add_note(principal=agent, demand=demand, text="Vue ce matin.")
    kept = RuleDecision.objects.get(kind=DecisionKind.ACCESS, demand=demand)
    sealed = kept.facts | {"row": kept.facts["row"] | {"demand.sealed": True}}
    RuleDecision.objects.filter(pk=kept.pk).update(facts=sealed)
    (difference,) = replay().differences
    assert (difference.decision_id, difference.subject) == (kept.pk, "record_act")
    RuleDecision.objects.filter(pk=kept.pk).update(version_ids=[987654])
    (difference,) = replay().differences
    assert "it cannot be made again" in difference.reason


def test_decisions_are_kept_as_long_as_the_demand_and_no_longer(agent: Any, demand: Demand) -> None:
    acts.add_note(principal=agent, demand=demand, text="Vue ce matin.")
    Event.objects.all().delete()
    demand.delete()
    assert not RuleDecision.objects.exists()


def test_a_past_that_is_taken_over_was_not_decided_by_these_rules(
    agent: Any, demand: Demand
) -> None:
    before = RuleDecision.objects.count()
    with clock.at(timezone.now() - timedelta(days=400)):
        acts.add_note(principal=agent, demand=demand, text="Ancienne note.")
    assert RuleDecision.objects.count() == before


def test_each_reading_keeps_the_versions_that_opened_the_file(agent: Any, demand: Demand) -> None:
    record_access(principal=agent, demand=demand, purpose=AccessPurpose.VIEW)
    record_export(principal=agent, keys=[demand.pk])
    versions = {registry.get("rights-r441-2-6").version_id, registry.get("fields-21").version_id}
    assert [set(row.rule_versions) for row in AccessLog.objects.all()] == [versions, versions]


def test_some_decisions_are_drawn_or_all_are_made_again(agent: Any, demand: Demand) -> None:
    assert replay(sample=5).replayed == RuleDecision.objects.count()
    for _each in range(6):
        acts.add_note(principal=agent, demand=demand, text="Encore.")
    assert replay().replayed == RuleDecision.objects.count() > replay(sample=3).replayed


whole = st.integers(-9, 10**9)
text = st.text(min_size=1, max_size=20)
codes = st.frozensets(text, max_size=4)
values = {
    FactType.BOOLEAN: st.booleans(),
    FactType.INTEGER: whole,
    FactType.DURATION: whole,
    FactType.DATE: st.dates(),
    FactType.CODE: text,
    FactType.COMMUNE: text,
    FactType.CODE_SET: codes,
    FactType.TERRITORY_SET: codes,
}
money = st.decimals(-(10**6), 10**6, places=4)


@given(data=st.data())
def test_whatever_a_fact_is_worth_it_is_read_again_as_it_was(data: Any) -> None:
    vocabulary = build_vocabulary()
    bindings, row = {}, ReadOnce(None)
    for fact in vocabulary:
        value = data.draw(st.none() | values.get(fact.type, money), label=fact.code)
        if fact.is_principal:
            bindings[fact.code] = value
        else:
            row.values[fact.code] = value
    asked = snapshots.Asked(bindings)
    for code in bindings:
        asked.get(code)
    kept = snapshots.snapshot(asked, row, vocabulary)
    principal, again = snapshots.read(kept, vocabulary)
    assert (principal, again.values) == (bindings, row.values)


def test_a_fact_that_is_gone_is_told_and_not_guessed() -> None:
    with pytest.raises(RuleError):
        snapshots.read({"principal": {}, "row": {"demand.gone": 1}}, build_vocabulary())


def test_keeping_a_decision_costs_one_insertion(
    agent: Any, demand: Demand, django_assert_max_num_queries: Any
) -> None:
    with registry.remembered():
        registry.in_force("rights")
        assert decide(agent, Action.RECORD_ACT, demand).allowed
        with django_assert_max_num_queries(27) as queries:
            acts.add_note(principal=agent, demand=demand, text="Vue.")
    kept = [q for q in queries if "register_ruledecision" in q["sql"]]
    assert len(kept) == 1


def test_the_delay_of_a_night_s_rule_and_of_its_task_is_kept_and_comes_out_again(
    agent: Any, demand: Demand
) -> None:
    """A module that changes afterwards changes neither."""
    card, body = package("automation-21")
    task = {"do": "task", "to": "registering", "title": card["title"], "due": "renewal_notice"}
    rule = {**body["rules"][0], "trigger": {"daily": "to_strike_off"}, "actions": [task]}
    rule |= {"mode": "active"}
    rule.pop("when", None)
    install_module({**card, "version": 40}, {"rules": [rule]})
    long_ago = timezone.localdate() - timedelta(days=60)
    began = timezone.localdate() - timedelta(days=500)
    Demand.objects.filter(pk=demand.pk).update(expires_on=long_ago, received_on=began)
    evaluate_moments()
    found = RuleDecision.objects.filter(demand=demand, kind=DecisionKind.DEADLINE)
    kept = {each.subject: each for each in found.order_by("pk")}
    version = registry.get("deadlines-21").version_id
    assert set(kept) >= {"strike_off", "renewal_notice"}
    for code in ("strike_off", "renewal_notice"):
        assert kept[code].version_ids == [version]
    assert kept["strike_off"].facts["from"] == began.isoformat()
    due = Task.objects.get(demand=demand).due_on
    assert due is not None
    assert kept["renewal_notice"].outcome == {"on": due.isoformat()}
    card, body = package("deadlines-21")
    for delay in body["deadlines"]:
        if "value" in delay:
            delay["value"] += 1
    install_module({**card, "version": 40}, body)
    assert replay().differences == ()


def test_a_right_read_with_a_dated_figure_comes_out_again_once_it_has_changed(
    agent: Any, demand: Demand
) -> None:
    card, body = package("rights-r441-2-6")
    grant = {
        "code": "essai",
        "title": card["title"],
        "legal_basis": "Essai",
        "principal": {"fact": "principal.kind", "op": "is", "value": "membership"},
        "row": {"fact": "demand.ceiling_percent_plus", "op": "at_most", "value": "100"},
        "actions": ["record_act"],
    }
    install_module({**card, "version": 40}, {**body, "grants": [*body["grants"], grant]})
    Parameter.objects.create(
        code="ceiling.plus.1",
        territory="21",
        value=20_000,
        unit="EUR/year",
        source="Essai",
        valid_from=date(2020, 1, 1),
    )
    DemandFacts.objects.filter(pk=demand.pk).update(annual_income=19_000, household_category=1)
    demand = Demand.objects.get(pk=demand.pk)
    acts.add_note(principal=agent, demand=demand, text="Vue ce matin.")
    kept = RuleDecision.objects.get(kind=DecisionKind.ACCESS, demand=demand)
    assert "essai" in kept.outcome["granted_by"]
    Parameter.objects.filter(code="ceiling.plus.1").update(value=1)
    install_module({**card, "version": 41}, body)
    assert replay().differences == ()
