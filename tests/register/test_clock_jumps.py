"""Whoever moves the clock changes nothing of the register, however far and in which direction."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import example, given
from hypothesis import strategies as st

from exchange.tasks import sweep_files
from portal.models import Draft
from register.codes import DocumentStatus
from register.machine import Uptime
from register.models import (
    AccessLog,
    Demand,
    Document,
    Event,
    Held,
    Mandate,
    Outbox,
    RenewalNotice,
    Round,
    StoredFile,
    Upload,
)
from register.selectors.rounds import is_held_today, strange_clock
from register.services import recorded_mandates, validity
from register.services.calendar import keep_calendar, resume_allowed
from register.services.moments import evaluate_moments
from tests.factories import make_demand, make_stored_file, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules", "own_store")]

# A night's rounds at twenty past five, in the middle of a month and of the hour of winter.
NIGHT = datetime(2026, 12, 14, 5, 20)
KEPT = (
    Demand,
    Event,
    Outbox,
    RenewalNotice,
    Document,
    StoredFile,
    Upload,
    AccessLog,
    Draft,
    Mandate,
)
JUMPS = st.one_of(
    st.integers(60, 400 * 24 * 60), st.integers(60, 400 * 24 * 60).map(lambda minutes: -minutes)
).map(lambda minutes: timedelta(minutes=minutes))


class Machine:
    """Its clock can be moved; its own count of time cannot, but begins again when it starts."""

    def __init__(self, clock: Any) -> None:
        self.clock, self.boot, self.count, self.hour = clock, "first", 3600.0, NIGHT

    def uptime(self) -> Uptime:
        return Uptime(self.boot, self.count)

    def wait(self, passed: timedelta) -> None:
        self.count += passed.total_seconds()
        self.move(passed)

    def move(self, by: timedelta) -> None:
        """What the clock says, whatever the time."""
        self.hour += by
        self.clock.move_to(self.hour)

    def restart(self) -> None:
        self.boot, self.count = f"after {self.boot}", 60.0


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    with time_machine.travel(NIGHT, tick=False) as clock:
        made = Machine(clock)
        for module in ("register.selectors.rounds", "register.services.rounds"):
            monkeypatch.setattr(f"{module}.uptime", lambda: made.uptime())
        yield made


@pytest.fixture
def stock() -> None:
    """Something that each delay of the coming year ends: demands, papers, drafts, readings."""
    for received in (date(2026, 1, 20), date(2026, 6, 1), date(2026, 12, 1)):
        make_demand(received_on=received)
    ended = make_demand(received_on=date(2026, 1, 20))
    Demand.objects.filter(pk=ended.pk).update(
        state="struck_off", strike_off_reason="RADABA", struck_off_on=date(2026, 3, 1)
    )
    for _ in range(60):
        Demand.objects.filter(pk=make_demand().pk).update(expires_on=date(2031, 1, 31))
    at = datetime(2026, 12, 1, 12).astimezone()
    demand = Demand.objects.order_by("pk")[0]
    Document.objects.create(
        demand=demand,
        kind="income",
        stored_file=make_stored_file(demand.account),
        status=DocumentStatus.REFUSED,
        refusal_reason="Floue",
        checked_at=at,
        added_at=at,
    )
    Document.objects.create(
        demand=demand,
        kind="income",
        stored_file=make_stored_file(demand.account),
        status=DocumentStatus.VERIFIED,
        valid_until=date(2027, 1, 15),
        checked_at=at,
        added_at=at,
    )
    Draft.objects.create(user=make_user(), updated_at=at)
    AccessLog.objects.create(demand=demand, user=make_user(), purpose="view", at=at)


def night() -> None:
    """Everything that the register does of itself by the day that it is."""
    sweep_files.call_local()
    keep_calendar()
    evaluate_moments()
    recorded_mandates.take_turn()
    validity.take_turn()


def written() -> dict[str, list[Any]]:
    return {table.__name__: list(table.objects.order_by("pk").values()) for table in KEPT}


@given(jump=JUMPS)
@example(jump=timedelta(hours=1))
@example(jump=-timedelta(hours=1))
@example(jump=timedelta(days=2))
@example(jump=timedelta(days=6))
@example(jump=timedelta(days=400))
@example(jump=-timedelta(days=400))
def test_a_jump_of_the_clock_changes_nothing(
    machine: Machine, stock: None, jump: timedelta
) -> None:
    with transaction.atomic():
        machine.boot, machine.count = "first", 3600.0
        machine.move(NIGHT - machine.hour)
        night()
        before = written()
        machine.wait(timedelta(hours=9))
        machine.move(jump)
        for _ in range(2):
            night()
            machine.wait(timedelta(minutes=30))
        assert written() == before
        assert strange_clock() in (Held.CLOCK_AHEAD, Held.CLOCK_BEHIND)
        # Put right again, the next night goes on as if nothing had been.
        machine.move(-jump)
        machine.wait(timedelta(hours=14))
        assert strange_clock() == ""
        keep_calendar()
        assert not is_held_today()
        transaction.set_rollback(True)


@given(days=st.integers(2, 400))
def test_a_machine_that_starts_with_a_clock_far_ahead_waits_for_a_person(
    machine: Machine, stock: None, days: int
) -> None:
    """Nothing tells then whether the time has passed."""
    with transaction.atomic():
        machine.boot, machine.count = "first", 3600.0
        machine.move(NIGHT - machine.hour)
        night()
        before = written()
        machine.restart()
        machine.move(timedelta(days=days))
        night()
        assert written() == before
        assert strange_clock() == Held.SILENCE
        transaction.set_rollback(True)


def test_a_register_that_was_silent_for_weeks_under_a_right_clock_goes_on(
    machine: Machine, stock: None
) -> None:
    night()
    machine.wait(timedelta(days=20))
    night()
    assert not is_held_today()
    assert RenewalNotice.objects.exists()


def test_a_restart_between_two_nights_holds_nothing(machine: Machine, stock: None) -> None:
    night()
    machine.restart()
    machine.wait(timedelta(days=1))
    night()
    assert not is_held_today()


def test_what_the_manager_allows_is_believed_from_then_on(machine: Machine, stock: None) -> None:
    night()
    machine.move(timedelta(days=3))
    night()
    assert strange_clock() == Held.CLOCK_AHEAD
    Round.objects.filter(day="2026-12-17", step="announce").update(
        allowed=9, allowed_because="L’horloge retardait"
    )
    machine.wait(timedelta(minutes=10))
    resume_allowed()
    assert strange_clock() == ""
    machine.wait(timedelta(days=1))
    night()
    assert not is_held_today()


def test_a_machine_that_does_not_tell_its_time_is_judged_by_its_silence(
    monkeypatch: pytest.MonkeyPatch, machine: Machine, stock: None
) -> None:
    for module in ("register.selectors.rounds", "register.services.rounds"):
        monkeypatch.setattr(f"{module}.uptime", lambda: None)
    night()
    machine.wait(timedelta(days=1))
    night()
    assert not is_held_today()
    machine.wait(timedelta(days=2))
    assert strange_clock() == Held.SILENCE
