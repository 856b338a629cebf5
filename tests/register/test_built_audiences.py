"""What an agreement opens is counted exactly, by the territories alone or by an audience built."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from register import access
from register.access import Action
from register.models import (
    Agreement,
    BuildState,
    BuiltAudience,
    DemandAudience,
    OrganisationKind,
    Role,
)
from register.principals import Principal, member_principal
from register.selectors import worklist
from register.selectors.worklist import WorklistFilter, read_page
from register.services import built_audiences
from register.services.built_audiences import (
    build_batch,
    build_waiting,
    follow,
    follow_all,
)
from register.services.facts import refresh_facts
from rules import registry
from tests.factories import make_demand, make_member, make_organisation
from tests.register.test_scope_equals_decide import (
    _world,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
DIJON, BEAUNE = "242100410", "200006682"
TERRITORIES: dict[str, dict[str, list[str]]] = {
    "department": {"departments": ["21"]},
    "one EPCI": {"epcis": [DIJON]},
    "one commune": {"communes": ["21231"]},
    "a commune of the EPCI": {"epcis": [DIJON], "communes": ["21231"]},
    "all of them at once": {"departments": ["21"], "epcis": [DIJON], "communes": ["21054"]},
    "two departments": {"departments": ["21", "71"]},
    "two EPCIs that a demand may wish together": {"epcis": [DIJON, BEAUNE]},
    "two communes of one EPCI": {"communes": ["21231", "21166"]},
    "one quarter": {"quarters": ["21231-gresilles"]},
    "two quarters of a commune": {"quarters": ["21231-gresilles", "21231-fontaine-d-ouche"]},
    "a quarter beside an EPCI": {"epcis": [BEAUNE], "quarters": ["21231-gresilles"]},
    "a quarter of the commune": {"communes": ["21231"], "quarters": ["21231-gresilles"]},
}
# Those that the existing audiences count one by one, and so at most to the cap beyond the first.
OVERLAPPING = {
    "one EPCI",  # beside the demands that the body registered itself
    "one commune",
    "a commune of the EPCI",
    "two EPCIs that a demand may wish together",
    "two communes of one EPCI",
    "one quarter",
    "two quarters of a commune",
    "a quarter beside an EPCI",
    "a quarter of the commune",
}


def _stock() -> None:
    _world()
    for communes in (("21231", "21054"), ("21231",), ("21166",), ("21054",), ("21166", "21054")):
        make_demand(communes=communes)
    for quarter in ("21231-gresilles", "21231-fontaine-d-ouche"):
        make_demand(communes=("21231", "21166"), quarters={"21231": quarter})
    make_demand(communes=("71270",), department="71")


def _state(territory: dict[str, list[str]]) -> Any:
    """A member of a State service, whose territory is the agreement's and nothing else."""
    body = make_organisation(kind=OrganisationKind.STATE, with_agreement=False)
    membership = make_member(body, Role.AGENT)
    make_demand(communes=("71270",), department="71", registered_by=body)
    agreement = Agreement.objects.create(
        organisation=body,
        purpose="Fichier partagé",
        starts_on=timezone.localdate(),
        status="signed",
    )
    for name, codes in territory.items():
        getattr(agreement, name).set(codes)
    return membership


def _again(member: Any) -> Principal:
    """The same person at the next request."""
    principal = member_principal(member.user)
    assert principal is not None
    return principal


def _counted(member: Any) -> tuple[int, bool]:
    page = read_page(_again(member), WorklistFilter())
    return page.count, page.count_is_capped


def _exact(member: Any) -> tuple[int, bool]:
    return access.scope(_again(member), Action.LIST).count(), False


@pytest.mark.parametrize("name", TERRITORIES)
def test_the_count_is_exact_at_the_next_request_whatever_the_territory(name: str) -> None:
    _stock()
    member = _state(TERRITORIES[name])
    assert _counted(member) == _exact(member)
    assert _exact(member)[0] > 0


