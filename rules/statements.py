"""Queries compiled once and kept as text, which the ORM would write again at each request.

Only the text is kept, never an answer: rows are read from the database each time.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connections
from django.db.models import Expression, Field, QuerySet

from .prepared import preparing_cursor, typed

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
        try:
            found = self._fetched(given, connection)
        except NotSupportedError:
            # A migration changed a column under a connection that had planned the statement.
            if connection.in_atomic_block:
                raise
            connection.close()
            found = self._fetched(given, connection)
        return [self._read(row, connection) for row in found] if self.converters else found

    def _fetched(self, given: Mapping[str, Any], connection: Any) -> list[Row]:
        if connection.vendor == "postgresql":
            text, slots = self._prepared
            values: Any = {k: typed(slot.value(given, connection)) for k, slot in slots.items()}
            opened = preparing_cursor(connection)
        else:
            text, values = self.text, [_told(value, given, connection) for value in self.values]
            opened = connection.cursor()
        with opened as cursor:
            cursor.execute(text, values)
            return list(cursor.fetchall())

    @cached_property
    def _prepared(self) -> tuple[str, dict[str, Slot]]:
        """The text with its values written by the driver, once, and the slots left, by name.

        Values that a right fixes are in the text, so that the plan is made for them.
        """
        connection: Any = connections[DEFAULT_DB_ALIAS]
        values = iter(self.values)
        parts: list[str] = []
        slots: dict[str, Slot] = {}
        for piece in PLACES.split(self.text):
            told = next(values) if piece == "%s" else None
            if isinstance(told, Slot):
                name = f"{told.name}_{'' if told.place is None else told.place}"
                slots[name] = told
                parts.append(f"%({name})s")
            elif piece == "%s":
                parts.append(connection.ops.compose_sql("%s", [told]).replace("%", "%%"))
            else:
                parts.append(piece)
        return "".join(parts), slots

    def _read(self, row: Row, connection: Any) -> Row:
        read = list(row)
        for place, (converters, expression) in self.converters.items():
            for convert in converters:
                read[place] = convert(read[place], expression, connection)
        return tuple(read)

    def rows_once(self) -> list[Row]:
        """Run it now, planned for its values: what was typed, which nobody will ask again."""
        if not self.text:
            return []
        connection = connections[DEFAULT_DB_ALIAS]
        with connection.cursor() as cursor:
            cursor.execute(self.text, self.values)
            found = cursor.fetchall()
        return [self._read(row, connection) for row in found]


def _told(value: Any, given: Mapping[str, Any], connection: Any) -> Any:
    return value.value(given, connection) if isinstance(value, Slot) else value


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
