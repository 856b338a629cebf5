"""Sessions in the database as Django keeps them, found by a query written once: each page asks."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import DEFAULT_DB_ALIAS
from django.db.models import CharField, DateTimeField, QuerySet
from django.utils import timezone

from rules.statements import Slot, statement

_COLUMNS = ["session_key", "session_data", "expire_date"]


class SessionStore(db.SessionStore):
    """Django's own, but for the look-up."""

    def _get_session_from_db(self) -> Session | None:
        rows = statement(_open).rows(key=self.session_key, now=timezone.now())
        if rows:
            return Session.from_db(DEFAULT_DB_ALIAS, _COLUMNS, rows[0])
        # A key that names no open session is not kept: the next one is drawn anew.
        self._session_key = None
        return None


def _open() -> QuerySet[Any, Any]:
    key, now = Slot("key", CharField()), Slot("now", DateTimeField())
    kept = Session.objects.filter(session_key=key, expire_date__gt=now)
    return kept.values_list(*_COLUMNS)
