"""Tests that commit leave rows; these helpers give the database back as the migrations made it.

Wagtail's root page, its locale and the content types come from migrations: a plain flush would
leave the next test, and the next run with `--reuse-db`, without them. Rows are copied as the
engine stores them, so that no signal runs and the keys stay the same.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import chain
from typing import Any, NamedTuple

from django.db import connections, transaction

# SQLite takes no more in one statement.
MOST_VALUES = 30_000
# Triggers write it as the table that it indexes is written.
FOLLOWS = {"wagtailsearch_indexentry_fts"}


class TableRows(NamedTuple):
    table: str
    columns: list[str]
    rows: list[tuple[Any, ...]]


def read_all_rows(alias: str) -> list[TableRows]:
    """Every row of every table that holds any, as stored."""
    return [each for each in _tables(alias) if each.rows]


def _tables(alias: str) -> list[TableRows]:
    connection = connections[alias]
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    content = []
    with connection.cursor() as cursor:
        for table in sorted(set(tables) - FOLLOWS):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            rows = [tuple(row) for row in cursor.fetchall()]
            content.append(TableRows(table, [c[0] for c in cursor.description], rows))
    return content


def restore(alias: str, content: list[TableRows]) -> None:
    """Give each table these rows and no others; a table that has them already is left alone."""
    kept = defaultdict(Counter, {each.table: Counter(each.rows) for each in content})
    with transaction.atomic(using=alias):
        changed = {each.table for each in _tables(alias) if Counter(each.rows) != kept[each.table]}
        empty(alias, changed)
        write_back(alias, [each for each in content if each.table in changed])


def empty(alias: str, tables: Iterable[str]) -> None:
    """Remove every row of these tables; foreign keys are checked when the transaction ends."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608


def write_back(alias: str, content: list[TableRows]) -> None:
    """Insert the rows again; foreign keys are checked when the transaction ends."""
    connection = connections[alias]
    quote = connection.ops.quote_name
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        for table, columns, rows in content:
            names, marks = ", ".join(map(quote, columns)), ", ".join(["%s"] * len(columns))
            step = MOST_VALUES // len(columns)
            for start in range(0, len(rows), step):
                some = rows[start : start + step]
                values = ", ".join([f"({marks})"] * len(some))
                statement = f"INSERT INTO {quote(table)} ({names}) VALUES {values}"  # noqa: S608
                cursor.execute(statement, [*chain.from_iterable(some)])
