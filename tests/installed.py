"""What `make run` loads (rule modules, reference data, starter pages), and worlds built on them.

Each is made once a run; tests are then given its rows, as stored, in a tenth of the time. A test
that has rows of its own in the same tables gets it made again.
"""

import pickle
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, NamedTuple, TypeVar

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from register.models import StoredFile
from rules.models import RuleModuleVersion
from tests.committed_rows import TableRows, empty, read_all_rows, write_back

COMMANDS = {
    "rules": ("rules", "install"),
    "reference": ("load_reference",),
    "starter": ("load_starter_content",),
}
_ALIAS = "default"
Made = TypeVar("Made")


class Learned(NamedTuple):
    """What something adds, the tables that it writes anew, and what it answers."""

    added: list[TableRows]
    rewritten: list[str]
    # Rows that each of these tables must hold before.
    before: dict[str, int]
    # The bytes of the files that its rows name: another test may have swept the private store.
    files: dict[str, bytes]
    answer: bytes


# By name and by the day on which it was learned.
_learned: dict[tuple[str, date], Learned] = {}
# Rows of each table as migrated, and with the rules installed.
_migrated: Counter[str] = Counter()
_ruled: Counter[str] = Counter()


def learn() -> None:
    """Run what most tests ask for on the database as migrated, keep its rows, take them away."""
    _migrated.update(_counts())
    for name in ("rules", "reference"):
        with transaction.atomic():
            _learn(name, _command(name))
            if name == "rules":
                _ruled.update(_counts())
            transaction.set_rollback(True)


def _command(name: str) -> Callable[[], Any]:
    return partial(call_command, *COMMANDS[name], verbosity=0)


def _learn(name: str, make: Callable[[], Made]) -> Made:
    known = {each.table: each.rows for each in read_all_rows(_ALIAS)}
    made = make()
    added, rewritten = [], []
    for table, columns, rows in read_all_rows(_ALIAS):
        before = set(known.get(table, []))
        if before - set(rows):
            rewritten.append(table)
            before = set()
        if new := [row for row in rows if row not in before]:
            added.append(TableRows(table, columns, new))
    touched = {*rewritten, *(each.table for each in added)}
    counts = {table: len(known.get(table, [])) for table in touched}
    files = {each.file.name: each.file.read() for each in StoredFile.objects.all()}
    _learned[_today(name)] = Learned(added, rewritten, counts, files, pickle.dumps(made))
    return made


def _today(name: str) -> tuple[str, date]:
    return name, timezone.localdate()


def load(name: str) -> None:
    """Put in the database what the command of this name would."""
    if _today(name) not in _learned and _counts() == _migrated:
        _learn(name, _command(name))
    elif not _given(name):
        _command(name)()
    elif name == "rules":
        # In force since now: nothing that another test made of these versions is used again.
        _put_in_force_now()


def built(build: Callable[[], Made]) -> Made:
    """What `build` writes under the shipped rules and answers, whether built now or before."""
    name = f"{build.__module__}.{build.__qualname__}"
    if _given(name):
        made: Made = pickle.loads(_learned[_today(name)].answer)  # noqa: S301  (our own)
        return made
    return _learn(name, build) if _counts() == _ruled else build()


def _put_in_force_now() -> None:
    """By a statement: an installed version lets nobody change it otherwise."""
    table = connection.ops.quote_name(RuleModuleVersion._meta.db_table)
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET in_force_at = %s", [now])  # noqa: S608


def _given(name: str) -> bool:
    """True when the rows could be written; a table may already hold rows under their keys."""
    kept = _learned.get(_today(name))
    if kept is None or any(_count(table) != count for table, count in kept.before.items()):
        return False
    try:
        with transaction.atomic():
            empty(_ALIAS, kept.rewritten)
            write_back(_ALIAS, kept.added)
    except IntegrityError:
        return False
    store = StoredFile._meta.get_field("file").storage
    for path, content in kept.files.items():
        if not store.exists(path):
            store.save(path, ContentFile(content))
    return True


def _counts() -> Counter[str]:
    return Counter({each.table: len(each.rows) for each in read_all_rows(_ALIAS)})


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
        (count,) = cursor.fetchone()
    return int(count)


@pytest.fixture
def rules(db: None) -> None:
    """The shipped rule modules, in force."""
    load("rules")


@pytest.fixture
def reference(db: None) -> None:
    """Communes, partners, counters and dated figures."""
    load("reference")
