"""Waits for those who are writing demands, without making anybody wait.

A lock of the table would do the same, but whoever writes next would queue behind it.
"""

import time

from django.db import connection

from register.models import Demand

# Longer than any act lasts. Beyond, somebody is stuck: another time.
PATIENCE = 5.0
LOOKS = 0.05
WRITING = ("RowExclusiveLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock")


def are_done(patience: float = PATIENCE) -> bool:
    """True once each transaction that was writing demands when this was asked has ended.

    On SQLite there is one writer at a time, and what it wrote is seen or not yet begun.
    """
    if connection.vendor != "postgresql":
        return True
    limit = time.monotonic() + patience
    awaited = _writing()
    while awaited:
        if time.monotonic() > limit:
            return False
        time.sleep(LOOKS)
        awaited &= _writing()
    return True


def _writing() -> set[str]:
    """The transactions of others that hold a lock to write demands."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT virtualtransaction FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE datname = current_database() AND relation = %s::regclass"
            " AND mode = ANY(%s) AND granted AND pid IS DISTINCT FROM pg_backend_pid()",
            [Demand._meta.db_table, list(WRITING)],
        )
        return {found for (found,) in cursor.fetchall()}
