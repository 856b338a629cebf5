"""Rows inserted and updated by statements written once per table, and planned once on PostgreSQL.

For what every act writes. A row is written as it is: whatever a model checks was checked before,
and no signal is sent.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, Model
from django.db.models.sql import InsertQuery, UpdateQuery

from .statements import Slot, Statement, statement

KEY = "the key of the row"


def insert(row: Model) -> None:
    """Insert a new row of a table that gives its own keys; IntegrityError as any insertion."""
    if not connections[DEFAULT_DB_ALIAS].features.can_return_columns_from_insert:
        row.save(force_insert=True)
        return
    table = type(row)
    values = {field.attname: field.pre_save(row, add=True) for field in _inserted(table)}
    [(row.pk,)] = statement(_insertion, table).rows(**values)
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def update(row: Model, columns: Iterable[str]) -> None:
    """Store these columns of a row that is stored already, named as attributes of the model."""
    update_where(type(row), "pk", row.pk, {name: getattr(row, name) for name in columns})


def update_where(table: type[Model], path: str, key: Any, values: Mapping[str, Any]) -> None:
    """Store these values in every row whose path has this key."""
    if values:
        written = statement(_updating, table, path, tuple(sorted(values)))
        written.run(**{KEY: key}, **values)


def _inserted(table: type[Model]) -> list[Field[Any, Any]]:
    return [field for field in table._meta.concrete_fields if not field.primary_key]


def _insertion(table: type[Model]) -> Statement:
    fields = _inserted(table)
    query = InsertQuery(table)
    query.insert_values(fields, [table()])
    compiler = query.get_compiler(DEFAULT_DB_ALIAS)
    compiler.returning_fields = [table._meta.pk]
    [(text, _values)] = compiler.as_sql()
    return Statement(text, tuple(Slot(field.attname, field) for field in fields), {})


def _updating(table: type[Model], path: str, columns: tuple[str, ...]) -> Statement:
    rows = table._default_manager.filter(**{path: Slot(KEY, table._meta.pk)}).order_by()
    query: Any = rows.query.chain(UpdateQuery)
    fields = [field for field in table._meta.concrete_fields if field.attname in columns]
    query.add_update_fields([(field, None, Slot(field.attname, field)) for field in fields])
    text, values = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return Statement(text, tuple(values), {})
