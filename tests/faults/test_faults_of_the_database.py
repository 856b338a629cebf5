"""A database that fails, waits or hangs: all of a demand or nothing of it (F2, F5, R12)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from exchange.delivery import deliver_pending
from portal.models import Draft
from register.models import Demand, NumberCounter, Outbox
from tests.factories import make_user
from tests.faults.crowd import number_counter_held, rows_of, somebody, together
from tests.portal.demand import draft_of, fill_minimum, signed_in
from tests.register.demands import submit

pytestmark = pytest.mark.usefixtures("register")

MOST_STATEMENTS = 300


class Fault:
    """Breaks the connection before the nth statement."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.seen = 0

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        self.seen += 1
        if self.seen == self.at:
            raise OperationalError("server closed the connection")
        return execute(*statement)


def _deliver_what_waits() -> None:
    """What follows a submission is tried again until it is done, as the sweep does."""
    Outbox.objects.filter(done_at__isnull=True).update(not_before=timezone.now())
    deliver_pending()


@pytest.mark.slow
def test_a_fault_before_any_statement_leaves_nothing_and_the_retry_succeeds() -> None:
    whole = somebody()
    submit(whole.user, whole.application, whole.token)
    expected = rows_of(whole.user)
    numbers_given = 1
    for place in range(1, MOST_STATEMENTS):
        one = somebody()
        before = rows_of(one.user)
        fault = Fault(at=place)
        with connection.execute_wrapper(fault):
            try:
                submit(one.user, one.application, one.token)
            except OperationalError:
                assert rows_of(one.user) == before, place
                assert NumberCounter.objects.get().last == numbers_given
        demand = submit(one.user, one.application, one.token)
        numbers_given += 1
        _deliver_what_waits()
        after = rows_of(one.user)
        assert {**after, "StoredFile": 0} == {**expected, "StoredFile": 0}, place
        assert demand.number[7:13] == f"{numbers_given:06d}"
        if fault.seen < place:
            break
    assert fault.seen < place, "the fault never came to the end of the submission"
    assert place > 20


def test_a_commit_that_fails_leaves_nothing_and_the_retry_succeeds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = somebody()
    before = rows_of(one.user)

    def full(*_arguments: Any) -> None:
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as disk:
        disk.setattr(connection, "_commit", full)
        with pytest.raises(OperationalError):
            submit(one.user, one.application, one.token)
    assert rows_of(one.user) == before
    assert submit(one.user, one.application, one.token).number
    assert Demand.objects.count() == 1


def _sent_once() -> None:
    """The counter of the month exists, so that somebody can hold it."""
    one = somebody()
    submit(one.user, one.application, one.token)


@pytest.mark.slow
def test_a_database_held_for_three_seconds_delays_everybody_and_refuses_nobody() -> None:
    _sent_once()
    crowd = [somebody() for _person in range(4)]
    with number_counter_held(3):
        sent = together(
            [lambda one=one: submit(one.user, one.application, one.token) for one in crowd]
        )
    assert [answer for answer in sent if isinstance(answer, Exception)] == []
    assert Demand.objects.count() == 5


def _wait_at_most_200_milliseconds() -> None:
    patience = {
        "sqlite": "PRAGMA busy_timeout = 200",
        "postgresql": "SET lock_timeout = '200ms'",
    }
    with connection.cursor() as cursor:
        cursor.execute(patience[connection.vendor])


@pytest.fixture
def impatient_connection() -> Any:
    """This thread's connection gives up early; the next test gets a fresh one."""
    yield
    connection.close()


@pytest.mark.usefixtures("impatient_connection")
def test_a_database_held_too_long_answers_503_keeps_the_draft_and_takes_the_retry() -> None:
    _sent_once()
    user = make_user()
    client: Client = signed_in(user)
    fill_minimum(client)
    draft = draft_of(client)
    _wait_at_most_200_milliseconds()
    with number_counter_held(30):
        answer = client.post("/demande/envoi/", {"token": str(draft.submission_token)})
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    page = answer.content.decode()
    assert "Votre brouillon est conservé" in page
    assert "Traceback" not in page
    assert Draft.objects.get(pk=draft.pk).answers == draft.answers
    assert not Demand.objects.filter(account=user).exists()
    answer = client.post("/demande/envoi/", {"token": str(draft.submission_token)})
    number = Demand.objects.get(account=user).number
    assert answer.headers["Location"] == f"/demande/deposee/{number}/"
