"""What `make run` loads before any demand: rule modules and reference data.

Each is loaded once a run by its own command; tests are then given its rows, as stored, in a tenth
of the time. A test that has rows of its own in the same tables gets the command itself.
"""

from collections import Counter

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from rules.models import RuleModuleVersion
from tests.committed_rows import TableRows, read_all_rows, write_back

COMMANDS = {"rules": ("rules", "install"), "reference": ("load_reference",)}
_ALIAS = "default"
_learned: dict[str, list[TableRows]] = {}
# Rows that the migrations leave in each of the tables, and the day on which all this was read.
_before: Counter[str] = Counter()
_day = None


def learn() -> None:
    """Run each command on the database as migrated, keep the rows it adds and take them away."""
    global _day
    _day = timezone.localdate()
    for name, command in COMMANDS.items():
        with transaction.atomic():
            known = {table: set(rows) for table, _columns, rows in _read()}
            call_command(*command, verbosity=0)
            _learned[name] = []
            for table, columns, rows in _read():
                before = known.get(table, set())
                if added := [row for row in rows if row not in before]:
                    _before[table] = len(before)
                    _learned[name].append(TableRows(table, columns, added))
            transaction.set_rollback(True)


def _read() -> list[TableRows]:
    return [
        TableRows(table, columns, [tuple(row) for row in rows])
        for table, columns, rows in read_all_rows(_ALIAS)
    ]


def load(name: str) -> None:
    """Put in the database what the command of this name would."""
    if not _given(name):
        call_command(*COMMANDS[name], verbosity=0)
    elif name == "rules":
        # In force since now: nothing that another test made of these versions is used again.
        _put_in_force_now()


def _put_in_force_now() -> None:
    """By a statement: an installed version lets nobody change it otherwise."""
    table = connection.ops.quote_name(RuleModuleVersion._meta.db_table)
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET in_force_at = %s", [now])  # noqa: S608


def _given(name: str) -> bool:
    """True when the rows could be written; a table may already hold rows under their keys."""
    kept = _learned[name]
    if timezone.localdate() != _day or any(_count(t.table) != _before[t.table] for t in kept):
        return False
    try:
        write_back(_ALIAS, kept)
    except IntegrityError:
        return False
    return True


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
