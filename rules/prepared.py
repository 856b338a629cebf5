"""A cursor of PostgreSQL that plans a statement once for its connection, and then runs it.

Planning costs more than reading the lines of a page. Django's own cursors write values into the
text and are planned each time; nothing but the statements kept as text goes through this one.
"""

from enum import Enum
from typing import Any

from psycopg import RawCursor
from psycopg.types.numeric import Int8


class PreparingCursor(RawCursor[Any]):
    """A cursor of psycopg that prepares whatever it runs, and does not read the text itself."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> "PreparingCursor":
        """Run the statement, planned already if this connection ran it before."""
        return super().execute(query, params, **{"prepare": True, **options})


def plans_ahead(connection: Any) -> bool:
    """True on PostgreSQL, unless queries are watched: Django's own cursor tells what it ran."""
    return connection.vendor == "postgresql" and not connection.queries_logged


def preparing_cursor(connection: Any) -> Any:
    """A cursor for statements that are planned once."""
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    return connection.make_cursor(PreparingCursor(connection.connection))


def typed(value: Any) -> Any:
    """A value of one type whatever its size: plans are kept by the types of their values."""
    if isinstance(value, list):
        return [typed(each) for each in value]
    if isinstance(value, Enum):
        return typed(value.value)
    return Int8(value) if type(value) is int else value
