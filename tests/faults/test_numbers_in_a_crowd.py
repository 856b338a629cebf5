"""The number is unique and nobody is turned away, however many send at once (R6, L5, F14)."""

import pytest

from register.errors import Conflict, SubmissionRefused, TransitionRefused
from register.models import Demand, DemandState, NumberCounter, Outbox
from register.numbers import is_number
from register.services import acts
from tests.factories import make_demand, make_member, principal_of
from tests.faults.crowd import somebody, together
from tests.register.demands import minimum, submit

pytestmark = pytest.mark.usefixtures("register")


@pytest.mark.parametrize(
    ("people", "rounds"), [(8, 1), pytest.param(24, 3, marks=pytest.mark.slow)]
)
def test_people_sending_at_the_same_moment_get_one_number_each(people: int, rounds: int) -> None:
    numbers = []
    for _round in range(rounds):
        crowd = [somebody() for _person in range(people)]
        sent = together(
            [lambda one=one: submit(one.user, one.application, one.token) for one in crowd]
        )
        assert [answer for answer in sent if isinstance(answer, Exception)] == []
        numbers += [demand.number for demand in sent]
    assert len(set(numbers)) == people * rounds
    assert all(map(is_number, numbers))
    stored = set(Demand.objects.values_list("number", flat=True))
    assert stored == set(numbers)
    assert NumberCounter.objects.get().last == people * rounds
    assert Outbox.objects.exclude(kind="automation").count() == people * rounds


def test_the_same_form_sent_eight_times_at_once_is_one_demand() -> None:
    one = somebody()
    sent = together([lambda: submit(one.user, one.application, one.token)] * 8)
    assert {getattr(answer, "number", answer) for answer in sent} == {Demand.objects.get().number}
    assert (
        NumberCounter.objects.get().last == Outbox.objects.exclude(kind="automation").count() == 1
    )


@pytest.mark.slow
@pytest.mark.usefixtures("asleep")
def test_two_hundred_forms_each_sent_twice_at_once_give_two_hundred_numbers() -> None:
    numbers = []
    for _round in range(100):
        crowd = [somebody(minimum) for _person in range(2)]
        sent = together(
            [lambda one=one: submit(one.user, one.application, one.token) for one in crowd] * 2
        )
        assert [answer for answer in sent if isinstance(answer, Exception)] == []
        given = [answer.number for answer in sent]
        assert given[:2] == given[2:]
        numbers += given[:2]
    assert len(set(numbers)) == 200
    assert Demand.objects.count() == NumberCounter.objects.get().last == 200
    assert Outbox.objects.exclude(kind="automation").count() == 200


def test_two_forms_of_one_person_sent_at_once_are_one_demand_and_refusals_in_words() -> None:
    one = somebody()
    others = [somebody() for _form in range(3)]
    sent = together(
        [lambda: submit(one.user, one.application, one.token)]
        + [lambda other=other: submit(one.user, one.application, other.token) for other in others]
    )
    refusals = [answer for answer in sent if isinstance(answer, SubmissionRefused)]
    assert len(refusals) == 3
    assert Demand.objects.count() == NumberCounter.objects.get().last == 1


@pytest.mark.parametrize("pairs", [3, pytest.param(40, marks=pytest.mark.slow)])
def test_two_agents_at_once_never_overwrite_each_other(pairs: int) -> None:
    first, second = (principal_of(make_member()) for _agent in range(2))
    demand = make_demand()
    for version in range(1, pairs + 1):
        answers = together(
            [
                lambda who=who, version=version: acts.add_note(
                    principal=who, demand=demand, text="Vu.", expected_version=version
                )
                for who in (first, second)
            ]
        )
        assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Event"], answers
        assert any(isinstance(answer, Conflict) for answer in answers)
    demand.refresh_from_db()
    assert demand.version == pairs + 1


def test_a_candidate_proposed_by_two_landlords_at_once_is_proposed_once() -> None:
    agents = [principal_of(make_member()) for _agent in range(3)]
    demand = make_demand(state=DemandState.ACTIVE)
    answers = together(
        [
            lambda who=who: acts.propose_candidate(
                principal=who, demand=demand, home_type="T3", commune="21231"
            )
            for who in agents
        ]
    )
    assert sum(isinstance(answer, TransitionRefused) for answer in answers) == 2
    assert demand.events.filter(kind="candidate_proposed").count() == 1
