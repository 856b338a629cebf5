"""Writes many rows at once: PostgreSQL's COPY where there is one, batches of inserts elsewhere.

The only module besides the settings that asks which engine it talks to. Rows are dictionaries by
column attribute and carry their primary keys.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import AutoField, Field, Model
from django.db.models.sql import InsertQuery

BATCH = 500
Values = Mapping[str, Any]
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
_BOOLEANS = {True: "t", False: "f"}


def can_copy() -> bool:
    """True when rows can be handed over as prepared text, by several processes."""
    return connection.vendor == "postgresql"


def insert_rows(model: type[Model], rows: Sequence[Values]) -> None:
    """Insert rows of one model whose parents are already there."""
    if not rows:
        return
    if can_copy():
        copy_text(model, as_copy_text(model, rows))
    else:
        model._default_manager.bulk_create([model(**row) for row in rows], batch_size=BATCH)


def insert_once(row: Model, unique: str) -> None:
    """Insert a row unless one has the same value of a unique column; other failures are raised.

    Django's `ignore_conflicts` is "or ignore" on SQLite, which passes over a missing value too.
    """
    fields = [field for field in _fields(type(row)) if not isinstance(field, AutoField)]
    query = InsertQuery(type(row))
    query.insert_values(fields, [row])
    [(sql, values)] = query.get_compiler(connection=connection).as_sql()
    column = connection.ops.quote_name(next(str(f.column) for f in fields if f.name == unique))
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ON CONFLICT ({column}) DO NOTHING", values)


def as_copy_text(model: type[Model], rows: Sequence[Values]) -> bytes:
    """Rows as COPY reads them: one line each, columns in the model's order."""
    columns = [(field.attname, _is_json(field)) for field in _fields(model)]
    lines = []
    for row in rows:
        lines.append("\t".join(_text(row[name], is_json) for name, is_json in columns))
    return ("\n".join(lines) + "\n").encode() if lines else b""


def copy_text(model: type[Model], text: bytes) -> None:
    """Send prepared lines to a table."""
    if not text:
        return
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in _fields(model))
    statement = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(text)


@contextmanager
def loading(models: Iterable[type[Model]]) -> Iterator[None]:
    """One transaction in which the tables lose indexes and foreign keys, and get them back.

    Building an index and checking a foreign key once costs far less than once per row. A load that
    stops leaves everything as it was. On an engine without COPY this is a plain block.
    """
    if not can_copy():
        yield
        return
    tables = [model._meta.db_table for model in models]
    with transaction.atomic(), connection.cursor() as cursor:
        # What is already pending in this transaction is checked now: tables must be at rest.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        undo = [*_drop_constraints(cursor, tables), *_drop_indexes(cursor, tables)]
        yield
        for statement in reversed(undo):
            cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _drop_constraints(cursor: Any, tables: list[str]) -> list[str]:
    cursor.execute(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)"
        " FROM pg_constraint WHERE conrelid = ANY(%s::text[]::regclass[])"
        " AND contype IN ('f', 'u') ORDER BY contype DESC",
        [tables],
    )
    undo = []
    for table, name, definition in cursor.fetchall():
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        undo.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    return sorted(undo)


def _drop_indexes(cursor: Any, tables: list[str]) -> list[str]:
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = ANY(%s::text[]::regclass[]) AND NOT indisprimary"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)",
        [tables],
    )
    undo = []
    for name, definition in cursor.fetchall():
        cursor.execute(f"DROP INDEX {name}")
        undo.append(definition)
    return undo


def restart_sequences(models: Iterable[type[Model]]) -> None:
    """Make the next automatic key follow the highest one given by hand."""
    statements = connection.ops.sequence_reset_sql(no_style(), list(models))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def refresh_statistics() -> None:
    """Let the query planner know what was loaded; without it the first pages are planned blind."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def wipe_deleted() -> None:
    """Take deleted rows out of the files of the database, for good; long on a large register.

    SQLite overwrites as it deletes, and its journal is emptied here. PostgreSQL keeps values of
    each column to plan with: they are drawn again, then all tables are cleaned and written again,
    theirs included; writing again alone keeps whatever was deleted since the oldest transaction
    of any database of the server began. Outside any transaction.
    """
    with without_time_limit(), connection.cursor() as cursor:
        if can_copy():
            cursor.execute("ANALYZE")
            _forget_values_of_empty_tables(cursor)
            cursor.execute("VACUUM")
            cursor.execute("VACUUM FULL")
            cursor.execute("CHECKPOINT")
        else:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _forget_values_of_empty_tables(cursor: Any) -> None:
    """Where no row is left to draw, the values drawn before stay until the column is declared."""
    cursor.execute(
        "SELECT format('ALTER TABLE %I ALTER COLUMN %I TYPE %s',"
        " tablename, s.attname, format_type(atttypid, atttypmod))"
        " FROM pg_stats s JOIN pg_class c ON c.oid = format('%I', tablename)::regclass"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = s.attname"
        " WHERE schemaname = current_schema() AND reltuples = 0 AND relkind = 'r'"
    )
    for (statement,) in cursor.fetchall():
        cursor.execute(statement)


def settle() -> None:
    """After a large load: what index-only readings and the planner need, without waiting for it.

    Inside a transaction nothing can be cleaned: only the statistics are refreshed.
    """
    if not can_copy() or connection.in_atomic_block:
        refresh_statistics()
        return
    with without_time_limit(), connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


@contextmanager
def without_time_limit() -> Iterator[None]:
    """Statements of this block take the time they need: an index of a large table takes minutes."""
    lift_time_limit()
    try:
        yield
    finally:
        restore_time_limit()


def lift_time_limit(**_signal: Any) -> None:
    """The same from now on: what precedes migrations."""
    if can_copy():
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")


def restore_time_limit(**_signal: Any) -> None:
    """The limit of the settings again."""
    if can_copy():
        with connection.cursor() as cursor:
            cursor.execute("RESET statement_timeout")


def _fields(model: type[Model]) -> list[Field[Any, Any]]:
    return list(model._meta.concrete_fields)


def _is_json(field: Field[Any, Any]) -> bool:
    return field.get_internal_type() == "JSONField"


def _text(value: Any, is_json: bool) -> str:
    if is_json:
        value = json.dumps(value, ensure_ascii=False)
    if value is None:
        return r"\N"
    if isinstance(value, bool):
        return _BOOLEANS[value]
    text = str(value)
    return text.translate(_ESCAPES) if "\\" in text or not text.isprintable() else text
