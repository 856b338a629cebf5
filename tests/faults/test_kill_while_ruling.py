"""kill -9 in the middle of automatic rules: no half is left and nothing is done twice."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from exchange.delivery import deliver_pending
from register.models import AutomationRun, Event, EventKind, Outbox, RunOutcome, Task, WorkingTag
from register.services.acts import add_note
from tests.factories import make_demand, make_member, make_organisation, principal_of
from tests.faults.test_kill_while_sending import _same_database
from tests.register.automatic import TASK, put_in_force, rule

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("register")]

DEMANDS = 6


def _kill_half_way(folder: Path, position: int) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.ruler", str(position)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=settings.BASE_DIR,
        env={**os.environ, **_same_database(), "DATA_DIR": str(folder)},
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "half way\n"
    worker.kill()
    worker.wait(60)


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
        _kill_half_way(tmp_path, position)
        _whole()
        _due_again()
    assert 0 < Task.objects.count() < DEMANDS
    deliver_pending()
    _due_again()
    assert deliver_pending() == {}
    _whole()
    assert Task.objects.count() == DEMANDS
    assert Event.objects.filter(kind=EventKind.TASK_OPENED).count() == DEMANDS
