"""A process that dies before a given step: each statement, each commit, each file is one.

Nothing runs after: no `except` of the code, no rollback; the database forgets what was not
committed, as it does when a connection is cut. The half of a file stays on the disk. It dies for
real in a process of its own (SIGKILL), or as if it did in that of the test, which is quicker.
"""

import os
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NoReturn
from unittest import mock

from django.db import connection, connections

from register.storage import PrivateStorage

MOST_STEPS = 300


class Killed(BaseException):
    """kill -9: no handler of an error sees it."""


def as_if_killed() -> NoReturn:
    """Die in the process of the test."""
    raise Killed


def killed_for_real() -> None:
    """Die at once, as `kill -9` has it."""
    os.kill(os.getpid(), signal.SIGKILL)


class Steps:
    """Counts the steps of an act, and dies before one of them."""

    def __init__(self, dies_before: int, die: Callable[[], None]) -> None:
        self.dies_before, self.die = dies_before, die
        self.taken = 0

    def take(self, last: Callable[[], Any] | None = None) -> None:
        """One more step; before the fatal one, `last` is done."""
        self.taken += 1
        if self.taken == self.dies_before:
            if last:
                last()
            self.die()

    def statement(self, execute: Callable[..., Any], *statement: Any) -> Any:
        self.take()
        return execute(*statement)


@contextmanager
def dying_before(place: int, die: Callable[[], None] = as_if_killed) -> Iterator[Steps]:
    """In the block, the process dies before its step number `place`, if it has that many."""
    steps = Steps(place, die)
    commit, save = connection._commit, PrivateStorage.save

    def commit_or_die() -> None:
        # What a database does when the connection is cut; on SQLite Django would commit.
        steps.take(connection._rollback if die is as_if_killed else None)
        commit()

    def save_or_die(storage: PrivateStorage, name: str, content: Any, **options: Any) -> str:
        def half() -> None:
            path = Path(storage.path(name))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.read()[:10])

        steps.take(half)
        return save(storage, name, content, **options)

    with (
        connection.execute_wrapper(steps.statement),
        mock.patch.object(connection, "_commit", commit_or_die),
        mock.patch.object(PrivateStorage, "save", save_or_die),
    ):
        try:
            yield steps
        except Killed:
            connection.close()
            raise


def in_this_process(act: Callable[[], Any], place: int) -> bool:
    """False when the act died before that step; True when it had ended."""
    try:
        with dying_before(place):
            act()
    except Killed:
        return False
    return True


def in_a_process(act: Callable[[], Any], place: int) -> bool:
    """The same in a process of its own, which SIGKILL ends; True once it acknowledged the act."""

    def dying(say: Callable[[str], Any]) -> None:
        with dying_before(place, killed_for_real):
            act()
        say("done")

    process, answer = begun(dying)
    with answer:
        told = answer.read()
    killed = was_killed(process)
    assert told == ("" if killed else "done"), told
    return not killed


def begun(act: Callable[[Callable[[str], Any]], Any]) -> tuple[int, IO[str]]:
    """A process that does the act, and what can be read of what it says meanwhile.

    It is a copy of this one that opens its own connections: Django need not start again.
    """
    connections.close_all()
    heard, said = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            act(lambda told: os.write(said, told.encode()))
        except BaseException:
            os.write(said, traceback.format_exc().encode())
        finally:
            os._exit(0)
    os.close(said)
    return process, os.fdopen(heard)


def was_killed(process: int) -> bool:
    """Whether SIGKILL ended it, once it has ended."""
    _process, status = os.waitpid(process, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def killed_at_every_step(
    act: Callable[[], Any],
    told: Callable[[], Any],
    run: Callable[[Callable[[], Any], int], bool] = in_this_process,
) -> int:
    """Kill the act before each of its steps, then let it end; how many steps it has.

    What is told must be the same after each kill: all or nothing.
    """
    before = told()
    for place in range(1, MOST_STEPS):
        if run(act, place):
            assert told() != before
            return place - 1
        assert told() == before, f"killed before step {place}"
    raise AssertionError("the act never ended")
