"""Facts rows stay true as days pass; a night's check tells what differed, and mends it."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from register import bits, clock, codes
from register.models import DemandFacts, EventKind, FactsCheck, Label
from register.services import acts
from register.services.facts import refresh_facts
from register.services.facts_upkeep import check_facts, refresh_due_facts
from tests.factories import make_demand, make_member, make_organisation, principal_of

pytestmark = pytest.mark.django_db


def _stored(demand) -> DemandFacts:
    return DemandFacts.objects.get(pk=demand.pk)


def test_a_recognition_ends_by_itself_the_day_after_its_last() -> None:
    demand, today = make_demand(), timezone.localdate()
    Label.objects.create(
        demand=demand,
        code=codes.PriorityLabel.EVICTION,
        granted_by=make_organisation(),
        valid_from=today,
        valid_to=today,
    )
    refresh_facts(demand=demand)
    assert _stored(demand).is_priority
    assert refresh_due_facts() == 0
    with clock.at(timezone.now() + timedelta(days=1)):
        assert refresh_due_facts() == 1
        assert refresh_due_facts() == 0
    assert not _stored(demand).is_priority
    assert _stored(demand).priority_labels == 0


def test_an_answer_that_refuses_is_kept_apart_from_one_that_recognises() -> None:
    demand, body, today = make_demand(), make_organisation(), timezone.localdate()
    for code, decision in ((codes.PriorityLabel.NO_HOME, "refused"), ("eviction", "recognised")):
        Label.objects.create(
            demand=demand, code=code, decision=decision, granted_by=body, valid_from=today
        )
    refresh_facts(demand=demand)
    facts = _stored(demand)
    assert bits.codes_in(facts.priority_labels, bits.LABELS) == {"eviction"}
    assert bits.codes_in(facts.refused_priorities, bits.LABELS) == {"no_home"}


def test_a_night_tells_which_facts_no_longer_said_what_the_tables_say() -> None:
    demand, other = make_demand(), make_demand()
    DemandFacts.objects.filter(pk=demand.pk).update(household_size=9, is_dalo=True)
    # As many places as there are keys: none is left to chance.
    check = check_facts(sample=other.pk)
    assert check.wrong == {str(demand.pk): ["household_size", "is_dalo"]}
    assert check.checked == 2
    assert _stored(demand).household_size == 1
    assert check_facts().wrong == {}
    assert FactsCheck.objects.count() == 2
    assert _stored(other).household_size == 1


@pytest.mark.usefixtures("rules")
def test_an_offer_the_applicant_declined_is_counted_and_told() -> None:
    agent = principal_of(make_member())
    demand = make_demand()
    reasons = ("location", "location", "no_answer")
    for count, reason in enumerate(reasons, 1):
        acts.propose_candidate(principal=agent, demand=demand, home_type="T3", commune="21231")
        event = acts.decline_offer(principal=agent, demand=demand, reason=reason)
        assert (event.kind, event.is_public) == (EventKind.OFFER_DECLINED, True)
        stored = _stored(demand)
        assert stored.refusals == count
        assert bits.codes_in(stored.decline_reasons, bits.DECLINES) == set(reasons[:count])
    assert check_facts().wrong == {}
    demand.refresh_from_db()
    assert demand.state == "active"


def test_bits_of_codes_never_move() -> None:
    """A stored row would silently change its meaning."""
    assert list(bits.HOME_TYPES) == ["C", "T1", "T2", "T3", "T4", "T5", "T6P"]
    assert list(bits.LABELS)[:14] == [
        *("dalo", "disability", "poorly_housed", "temporary", "back_to_work", "unfit_housing"),
        *("violence", "prostitution_exit", "trafficking", "overcrowded", "no_home", "eviction"),
        *("child_welfare", "essential_worker"),
    ]
    assert bits.LABELS["local_body"] == 17
    assert list(bits.DECLINES) == [
        *("rent", "location", "surroundings", "size", "access", "condition", "no_answer"),
        *("found_elsewhere", "needs_changed", "other"),
    ]
    assert [bits.REASONS[f"{n:02d}"] for n in range(1, 24)] == list(range(23))


@pytest.mark.usefixtures("rules")
def test_offers_declined_before_their_reasons_were_kept_are_told_from_the_story() -> None:
    agent = principal_of(make_member())
    told, other = make_demand(), make_demand()
    for reason in ("rent", "other"):
        acts.propose_candidate(principal=agent, demand=told, home_type="T3", commune="21231")
        acts.decline_offer(principal=agent, demand=told, reason=reason)
    DemandFacts.objects.update(decline_reasons=0)
    migration = import_module("register.migrations.0013_reasons_of_declined_offers")
    migration.tell(apps, None)
    assert _stored(told).decline_reasons == bits.mask(["rent", "other"], bits.DECLINES)
    assert _stored(other).decline_reasons == 0
    assert list(migration.REASONS) == list(bits.DECLINES)
