"""The wake-up queue of the embedded installation: its own SQLite file."""

import sqlite3

from huey import SqliteHuey
from huey.storage import SqliteStorage


class WakeUpStorage(SqliteStorage):
    """A wake-up is written without waiting for the disk: a person would wait with it.

    One lost in a power cut is made up for within the minute (`exchange/tasks.py`); the file stays
    whole. What must not be lost is in the outbox.
    """

    def _create_connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = super()._create_connection()
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection


class WakeUps(SqliteHuey):  # type: ignore[misc]
    """The queue over that file."""

    storage_class = WakeUpStorage
