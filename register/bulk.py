"""Writes many rows at once: PostgreSQL's COPY where there is one, batches of inserts elsewhere.

The only module besides the settings that asks which engine it talks to. Rows carry their primary
keys; call `restart_sequences` once everything is written.
"""

from collections.abc import Iterable, Sequence

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

BATCH = 500


def insert_rows(model: type[Model], rows: Sequence[Model]) -> None:
    """Insert rows of one model whose parents are already there."""
    if not rows:
        return
    if connection.vendor == "postgresql":
        _copy(model, rows)
    else:
        model._default_manager.bulk_create(rows, batch_size=BATCH)


def _copy(model: type[Model], rows: Sequence[Model]) -> None:
    fields = [f for f in model._meta.concrete_fields if not f.generated]
    if model._meta.auto_field and rows[0].pk is None:
        fields = [f for f in fields if f is not model._meta.auto_field]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    statement = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    json = {field.attname for field in fields if field.get_internal_type() == "JSONField"}
    names = [field.attname for field in fields]
    files = {field.attname for field in fields if field.get_internal_type() == "FileField"}
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            values = row.__dict__
            copy.write_row(
                [
                    _json(values[name])
                    if name in json
                    else str(values[name])
                    if name in files
                    else values[name]
                    for name in names
                ]
            )


def _json(value: object) -> object:
    from psycopg.types.json import Jsonb

    return Jsonb(value)


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
