"""kill -9 while demands are sent: what was acknowledged is there, and a retry is no second demand.

F1, at small counts: the process that registers dies at moments nobody chooses.
"""

import json
import os
import random
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from register.models import Demand, Outbox
from register.numbers import is_number
from tests.factories import make_user
from tests.faults.crowd import rows_of
from tests.register.demands import complete, submit

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("register")]

PEOPLE, KILLS = 60, 5
NUMBERS_BEFORE_A_KILL = (2, 8)
LONGEST_WAIT = 0.03  # seconds, about one submission


def _same_database() -> dict[str, str]:
    """The environment in which another process writes in this test's database."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        address = f"sqlite:///{name}"
    else:
        address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    path = os.pathsep.join([str(settings.BASE_DIR), str(settings.BASE_DIR / "site")])
    return {**os.environ, "DATABASE_URL": address, "PYTHONPATH": path}


def _send_until_killed(
    asked: list[dict[str, str]], folder: Path, *, after: int | None = None, wait: float = 0
) -> dict[str, str]:
    """Numbers acknowledged by token, until the process had finished or was killed.

    It is killed `wait` seconds after its number `after`: in the middle of the next submission.
    """
    todo = folder / "asked"
    todo.write_text("".join(json.dumps(one) + "\n" for one in asked))
    acknowledged: dict[str, str] = {}
    with todo.open() as lines:
        sender = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.sender"],
            stdin=lines,
            stdout=subprocess.PIPE,
            text=True,
            cwd=settings.BASE_DIR,
            env={**_same_database(), "DATA_DIR": str(folder)},
        )
    clock = threading.Timer(wait, sender.kill)
    for line in sender.stdout:
        token, _space, number = line.strip().partition(" ")
        if line.endswith("\n") and number:
            acknowledged[token] = number
        if len(acknowledged) == after and not clock.is_alive():
            clock.start()
            after = None
    clock.cancel()
    code = sender.wait(60)
    assert code in (0, -9)
    return acknowledged


def test_nothing_acknowledged_is_lost_and_nothing_is_registered_twice(tmp_path: Path) -> None:
    chance = random.Random(20261122)  # noqa: S311  (moments, not secrets)
    asked = [{"user": str(make_user().pk), "token": str(uuid4())} for _ in range(PEOPLE)]
    acknowledged: dict[str, str] = {}
    for _kill in range(KILLS):
        waiting = [one for one in asked if one["token"] not in acknowledged]
        after, wait = chance.randint(*NUMBERS_BEFORE_A_KILL), chance.uniform(0, LONGEST_WAIT)
        acknowledged |= _send_until_killed(waiting, tmp_path, after=after, wait=wait)
        stored = {str(d.submission_token): d.number for d in Demand.objects.all()}
        assert acknowledged.items() <= stored.items()
        for demand in Demand.objects.all():
            assert is_number(demand.number)
    before = dict(acknowledged)
    assert len(before) < PEOPLE, "no process was killed before it had finished"
    acknowledged |= _send_until_killed(asked, tmp_path)
    assert before.items() <= acknowledged.items()
    assert len(set(acknowledged.values())) == len(acknowledged) == PEOPLE
    assert Demand.objects.count() == Outbox.objects.exclude(kind="automation").count() == PEOPLE
    whole = make_user()
    submit(whole, complete(whole))
    expected = rows_of(whole)
    assert all(rows_of(demand.account) == expected for demand in Demand.objects.all())