@pytest.mark.parametrize("name", TERRITORIES)
def test_beyond_the_cap_what_overlaps_waits_for_its_audience(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklist, "COUNT_CAP", 0)
    monkeypatch.setattr(built_audiences, "COUNT_CAP", 0)
    _stock()
    member = _state(TERRITORIES[name])
    follow(member.organisation)
    is_built = BuiltAudience.objects.exists()
    assert is_built == (name in OVERLAPPING)
    assert _counted(member)[1] == is_built
    assert _counted(member)[0] <= _exact(member)[0]
    build_waiting()
    assert _counted(member) == _exact(member)


def test_more_territories_than_a_plan_holds_are_counted_by_their_audience(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worklist, "COUNT_CAP", 0)
    monkeypatch.setattr("register.audiences.MOST_KEYS", 1)
    monkeypatch.setattr(built_audiences, "MOST_KEYS", 1)
    _stock()
    member = _state(TERRITORIES["two EPCIs that a demand may wish together"])
    assert access.reach(_again(member), Action.LIST).plan is None
    follow(member.organisation)
    build_waiting()
    assert _counted(member) == _exact(member)


def test_nothing_is_built_where_counting_does_not_stop() -> None:
    _stock()
    member = _state({"epcis": [DIJON, BEAUNE]})
    follow(member.organisation)
    build_waiting()
    built = BuiltAudience.objects.get()
    assert built.state == BuildState.UNNEEDED
    assert not DemandAudience.objects.filter(audience=built.audience).exists()


def _needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every count were too long, and batches short."""
    monkeypatch.setattr(built_audiences, "_stops_at_cap", lambda _keys: True)
    monkeypatch.setattr(built_audiences, "BATCH", 2)


def test_a_killed_batch_leaves_nothing_half_done(monkeypatch: pytest.MonkeyPatch) -> None:
    _needed(monkeypatch)
    _stock()
    member = _state({"epcis": [DIJON, BEAUNE]})
    follow(member.organisation)
    built_audiences._begin(built := BuiltAudience.objects.get())
    assert build_batch(built.pk)
    before = DemandAudience.objects.filter(audience=built.audience).count()

    def killed(*_args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        index = built_audiences._index
        patch.setattr(built_audiences, "_index", lambda *args: (index(*args), killed()))
        with pytest.raises(KeyboardInterrupt):
            build_batch(built.pk)
    built.refresh_from_db()
    assert built.done == 2
    assert DemandAudience.objects.filter(audience=built.audience).count() == before
    build_waiting()
    built.refresh_from_db()
    assert (built.state, built.done, built.percent) == (BuildState.READY, built.total, 100)
    assert _counted(member) == _exact(member)


def test_an_ended_agreement_closes_at_once_and_its_rows_go_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _needed(monkeypatch)
    _stock()
    member = _state({"epcis": [DIJON, BEAUNE]})
    follow(member.organisation)
    build_waiting()
    built = BuiltAudience.objects.get()
    Agreement.objects.update(
        ends_on=timezone.localdate() - timedelta(days=1), starts_on="2020-01-01"
    )
    assert DemandAudience.objects.filter(audience=built.audience).count() > 2
    assert _counted(member) == (0, False)
    follow_all()
    build_waiting()
    assert not BuiltAudience.objects.exists()
    assert not DemandAudience.objects.filter(audience=built.audience).exists()


def test_a_stale_audience_hides_and_never_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    _needed(monkeypatch)
    _stock()
    member = _state({"epcis": [DIJON, BEAUNE]})
    follow(member.organisation)
    build_waiting()
    hidden = make_demand(communes=("71270",), department="71")
    stale = DemandAudience.objects.get(demand=hidden, audience="dep:71")
    stale.audience = BuiltAudience.objects.get().audience
    stale.save(force_insert=True)
    shown = [row.demand.pk for row in read_page(_again(member), WorklistFilter()).rows]
    assert hidden.pk not in shown
    refresh_facts(demand=hidden)
    assert _counted(member) == _exact(member)


def test_a_ready_audience_costs_a_page_no_query(monkeypatch: pytest.MonkeyPatch) -> None:
    _needed(monkeypatch)
    _stock()
    member = _state({"epcis": [DIJON, BEAUNE]})
    costs = []
    with registry.remembered():
        for _turn in range(2):
            _counted(member)
            with CaptureQueriesContext(connection) as queries:
                _counted(member)
            costs.append(len(queries))
            follow(member.organisation)
            build_waiting()
    assert costs[0] == costs[1]
