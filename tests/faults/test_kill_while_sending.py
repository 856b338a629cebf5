"""kill -9 while demands are sent: what was acknowledged is there, and a retry is no second demand.

F1, at small counts: the process that registers dies at moments nobody chooses.
"""

import os
import random
import signal
import threading
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest

from register.models import Demand, Outbox, User
from register.numbers import is_number
from tests.factories import make_user
from tests.faults.crowd import rows_of
from tests.faults.killed import begun, was_killed
from tests.register.demands import complete, submit

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("register", "any_certificate", "own_store")]

PEOPLE, KILLS = 60, 5
NUMBERS_BEFORE_A_KILL = (2, 8)
LONGEST_WAIT = 0.03  # seconds, about one submission


def _send(asked: Sequence[tuple[User, UUID]], say: Callable[[str], Any]) -> None:
    """One demand after the other; each number is said once it was given."""
    for user, token in asked:
        say(f"{token} {submit(user, complete(user), token).number}\n")


def _send_until_killed(
    asked: Sequence[tuple[User, UUID]], *, after: int | None = None, wait: float = 0
) -> dict[UUID, str]:
    """Numbers acknowledged by token, until the process had finished or was killed.

    It is killed `wait` seconds after its number `after`: in the middle of the next submission.
    """
    process, lines = begun(lambda say: _send(asked, say))
    acknowledged: dict[UUID, str] = {}
    clock = threading.Timer(wait, os.kill, (process, signal.SIGKILL))
    with lines:
        for line in lines:
            if not line.endswith("\n"):
                continue  # cut short: nobody was told
            token, number = line.split()
            acknowledged[UUID(token)] = number
            if len(acknowledged) == after:
                clock.start()
    clock.cancel()
    was_killed(process)
    return acknowledged


def test_nothing_acknowledged_is_lost_and_nothing_is_registered_twice() -> None:
    chance = random.Random(20261122)  # noqa: S311  (moments, not secrets)
    asked = [(make_user(), uuid4()) for _ in range(PEOPLE)]
    acknowledged: dict[UUID, str] = {}
    for _kill in range(KILLS):
        waiting = [one for one in asked if one[1] not in acknowledged]
        after, wait = chance.randint(*NUMBERS_BEFORE_A_KILL), chance.uniform(0, LONGEST_WAIT)
        acknowledged |= _send_until_killed(waiting, after=after, wait=wait)
        stored = {d.submission_token: d.number for d in Demand.objects.all()}
        assert acknowledged.items() <= stored.items()
        for demand in Demand.objects.all():
            assert is_number(demand.number)
    before = dict(acknowledged)
    assert len(before) < PEOPLE, "no process was killed before it had finished"
    acknowledged |= _send_until_killed(asked)
    assert before.items() <= acknowledged.items()
    assert len(set(acknowledged.values())) == len(acknowledged) == PEOPLE
    assert Demand.objects.count() == Outbox.objects.exclude(kind="automation").count() == PEOPLE
    whole = make_user()
    submit(whole, complete(whole))
    expected = rows_of(whole)
    assert all(rows_of(demand.account) == expected for demand in Demand.objects.all())
