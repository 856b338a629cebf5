"""Every fact of a demand is told with one group of data, or to whoever opens the file."""

import pytest

from register import access
from register.access import FieldSet
from register.vocabulary.groups import ALWAYS_TOLD, GROUPS, groups_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


def test_every_fact_of_a_demand_has_its_line_answers_to_local_questions_included() -> None:
    facts = [fact for fact in access.vocabulary() if not fact.is_principal]
    assert any(fact.code.startswith("question.") for fact in facts)
    for fact in facts:
        assert groups_of(fact) or fact.code in ALWAYS_TOLD, fact.code


def test_no_line_is_left_of_a_fact_that_is_gone() -> None:
    declared = {fact.code for fact in access.vocabulary()}
    assert {*GROUPS, *ALWAYS_TOLD} <= declared
    assert ALWAYS_TOLD.isdisjoint(GROUPS)


def test_a_fact_about_health_asks_for_that_group_too() -> None:
    vocabulary = access.vocabulary()
    assert groups_of(vocabulary.fact("demand.has_disability")) == {FieldSet.HEALTH}
    reasons = groups_of(vocabulary.fact("demand.reasons"))
    assert reasons == {FieldSet.HOUSEHOLD, FieldSet.HEALTH}
