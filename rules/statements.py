"""Queries compiled once and kept as text, which the ORM would write again at each request.

Only the text is kept, never an answer: rows are read from the database each time.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, QuerySet

Row = tuple[Any, ...]
# Where a statement takes a value, and the sign that stands for itself.
PLACES = re.compile("(%s|%%)")
Converters = Mapping[int, tuple[Sequence[Callable[..., Any]], Any]]


class Slot(Expression):
    """A value that is given when the statement runs: one, or the one at this place of a list."""

    def __init__(self, name: str, field: Field[Any, Any], place: int | None = None) -> None:
        super().__init__(output_field=field)
        self.name = name
        self.place = place

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Itself, where the value will be."""
        return "%s", (self,)

    def value(self, given: Mapping[str, Any], connection: Any) -> Any:
        """What was given, as the engine expects it."""
        found = given[self.name]
        found = found if self.place is None else found[self.place]
        return self.output_field.get_db_prep_value(found, connection)


@dataclass(frozen=True, eq=False)
class Statement:
    """A query as text, with its values, its slots, and how each column of its rows is read."""

    text: str
    values: tuple[Any, ...]
    converters: Converters

    def rows(self, **given: Any) -> list[Row]:
        """Run it now, with a value for each slot."""
        if not self.text:
            return []
        connection = connections[DEFAULT_DB_ALIAS]
        with connection.cursor() as cursor:
            cursor.execute(*self._ready(given, connection))
            found = cursor.fetchall()
        return [self._read(row, connection) for row in found] if self.converters else found

    def _ready(self, given: Mapping[str, Any], connection: Any) -> tuple[str, Any]:
        """The text and what goes with it; the driver of PostgreSQL writes values in the text."""
        if hasattr(connection.ops, "compose_sql"):
            return "".join(_written(part, given, connection) for part in self._parts), None
        values = [
            value.value(given, connection) if isinstance(value, Slot) else value
            for value in self.values
        ]
        return self.text, values

    @cached_property
    def _parts(self) -> list[str | Slot]:
        """The text with its values written by the driver, once, between the slots."""
        connection, values = connections[DEFAULT_DB_ALIAS], iter(self.values)
        parts: list[str | Slot] = [""]
        for piece in PLACES.split(self.text):
            told = next(values) if piece == "%s" else piece.replace("%%", "%")
            if isinstance(told, Slot):
                parts += [told, ""]
            else:
                written = _literal(told, connection) if piece == "%s" else told
                parts[-1] = f"{parts[-1]}{written}"
        return parts

    def _read(self, row: Row, connection: Any) -> Row:
        read = list(row)
        for place, (converters, expression) in self.converters.items():
            for convert in converters:
                read[place] = convert(read[place], expression, connection)
        return tuple(read)


def _written(part: str | Slot, given: Mapping[str, Any], connection: Any) -> str:
    return part if isinstance(part, str) else _literal(part.value(given, connection), connection)


def _literal(value: Any, connection: Any) -> str:
    """A value as the driver itself would write it."""
    if type(value) is int and value >= 0:
        return str(value)
    return str(connection.ops.compose_sql("%s", [value]))


NOTHING = Statement("", (), {})


@lru_cache(maxsize=1024)
def statement(build: Callable[..., QuerySet[Any, Any] | Statement], *told: Any) -> Statement:
    """The statement of `build(*told)`, written once for the same `told`.

    What the query depends on besides its slots is all in `told`, the day included.
    """
    built = build(*told)
    return built if isinstance(built, Statement) else compiled(built)


def compiled(rows: QuerySet[Any, Any]) -> Statement:
    """The statement of a query of values; `NOTHING` when nothing can answer it."""
    compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
    try:
        text, values = compiler.as_sql()
    except EmptyResultSet:
        return NOTHING
    selected = [column for column, _sql, _alias in compiler.select[: compiler.col_count]]
    return Statement(text, tuple(values), compiler.get_converters(selected))
