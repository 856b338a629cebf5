"""kill -9 while an audience is built: nothing half done is read, and the next worker goes on."""

import os
import signal
from typing import Any

import pytest

from exchange.tasks import follow_the_calendar, sweep_audiences
from register import access
from register.access import Action
from register.models import (
    Agreement,
    BuildState,
    BuiltAudience,
    Demand,
    DemandAudience,
    OrganisationKind,
    Role,
)
from register.selectors.worklist import matching_keys, read_page
from register.selectors.worklist_filter import WorklistFilter
from register.services import built_audiences
from register.services.audiences import COPIED
from register.services.facts import refresh_facts
from tests.factories import make_commune, make_demand, make_member, make_organisation, principal_of
from tests.faults import builder
from tests.faults.killed import begun, was_killed

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("register")]
DIJON, BEAUNE = "242100410", "200006682"
EVERY = WorklistFilter()


@pytest.fixture(autouse=True)
def forced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("register.services.built_audiences._wake_up_calls", [])
    monkeypatch.setattr(built_audiences, "_stops_at_cap", lambda _keys: True)
    monkeypatch.setattr(built_audiences, "BATCH", builder.BATCH)


@pytest.fixture
def member() -> Any:
    """Somebody of a State service, under an agreement on two EPCIs that a demand may wish both."""
    body = make_organisation(kind=OrganisationKind.STATE, with_agreement=False)
    make_commune("21054", "Beaune", epci=BEAUNE, postal_code="21200")
    for communes in [("21231", "21054"), ("21231",), ("58194",), ("21054",)] * 3:
        make_demand(communes=communes)
    make_demand(communes=("21231",), is_sealed=True)
    agreement = Agreement.objects.create(
        organisation=body, purpose="Fichier partagé", starts_on="2020-01-01", status="signed"
    )
    agreement.epcis.set([DIJON, BEAUNE])
    built_audiences.follow(body)
    return make_member(body, Role.AGENT)


def _build_until_killed(moment: str, times: int) -> bool:
    """False when the worker had finished before it came to that moment."""
    worker, said = begun(lambda say: builder.build(moment, times, say))
    with said:
        told = said.readline()
        if came := told == "here\n":
            os.kill(worker, signal.SIGKILL)
        assert was_killed(worker) == came
    assert came or not told, told
    return came


def rows(audience: Any, upto: int | None = None) -> list[dict[str, Any]]:
    """The index under these keys, each demand once, with all that it copies."""
    found = DemandAudience.objects.filter(audience__in=audience)
    if upto is not None:
        found = found.filter(demand__lte=upto)
    return list(found.order_by("demand").values("demand", *COPIED).distinct())


def _list_is_right(member: Any) -> None:
    principal = principal_of(member)
    allowed = access.scope(principal, Action.LIST)
    page = read_page(principal, EVERY, size=100)
    assert (page.count, page.count_is_capped) == (allowed.count(), False)
    assert {row.demand.pk for row in page.rows} == set(allowed.values_list("pk", flat=True))
    assert set(matching_keys(principal, EVERY, Action.EXPORT, 100)) == set(
        access.scope(principal, Action.EXPORT).values_list("pk", flat=True)
    )


def _is_half_done_and_unused(member: Any) -> BuiltAudience:
    """What was written is whole batches, said exactly; nothing is read from it."""
    built = BuiltAudience.objects.get(organisation=member.organisation)
    assert access.reach(principal_of(member), Action.LIST).built == ()
    assert built.done == Demand.objects.filter(pk__lte=built.position).count()
    assert built.done % builder.BATCH == 0 or built.done == built.total
    assert built.percent == 100 * built.done // max(built.total, 1)
    assert rows([built.audience]) == rows(built.keys, upto=built.position)
    return built


def _is_whole_and_used(member: Any) -> None:
    built = BuiltAudience.objects.get(organisation=member.organisation)
    assert (built.state, built.percent) == (BuildState.READY, 100)
    assert rows([built.audience]) == rows(built.keys)
    assert access.reach(principal_of(member), Action.LIST).built
    _list_is_right(member)


@pytest.mark.parametrize(
    "moment",
    ["begun", "before a batch", "demands held", "rows written", "after a batch", "between turns"],
)
def test_a_worker_killed_anywhere_leaves_whole_batches_and_the_next_one_goes_on(
    moment: str, member: Any
) -> None:
    reached = [0]
    for time in (1, 2):
        if moment == "begun" and len(reached) > 1:
            break
        assert _build_until_killed(moment, time)
        built = _is_half_done_and_unused(member)
        assert built.done >= reached[-1]
        reached.append(built.done)
        _list_is_right(member)
    assert built.state == BuildState.BUILDING
    sweep_audiences.call_local()
    _is_whole_and_used(member)
    if moment == "after a batch":
        assert reached == [0, 3, 9]


def test_what_is_written_between_two_workers_is_in_it(member: Any) -> None:
    assert _build_until_killed("rows written", 2)
    passed, ahead = (Demand.objects.order_by(order).first() for order in ("pk", "-pk"))
    for demand in (passed, ahead):
        assert demand is not None
        demand.wished_communes.all().delete()
        refresh_facts(demand=demand)
    make_demand(communes=("21054", "21231"))
    make_demand(communes=("21231",), is_sealed=True)
    _list_is_right(member)
    assert _build_until_killed("demands held", 1)
    _list_is_right(member)
    sweep_audiences.call_local()
    built = BuiltAudience.objects.get()
    assert (built.state, built.percent) == (BuildState.READY, 100)
    assert rows([built.audience]) == rows(built.keys)
    _list_is_right(member)


def test_the_night_takes_up_what_a_dead_worker_left_and_what_was_lost(member: Any) -> None:
    sweep_audiences.call_local()
    built = BuiltAudience.objects.get()
    DemandAudience.objects.filter(audience=built.audience).order_by("demand")[0].delete()
    follow_the_calendar.call_local()
    _is_built_again = BuiltAudience.objects.get()
    assert (_is_built_again.state, _is_built_again.done) == (BuildState.BUILDING, 0)
    _list_is_right(member)
    assert _build_until_killed("rows written", 3)
    assert access.reach(principal_of(member), Action.LIST).built == ()
    _list_is_right(member)
    follow_the_calendar.call_local()
    sweep_audiences.call_local()
    _is_whole_and_used(member)


@pytest.mark.parametrize("moment", ["before removing", "rows removed"])
def test_a_worker_killed_while_it_removes_a_retired_audience_leaves_nothing_readable(
    moment: str, member: Any
) -> None:
    sweep_audiences.call_local()
    old = BuiltAudience.objects.get()
    Agreement.objects.get(organisation=member.organisation).epcis.set([DIJON])
    built_audiences.follow(member.organisation)
    _list_is_right(member)
    assert _build_until_killed(moment, 1)
    _list_is_right(member)
    sweep_audiences.call_local()
    assert not BuiltAudience.objects.filter(pk=old.pk).exists()
    assert not DemandAudience.objects.filter(audience=old.audience).exists()
    _is_whole_and_used(member)
