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
    assert max(waited) < LONGEST_WAIT
    assert BuiltAudience.objects.exclude(state=BuildState.RETIRED).count() == 1
    build_waiting()
    built = BuiltAudience.objects.get(organisation=member.organisation)
    assert built.keys == sorted(audience_keys(member.organisation))
    assert len(built.keys) == 3
    _is_whole_and_used(member)
    assert rows(["agr"]) == []


@contextmanager
def _held(demand: Demand, seconds: float) -> Iterator[threading.Event]:
    """Somebody changes this demand and is long in finishing."""
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                Demand.objects.filter(pk=demand.pk).update(version=F("version"))
                held.set()
                release.wait(seconds)
                refresh_facts(demand=Demand.objects.get(pk=demand.pk))
        finally:
            connections.close_all()

    slow = threading.Thread(target=hold)
    slow.start()
    try:
        assert held.wait(10)
        yield release
    finally:
        release.set()
        slow.join(30)


@pytest.mark.parametrize("is_begun", [False, True])
def test_one_long_writing_delays_the_building_and_nobody_else(
    is_begun: bool, member: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("on SQLite one writes at a time")
    monkeypatch.setattr(built_audiences, "BATCH", DEMANDS)
    demands = list(Demand.objects.order_by("pk"))
    if is_begun:
        # Who holds its demand began after the building: only the batch waits.
        monkeypatch.setattr("register.writers.are_done", lambda: True)
    waited: list[float] = []
    faults: list[Exception] = []
    with _held(demands[-1], HELD), _building(faults):
        time.sleep(0.2)
        others = [
            lambda demand=demand: _change_wishes(demand, ("21054",)) for demand in demands[:9]
        ]
        answers = together([_timed([other], waited) for other in others])
        assert BuiltAudience.objects.get().state == BuildState.BUILDING
    assert [each for each in (*answers, *faults) if each is not None] == []
    assert max(waited) < HELD / 2
    build_waiting()
    _is_whole_and_used(member)
