"""A process that dies before a given step: each statement, each commit, each file is one.

Nothing runs after: no `except` of the code, no rollback; the database forgets what was not
committed, as it does when a connection is cut. The half of a file stays on the disk.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from django.db import connection

from register.storage import PrivateStorage

MOST_STEPS = 300


class Killed(BaseException):
    """kill -9: no handler of an error sees it."""


class Steps:
    """Counts the steps of an act, and dies before one of them."""

    def __init__(self, dies_before: int) -> None:
        self.dies_before = dies_before
        self.taken = 0

    def take(self) -> None:
        self.taken += 1
        if self.taken == self.dies_before:
            raise Killed

    def statement(self, execute: Callable[..., Any], *statement: Any) -> Any:
        self.take()
        return execute(*statement)


@contextmanager
def dying_before(place: int) -> Iterator[Steps]:
    """In the block, the process dies before its step number `place`, if it has that many."""
    steps = Steps(place)
    commit, save = connection._commit, PrivateStorage.save

    def commit_or_die() -> None:
        try:
            steps.take()
        except Killed:
            # What a database does when the connection is cut; on SQLite Django would commit.
            connection._rollback()
            raise
        commit()

    def save_or_die(storage: PrivateStorage, name: str, content: Any, **options: Any) -> str:
        try:
            steps.take()
        except Killed:
            half = Path(storage.path(name))
            half.parent.mkdir(parents=True, exist_ok=True)
            half.write_bytes(content.read()[:10])
            raise
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


def killed_at_every_step(act: Callable[[], Any], told: Callable[[], Any]) -> int:
    """Kill the act before each of its steps, then let it end; how many steps it has.

    What is told must be the same after each kill: all or nothing.
    """
    before = told()
    for place in range(1, MOST_STEPS):
        try:
            with dying_before(place) as steps:
                act()
        except Killed:
            assert told() == before, f"killed before step {place}"
        else:
            assert told() != before
            return steps.taken
    raise AssertionError("the act never ended")
