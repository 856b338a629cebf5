"""Priorities: what the rules notice is never what a body recognises, and nothing of it leaks."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from register import bits, codes
from register.models import DemandFacts, EventKind, Label, OrganisationKind
from register.parameters import parameter_bindings
from register.priorities import SENSITIVE, detections
from register.selectors import priorities
from register.selectors.worklist import WorklistFilter, matching
from register.services.detection import detect_again
from register.services.facts import refresh_facts
from register.services.labels import answer_priority
from rules import registry
from tests.factories import make_demand, make_member, make_organisation, principal_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "rules")]

FACTS = st.fixed_dictionaries(
    {
        "current_housing": st.sampled_from(["", *codes.CurrentHousingKind.values]),
        "children": st.integers(0, 2),
        "visiting_children": st.integers(0, 2),
        "over_occupied": st.none() | st.booleans(),
        "has_disability": st.booleans(),
        "reasons": st.integers(0, 2**23 - 1),
        "annual_income": st.none() | st.sampled_from([0, 12871, 12872, 40000]),
        "effort_ratio": st.none() | st.sampled_from([0, 32, 33, 60]),
        "applicant_birth_date": st.none() | st.dates(),
    }
)


def _member(kind: str, **more: Any) -> Any:
    return principal_of(make_member(make_organisation(kind=kind, **more)))


def _noticed(demand: Any) -> frozenset[str]:
    facts = DemandFacts.objects.get(pk=demand.pk)
    return bits.codes_in(facts.detected_priorities, bits.LABELS)


@given(facts=FACTS)
def test_the_whole_stock_and_one_file_notice_the_same(facts: dict[str, Any]) -> None:
    demand = make_demand()
    DemandFacts.objects.filter(pk=demand.pk).update(**facts)
    detect_again()
    demand.refresh_from_db()
    today = timezone.localdate()
    found = detections(demand, parameter_bindings("21", today), today)
    assert _noticed(demand) == {each.rule.code for each in found if each.is_detected}


def test_a_demand_is_read_again_only_when_other_rules_come_into_force() -> None:
    demand = make_demand()
    version = str(registry.get("priority-21").version_id)
    assert DemandFacts.objects.get(pk=demand.pk).detected_by == version
    assert detect_again(only_other_rules=True) == 0
    DemandFacts.objects.filter(pk=demand.pk).update(detected_by="999999", detected_priorities=1)
    assert detect_again(only_other_rules=True) == 1
    assert _noticed(demand) == frozenset()


def test_noticing_recognises_nothing() -> None:
    demand = make_demand()
    demand.current_housing.kind = "SD"
    demand.current_housing.save()
    refresh_facts(demand=demand)
    facts = DemandFacts.objects.get(pk=demand.pk)
    assert _noticed(demand) == {"no_home"}
    assert (facts.is_priority, facts.priority_labels) == (False, 0)
    assert not Label.objects.filter(demand=demand).exists()


def test_a_recognition_says_who_until_when_and_by_which_rule() -> None:
    demand, state = make_demand(), _member(OrganisationKind.STATE)
    event = answer_priority(
        principal=state, demand=demand, label="eviction", decision="recognised", paper="identity"
    )
    label = Label.objects.get(demand=demand)
    assert (label.body, label.granted_by) == ("prefect", state.organisation)
    assert label.rule_version == registry.get("priority-21").version_id
    assert label.document is not None
    assert (label.valid_to - label.valid_from).days in (365, 366)
    assert (event.kind, event.reason) == (EventKind.LABEL_GRANTED, "eviction")
    assert DemandFacts.objects.get(pk=demand.pk).is_priority


@pytest.mark.parametrize(
    ("kind", "label", "body", "allowed"),
    [
        (OrganisationKind.LANDLORD, "dalo", "", False),
        (OrganisationKind.STATE, "dalo", "", True),
        (OrganisationKind.STATE, "dalo", "prefect", False),
        (OrganisationKind.LANDLORD, "eviction", "", True),
        (OrganisationKind.LANDLORD, "eviction", "prefect", False),
        (OrganisationKind.LANDLORD, "local_body", "", False),
        (OrganisationKind.MANAGER, "local_body", "local_body", True),
    ],
)
def test_only_the_bodies_that_the_rules_name_answer(
    kind: str, label: str, body: str, allowed: bool
) -> None:
    demand = make_demand()
    member = make_member(
        make_organisation(kind=kind), "manager" if kind == OrganisationKind.MANAGER else "agent"
    )
    answer = {"label": label, "decision": "recognised", "body": body}
    if allowed:
        answer_priority(principal=principal_of(member), demand=demand, **answer)
    else:
        with pytest.raises(ValidationError):
            answer_priority(principal=principal_of(member), demand=demand, **answer)
    assert Label.objects.filter(demand=demand).exists() is allowed


def test_a_refusal_says_why_and_keeps_silent_about_health_in_the_story() -> None:
    demand, state = make_demand(), _member(OrganisationKind.STATE)
    with pytest.raises(ValidationError):
        answer_priority(principal=state, demand=demand, label="no_home", decision="refused")
    told = {"decision": "refused", "ground": "Aucune pièce."}
    assert answer_priority(principal=state, demand=demand, label="no_home", **told).text
    silent = answer_priority(principal=state, demand=demand, label="violence", **told)
    assert (silent.kind, silent.text) == (EventKind.LABEL_REFUSED, "")
    assert Label.objects.get(demand=demand, code="violence").ground == "Aucune pièce."


def test_who_may_not_read_of_violence_finds_nobody_by_it() -> None:
    agent = principal_of(make_member())
    hurt, plain = make_demand(), make_demand()
    DemandFacts.objects.filter(pk=hurt.pk).update(
        detected_priorities=SENSITIVE, priority_labels=SENSITIVE
    )
    DemandFacts.objects.filter(pk=plain.pk).update(
        detected_priorities=bits.mask(["no_home"], bits.LABELS)
    )
    offered = dict(priorities.options(agent))
    assert not {f"recognised:{code}" for code in codes.SENSITIVE_LABELS} & set(offered)
    for code in codes.SENSITIVE_LABELS:
        wanted = WorklistFilter(priority=f"recognised:{code}")
        assert not matching(agent, wanted).exists()
    DemandFacts.objects.filter(pk=hurt.pk).update(priority_labels=0)
    assert list(matching(agent, WorklistFilter(priority="to_examine"))) == [plain]


def test_what_was_answered_is_no_longer_to_be_examined() -> None:
    agent, demand = principal_of(make_member()), make_demand()
    place = bits.mask(["no_home"], bits.LABELS)
    for column in ("priority_labels", "refused_priorities"):
        answered = {"priority_labels": 0, "refused_priorities": 0, column: place}
        DemandFacts.objects.filter(pk=demand.pk).update(detected_priorities=place, **answered)
        assert not matching(agent, WorklistFilter(priority="to_examine")).exists()
