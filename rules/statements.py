"""Queries compiled once and kept as text, which the ORM would write again at each request.

Only the text is kept, never an answer: rows are read from the database each time.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connections
from django.db.models import BooleanField, Expression, Field, Func, QuerySet

from .prepared import plans_ahead, preparing_cursor, typed

Row = tuple[Any, ...]
# Where a statement takes a value, and the sign that stands for itself.
PLACES = re.compile("(%s|%%)")
Converters = Mapping[int, tuple[Sequence[Callable[..., Any]], Any]]


class Slot(Expression):
    """A value that is given when the statement runs."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Itself, where the value will be."""
        return "%s", (self,)

    def value(self, given: Mapping[str, Any], connection: Any) -> Any:
        """What was given, as the engine expects it."""
        return self.output_field.get_db_prep_save(given[self.name], connection)


class ListSlot(Slot):
    """As many values as one likes, given together: PostgreSQL takes an array, SQLite a JSON."""

    def value(self, given: Mapping[str, Any], connection: Any) -> Any:
        """The list that was given, as the engine expects it."""
        prepare = self.output_field.get_db_prep_value
        found = [prepare(value, connection) for value in given[self.name]]
        return found if connection.vendor == "postgresql" else json.dumps(found)


class Among(Func):
    """True of the rows whose value at this path is one of those given when the statement runs."""

    arity = 2
    template = "%(expressions)s))"
    arg_joiner = " IN (SELECT value FROM JSON_EACH("
    output_field = BooleanField()

    def __init__(self, path: Any, name: str, field: Field[Any, Any]) -> None:
        super().__init__(path, ListSlot(name, field))

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """The same with an array."""
        return self.as_sql(compiler, connection, template="%(expressions)s)", arg_joiner=" = ANY(")


@dataclass(frozen=True, eq=False)
class Statement:
    """A query as text, with its values, its slots, and how each column of its rows is read."""

    text: str
    values: tuple[Any, ...]
    converters: Converters

    def rows(self, **given: Any) -> list[Row]:
        """Run it now, with a value for each slot, and read what it answers."""
        if not self.text:
            return []
        connection: Any = connections[DEFAULT_DB_ALIAS]
        found = self._run(given, connection)
        return [self._read(row, connection) for row in found] if self.converters else found

    def rows_once(self, **given: Any) -> list[Row]:
        """Run it now, planned for its values: what was typed, which nobody will ask again."""
        if not self.text:
            return []
        connection = connections[DEFAULT_DB_ALIAS]
        with connection.cursor() as cursor:
            cursor.execute(self.text, [_told(value, given, connection) for value in self.values])
            found = cursor.fetchall()
        return [self._read(row, connection) for row in found]

    def run(self, **given: Any) -> None:
        """The same for a statement that writes and answers nothing."""
        self._run(given, connections[DEFAULT_DB_ALIAS], answers=False)

    def _run(self, given: Mapping[str, Any], connection: Any, *, answers: bool = True) -> list[Row]:
        try:
            return self._fetched(given, connection, answers)
        except NotSupportedError:
            # A migration changed a column under a connection that had planned the statement.
            if connection.in_atomic_block:
                raise
            connection.close()
            return self._fetched(given, connection, answers)

    def _fetched(self, given: Mapping[str, Any], connection: Any, answers: bool) -> list[Row]:
        if plans_ahead(connection):
            text, slots = self._prepared
            values: Any = [typed(slot.value(given, connection)) for slot in slots]
            opened = preparing_cursor(connection)
        else:
            text, values = self.text, [_told(value, given, connection) for value in self.values]
            opened = connection.cursor()
        with opened as cursor:
            cursor.execute(text, values)
            return list(cursor.fetchall()) if answers else []

    @cached_property
    def _prepared(self) -> tuple[str, list[Slot]]:
        """The text as PostgreSQL itself reads it, and the slots left: $1, $2 and so on.

        Values that a right fixes are in the text, so that the plan is made for them.
        """
        connection: Any = connections[DEFAULT_DB_ALIAS]
        values = iter(self.values)
        parts: list[str] = []
        slots: dict[str, Slot] = {}
        for piece in PLACES.split(self.text):
            told = next(values) if piece == "%s" else None
            if isinstance(told, Slot):
                slots.setdefault(told.name, told)
                parts.append(f"${[*slots].index(told.name) + 1}")
            elif piece == "%s":
                parts.append(connection.ops.compose_sql("%s", [told]))
            else:
                parts.append("%" if piece == "%%" else piece)
        return "".join(parts), list(slots.values())

    def _read(self, row: Row, connection: Any) -> Row:
        read = list(row)
        for place, (converters, expression) in self.converters.items():
            for convert in converters:
                read[place] = convert(read[place], expression, connection)
        return tuple(read)


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
