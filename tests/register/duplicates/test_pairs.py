"""Two demands of one person are noticed when the second comes, and every night; nobody is told."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from register.duplicates import linkage
from register.models import Demand, DuplicatePair, Event, Identity, Linkage, Outbox, PairStatus
from register.services import duplicates
from register.services.facts import refresh_facts
from tests.factories import make_demand, make_user
from tests.register.demands import submit

pytestmark = pytest.mark.usefixtures("rules")


@pytest.fixture
def twice(db: Any, reference: None) -> tuple[Demand, Demand]:
    """The same person sent two demands from two accounts."""
    return submit(make_user()), submit(make_user())


def test_the_second_demand_of_a_person_makes_a_pair(twice: tuple[Demand, Demand]) -> None:
    first, second = twice
    pair = DuplicatePair.objects.get()
    assert (pair.first, pair.second, pair.status) == (first, second, PairStatus.TO_REVIEW)
    assert pair.evidence["birth_date"] == "equal"


def test_no_value_of_anybody_is_kept_with_a_pair(twice: tuple[Demand, Demand]) -> None:
    told = set(DuplicatePair.objects.get().evidence.values())
    assert told <= {"equal", "near", "different", "missing"}


def test_whoever_sends_a_demand_is_told_nothing_of_it(twice: tuple[Demand, Demand]) -> None:
    first, second = twice
    steps = [
        [(e.kind, e.text, e.reason, e.details) for e in Event.objects.filter(demand=demand)]
        for demand in (first, second)
    ]
    assert steps[0] == steps[1]
    effects = [
        sorted(Outbox.objects.filter(demand=demand).values_list("kind", flat=True))
        for demand in (first, second)
    ]
    assert effects[0] == effects[1]
    assert first.state == second.state


def test_a_demand_in_another_department_is_no_duplicate(db: Any) -> None:
    make_demand()
    make_demand(department="58")
    duplicates.index_people()
    assert {row.territory for row in Identity.objects.all()} == {"21", "58"}


def test_the_night_finds_what_was_taken_over_in_bulk(twice: tuple[Demand, Demand]) -> None:
    DuplicatePair.objects.all().delete()
    Identity.objects.all().delete()
    while duplicates.take_turn():
        pass
    assert DuplicatePair.objects.get().status == PairStatus.TO_REVIEW
    assert Linkage.objects.get(pk="21").pairs == 1


def test_a_pair_judged_different_comes_back_only_when_its_data_changes(
    twice: tuple[Demand, Demand],
) -> None:
    DuplicatePair.objects.update(status=PairStatus.DIFFERENT)
    duplicates.link_territory("21")
    assert DuplicatePair.objects.get().status == PairStatus.DIFFERENT
    second = twice[1]
    second.contact.phone = "0380000001"
    second.contact.save()
    refresh_facts(demand=second)
    duplicates.link_territory("21")
    assert DuplicatePair.objects.get().status == PairStatus.TO_REVIEW


def test_a_pair_that_no_longer_looks_alike_is_dropped(twice: tuple[Demand, Demand]) -> None:
    person = twice[1].persons.get(role="applicant")
    person.first_names = "Xavier"
    person.save()
    refresh_facts(demand=twice[1])
    duplicates.link_territory("21")
    assert not DuplicatePair.objects.exists()


def test_people_alike_are_looked_for_in_one_query(twice: tuple[Demand, Demand]) -> None:
    row = Identity.objects.filter(demand=twice[0]).first()
    assert row is not None
    with CaptureQueriesContext(connection) as queries:
        met = duplicates.people_like(duplicates.compared(row), "21", apart_from=row.demand_id)
    assert [each.demand for each in met] == [twice[1].pk]
    assert len(queries) <= 1


def test_without_its_library_the_night_says_what_is_missing(
    twice: tuple[Demand, Demand], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "splink", None)
    with pytest.raises(linkage.NotInstalled, match="requirements"):
        duplicates.link_territory("21")
