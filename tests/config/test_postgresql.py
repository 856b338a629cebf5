"""A connection that lasts over many requests, and a server that may end it between two of them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import connection

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A connection as production keeps it, one request after the other."""
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 60)
    monkeypatch.setitem(connection.settings_dict, "CONN_HEALTH_CHECKS", True)
    connection.close()
    yield connection
    connection.close()


@pytest.fixture
def watcher(kept: Any) -> Iterator[Any]:
    """Somebody else connected to the same server."""
    elsewhere = connection.copy()
    with elsewhere.cursor() as cursor:
        yield cursor
    elsewhere.close()


def _server_process() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _next_request() -> None:
    request_finished.send(sender=None)
    request_started.send(sender=None, environ={})
    connection.close_if_health_check_failed()


def test_the_connection_is_kept_and_nothing_is_asked_to_know_that_it_lives(watcher: Any) -> None:
    before = _server_process()
    _next_request()
    watcher.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [before])
    assert watcher.fetchone() == ("SELECT pg_backend_pid()",)
    assert _server_process() == before


def test_the_request_after_the_server_ended_the_connection_gets_another(watcher: Any) -> None:
    ended = _server_process()
    watcher.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])
    assert watcher.fetchone() == (True,)
    _next_request()
    assert _server_process() != ended
