"""People write while audiences are built: nobody waits for long and nothing is lost.

The two locks of the building are for PostgreSQL; on SQLite, where one writes at a time, the same
crowd must never meet "database is locked".
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.models import F

from register.agreements import agreements_in_force
from register.models import (
    Agreement,
    BuildState,
    BuiltAudience,
    Demand,
    OrganisationKind,
    Role,
    WishedCommune,
)
from register.principals import Principal
from register.services import acts, built_audiences
from register.services.agreements import resume_agreement, suspend_agreement
from register.services.built_audiences import audience_keys, build_waiting, follow
from register.services.facts import refresh_facts
from tests.factories import make_commune, make_demand, make_member, make_organisation, principal_of
from tests.faults.crowd import somebody, together
from tests.faults.test_kill_while_building import _is_whole_and_used, rows
from tests.register.demands import submit

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("register", "forced")]
DIJON, BEAUNE = "242100410", "200006682"
WISHES = (("21231", "21054"), ("58194",), ("21054",), ("21231",))
DEMANDS, ROUNDS = 24, 6
# Seconds: far below the ten of a lock, far above an act on a busy machine.
LONGEST_WAIT, HELD = 3.0, 4.0


@pytest.fixture
def forced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("register.services.built_audiences._wake_up_calls", [])
    monkeypatch.setattr(built_audiences, "_stops_at_cap", lambda _keys: True)
    monkeypatch.setattr(built_audiences, "BATCH", 5)


@pytest.fixture
def member() -> Any:
    """Somebody of a State service under two agreements, each on one EPCI."""
    make_commune("21054", "Beaune", epci=BEAUNE, postal_code="21200")
    body = make_organisation(kind=OrganisationKind.STATE, with_agreement=False)
    for place in range(DEMANDS):
        make_demand(communes=WISHES[place % len(WISHES)])
    for epci in (DIJON, BEAUNE):
        agreement = Agreement.objects.create(
            organisation=body, purpose=epci, starts_on="2020-01-01", status="signed"
        )
        agreement.epcis.set([epci])
    follow(body)
    return make_member(body, Role.AGENT)


def _change_wishes(demand: Demand, communes: tuple[str, ...]) -> None:
    """As the services do: the demand is locked, then its tables, then what is computed."""
    with transaction.atomic():
        Demand.objects.filter(pk=demand.pk).update(version=F("version") + 1)
        current = Demand.objects.get(pk=demand.pk)
        current.wished_communes.all().delete()
        for place, insee in enumerate(communes, start=1):
            WishedCommune.objects.create(demand=current, commune_id=insee, position=place)
        refresh_facts(demand=current)


def _propose(agent: Principal, demand: Demand) -> None:
    acts.propose_candidate(principal=agent, demand=demand, home_type="T3", commune="21231")


def _timed(acts_of_one: list[Callable[[], Any]], waited: list[float]) -> Callable[[], None]:
    def carry_out() -> None:
        for act in acts_of_one:
            started = time.perf_counter()
            act()
            waited.append(time.perf_counter() - started)

    return carry_out


@contextmanager
def _building(faults: list[Exception]) -> Iterator[None]:
    """Workers that build whatever waits, until everybody has finished."""
    over = threading.Event()

    def work() -> None:
        try:
            while not over.is_set():
                build_waiting()
                time.sleep(0.01)
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _worker in range(2)]
    for worker in workers:
        worker.start()
    try:
        yield
    finally:
        over.set()
        for worker in workers:
            worker.join(60)


def test_what_is_built_in_the_middle_of_a_crowd_equals_the_truth(member: Any) -> None:
    manager = principal_of(
        make_member(make_organisation(kind=OrganisationKind.MANAGER), Role.MANAGER)
    )
    agent = principal_of(make_member())
    demands = list(Demand.objects.order_by("pk"))
    first, second = agreements_in_force(Demand.objects.first().received_on).filter(  # type: ignore[union-attr]
        organisation=member.organisation
    )

    def wishes(ours: list[Demand]) -> list[Callable[[], Any]]:
        return [
            lambda demand=demand, communes=communes: _change_wishes(demand, communes)
            for _round in range(ROUNDS)
            for demand, communes in zip(ours, cycle(WISHES), strict=False)
        ]

    def renewals(agreement: Agreement) -> list[Callable[[], Any]]:
        who = {"principal": manager, "agreement": agreement, "reason": "Essai"}
        return [lambda: suspend_agreement(**who), lambda: resume_agreement(**who)] * ROUNDS

    crowd = [somebody() for _person in range(ROUNDS)]
    # What is compiled once for all is not waiting.
    _propose(agent, make_demand())
    submit((first_one := somebody()).user, first_one.application, first_one.token)
    waited: list[float] = []
    people = [
        wishes(demands[::3]),
        wishes(demands[1::3]),
        [lambda demand=demand: _propose(agent, demand) for demand in demands[2::3]],
        [lambda one=one: submit(one.user, one.application, one.token) for one in crowd],
        renewals(first),
        renewals(second),
    ]
    faults: list[Exception] = []
    with _building(faults):
        answers = together([_timed(each, waited) for each in people])
    assert [each for each in (*answers, *faults) if each is not None] == []
    if connection.vendor == "postgresql":
        assert max(waited) < LONGEST_WAIT
    assert BuiltAudience.objects.exclude(state=BuildState.RETIRED).count() == 1
    build_waiting()
    built = BuiltAudience.objects.get(organisation=member.organisation)
    assert built.keys == sorted(audience_keys(member.organisation))
    assert len(built.keys) == 3
    _is_whole_and_used(member)
    assert rows(["agr"]) == []


@contextmanager
def _long(write: Callable[[], Any]) -> Iterator[None]:
    """Somebody writes, and is long in finishing: until the block ends, or too long for anybody."""
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                write()
                held.set()
                release.wait(HELD)
        finally:
            connections.close_all()

    slow = threading.Thread(target=hold)
    slow.start()
    try:
        assert held.wait(10)
        yield
    finally:
        release.set()
        slow.join(30)


@pytest.mark.postgresql
@pytest.mark.parametrize("is_begun", [False, True])
def test_one_long_writing_delays_the_building_and_nobody_else(
    is_begun: bool, member: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(built_audiences, "BATCH", DEMANDS)
    *others, last = Demand.objects.order_by("pk")
    if is_begun:
        # Who writes began after the building: only a batch waits.
        monkeypatch.setattr("register.writers.are_done", lambda: True)
    waited: list[float] = []
    faults: list[Exception] = []
    with _long(lambda: _change_wishes(last, ("21231",))), _building(faults):
        time.sleep(0.2)
        people = [[lambda one=one: _change_wishes(one, ("21054",))] for one in others[:9]]
        answers = together([_timed(each, waited) for each in people])
        assert BuiltAudience.objects.get().state == BuildState.BUILDING
    assert [each for each in (*answers, *faults) if each is not None] == []
    assert max(waited) < HELD / 2
    build_waiting()
    _is_whole_and_used(member)


@pytest.mark.postgresql
def test_a_demand_being_registered_when_the_building_begins_is_in_it(member: Any) -> None:
    faults: list[Exception] = []
    with _long(lambda: make_demand(communes=("21054",))), _building(faults):
        time.sleep(HELD / 4)
    assert faults == []
    build_waiting()
    _is_whole_and_used(member)
