"""A cursor of PostgreSQL that plans a statement once for its connection, and then runs it.

Planning costs more than reading the lines of a page. Django's own cursors write values into the
text and are planned each time; nothing but the statements kept as text goes through this one.
"""

from typing import Any

from psycopg import Cursor
from psycopg.types.numeric import Int8


class PreparingCursor(Cursor[Any]):
    """A cursor of psycopg that prepares whatever it runs."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> "PreparingCursor":
        """Run the statement, planned already if this connection ran it before."""
        return super().execute(query, params, **{"prepare": True, **options})


def preparing_cursor(connection: Any) -> Any:
    """Such a cursor; Django's own when queries are watched, which tells what it ran."""
    if connection.queries_logged:
        return connection.cursor()
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    return connection.make_cursor(PreparingCursor(connection.connection))


def typed(value: Any) -> Any:
    """A value of one type whatever its size: plans are kept by the types of their values."""
    return Int8(value) if type(value) is int else value
