"""People who do something at the same moment, each with a connection of their own."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from django.db import connections, transaction
from django.db.models import F

from register.models import (
    Demand,
    DemandAudience,
    DemandFacts,
    Document,
    Event,
    NumberCounter,
    Outbox,
    Person,
    StoredFile,
    User,
)
from register.services.application import DemandApplication
from tests.factories import make_user
from tests.register.demands import complete

_serial = count()


@dataclass(frozen=True)
class Ready:
    """Somebody about to send a complete demand."""

    user: User
    application: DemandApplication
    token: UUID


def somebody(declare: Callable[[User], DemandApplication] = complete) -> Ready:
    """Like nobody else: who resembles somebody is compared with each of them, one by one."""
    user, days = make_user(), timedelta(days=31 * next(_serial))
    whole = declare(user)
    persons = [
        replace(person, birth_name=uuid4().hex, birth_date=person.birth_date - days)
        for person in whole.persons
    ]
    return Ready(user, replace(whole, persons=tuple(persons)), uuid4())


def together(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Release all acts by one barrier; what each returned, or the exception that it raised."""
    barrier = threading.Barrier(len(acts))
    answers: list[Any] = [None] * len(acts)

    def act(place: int) -> None:
        try:
            barrier.wait(30)
            answers[place] = acts[place]()
        except Exception as error:
            answers[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return answers


@contextmanager
def number_counter_held(seconds: float) -> Iterator[threading.Event]:
    """A rogue transaction keeps the counter of numbers, and on SQLite the whole database.

    It ends after `seconds`, or as soon as the event is set.
    """
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                NumberCounter.objects.update(last=F("last"))
                held.set()
                release.wait(seconds)
        finally:
            connections.close_all()

    rogue = threading.Thread(target=hold)
    rogue.start()
    try:
        assert held.wait(10)
        yield release
    finally:
        release.set()
        rogue.join(10)


def rows_of(user: User) -> dict[str, int]:
    """How much the register holds of one person's demands."""
    demands = Demand.objects.filter(account=user)
    counted = {
        table.__name__: table.objects.filter(demand__in=demands).count()
        for table in (Person, Document, Event, Outbox, DemandFacts, DemandAudience)
    }
    return {"Demand": demands.count(), "StoredFile": StoredFile.objects.count(), **counted}
