"""Tests that commit empty the database; these helpers give back what the migrations had put there.

Wagtail's root page, its locale and the content types come from migrations: a plain flush would
leave the next test, and the next run with `--reuse-db`, without them. Rows are copied as the
engine stores them, so that no signal runs and the keys stay the same.
"""

from typing import Any, NamedTuple

from django.core.management import call_command
from django.db import connections, transaction


class TableRows(NamedTuple):
    table: str
    columns: list[str]
    rows: list[tuple[Any, ...]]


def read_all_rows(alias: str) -> list[TableRows]:
    """Every row of every table, as stored."""
    connection = connections[alias]
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    content = []
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            if rows := cursor.fetchall():
                content.append(TableRows(table, [c[0] for c in cursor.description], rows))
    return content


def empty(alias: str) -> None:
    """Remove every row, without the content types coming back under other keys."""
    call_command(
        "flush",
        verbosity=0,
        interactive=False,
        database=alias,
        reset_sequences=False,
        allow_cascade=False,
        inhibit_post_migrate=True,
    )


def write_back(alias: str, content: list[TableRows]) -> None:
    """Insert the rows again; foreign keys are checked when the transaction ends."""
    connection = connections[alias]
    quote = connection.ops.quote_name
    with transaction.atomic(using=alias), connection.cursor() as cursor:
        for table, columns, rows in content:
            names = ", ".join(map(quote, columns))
            marks = ", ".join(["%s"] * len(columns))
            statement = f"INSERT INTO {quote(table)} ({names}) VALUES ({marks})"  # noqa: S608
            cursor.executemany(statement, rows)
