"""Rows written by statements kept as text are those that the ORM would have written."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.forms.models import model_to_dict
from hypothesis import given
from hypothesis import strategies as st

from register.models import (
    LIVE_STATES,
    DecisionKind,
    DemandAudience,
    DemandFacts,
    RuleDecision,
)
from rules.writing import insert, update, update_where
from tests.factories import make_demand

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)
VALUES = st.none() | st.booleans() | st.integers(-(2**40), 2**40) | TEXTS
FACTS = st.dictionaries(TEXTS, VALUES | st.lists(VALUES, max_size=3), max_size=4)


def decided(demand, **told):
    return RuleDecision(
        demand=demand,
        kind=DecisionKind.ACCESS,
        on=date(2024, 2, 29),
        at=datetime(2026, 11, 24, 12, 30, 15, 123456, tzinfo=UTC),
        **told,
    )


def stored(row):
    """What the database holds of a row, but for its key."""
    found = model_to_dict(type(row)._default_manager.get(pk=row.pk))
    return {name: value for name, value in found.items() if name != "id"}


@pytest.mark.django_db
def test_an_inserted_row_is_the_one_that_the_orm_would_have_saved(reference):
    demand = make_demand()

    @given(subject=TEXTS, facts=FACTS, versions=st.lists(st.integers(0, 2**40), max_size=3))
    def check(subject, facts, versions):
        told = {"subject": subject, "facts": facts, "outcome": {"allowed": True}}
        one, other = (decided(demand, version_ids=versions, **told) for _ in range(2))
        insert(one)
        other.save(force_insert=True)
        assert one.pk != other.pk
        assert not one._state.adding
        assert stored(one) == stored(other)
        one.refresh_from_db()
        assert (one.subject, one.facts, one.on, one.at) == (subject, facts, other.on, other.at)

    check()


@pytest.mark.django_db
@given(state=st.sampled_from(LIVE_STATES), version=st.integers(1, 2**31 - 1), left=st.booleans())
def test_updating_a_row_stores_these_columns_and_no_other(reference, state, version, left):
    demand = make_demand()
    demand.state, demand.version = state, version
    demand.last_renewed_on = date(2026, 1, 31) if left else None
    demand.unborn_count = 3
    update(demand, ["state", "version", "last_renewed_on"])
    demand.refresh_from_db()
    assert (demand.state, demand.version, demand.unborn_count) == (state, version, 0)
    assert demand.last_renewed_on == (date(2026, 1, 31) if left else None)


@pytest.mark.django_db
def test_every_row_of_the_key_is_updated_and_none_of_another(reference):
    one, other = make_demand(communes=("21231", "21054")), make_demand()
    update_where(DemandAudience, "demand", one.pk, {"department": "71", "is_live": False})
    assert set(one.audiences.values_list("department", "is_live")) == {("71", False)}
    assert set(other.audiences.values_list("is_live")) == {(True,)}
    update_where(DemandAudience, "demand", one.pk, {})


@pytest.mark.django_db
def test_a_row_that_points_nowhere_is_refused_as_the_orm_refuses_it(reference):
    row = decided(make_demand(), subject=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(row)
    assert row.pk is None
    assert connection.is_usable()


@pytest.mark.django_db
def test_facts_keep_their_fractions(reference):
    facts = DemandFacts.objects.get(demand=make_demand())
    facts.annual_income = 12_345
    update(facts, ["annual_income", "consumption_units"])
    again = DemandFacts.objects.get(pk=facts.pk)
    assert (again.annual_income, again.consumption_units) == (12_345, facts.consumption_units)
