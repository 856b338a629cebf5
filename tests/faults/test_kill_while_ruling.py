"""kill -9 in the middle of automatic rules: no half is left and nothing is done twice."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.utils import timezone

from exchange.delivery import deliver_pending
from register.models import AutomationRun, Event, EventKind, Outbox, RunOutcome, Task, WorkingTag
from register.services import automatic_acts
from register.services.acts import add_note
from tests.factories import make_demand, make_member, make_organisation, principal_of
from tests.faults.killed import begun, was_killed
from tests.register.automatic import TASK, put_in_force, rule

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("register")]

DEMANDS = 6


def _deliver(say: Callable[[str], Any], position: int) -> None:
    """Deliver, and wait in the middle of the rule at this position, its acts half done."""
    add_tag, left = automatic_acts._add_tag, position

    def half_way(*arguments: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            say("half way\n")
            time.sleep(60)
        add_tag(*arguments)

    with mock.patch.dict(automatic_acts._DOERS, {"label": half_way}):
        deliver_pending()


def _kill_half_way(position: int) -> None:
    worker, said = begun(lambda say: _deliver(say, position))
    with said:
        assert said.readline() == "half way\n"
        os.kill(worker, signal.SIGKILL)
    assert was_killed(worker)


def _due_again() -> None:
    Outbox.objects.filter(done_at__isnull=True).update(not_before=timezone.now())


def _whole() -> None:
    """Every run that is done has its task and its tag; no other run has anything."""
    done = AutomationRun.objects.filter(rule="auto/one", outcome=RunOutcome.DONE)
    assert set(Task.objects.values_list("run", flat=True)) == set(done.values_list("pk", flat=True))
    assert WorkingTag.objects.count() == Task.objects.count() == done.count()


def test_a_worker_killed_in_the_middle_of_a_rule_leaves_no_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("register.services.outbox._wake_up_calls", [])
    landlord = make_organisation()
    agent = principal_of(make_member(landlord))
    put_in_force(tmp_path, rule(actions=[TASK, {"do": "label", "tag": "to_call"}]))
    for _one in range(DEMANDS):
        demand = make_demand(registered_by=landlord)
        add_note(principal=agent, demand=demand, text="Un mot")
    for position in (1, 2, 3):
        _kill_half_way(position)
        _whole()
        _due_again()
    assert 0 < Task.objects.count() < DEMANDS
    deliver_pending()
    _due_again()
    assert deliver_pending() == {}
    _whole()
    assert Task.objects.count() == DEMANDS
    assert Event.objects.filter(kind=EventKind.TASK_OPENED).count() == DEMANDS
