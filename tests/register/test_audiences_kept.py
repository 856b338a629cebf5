"""An audience built for a body follows what is written, loaded and put in force."""

from dataclasses import replace
from typing import Any

import pytest

from register import access, rights
from register.access import Action
from register.models import (
    BuildState,
    BuiltAudience,
    Demand,
    DemandAudience,
    OrganisationKind,
    Role,
)
from register.selectors import audience_list, worklist
from register.selectors.worklist import WorklistFilter, read_page
from register.services import built_audiences, charter
from register.services.built_audiences import (
    build_batch,
    build_waiting,
    follow,
    mend_all,
)
from register.services.facts import refresh_facts
from rules import drafts, registry, signatures
from rules.life import Actor
from tests.factories import make_demand, make_member, make_organisation
from tests.register.test_built_audiences import (
    BEAUNE,
    DIJON,
    TERRITORIES,
    _again,
    _counted,
    _exact,
    _needed,
    _state,
    _stock,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


def _rows_are_right(member: Any) -> None:
    built = BuiltAudience.objects.get(organisation=member.organisation)
    rows = DemandAudience.objects.filter(audience=built.audience).values_list("demand")
    held = DemandAudience.objects.filter(audience__in=built.keys).values_list("demand")
    assert set(rows) == set(held)
    assert built.state == BuildState.READY
    assert access.reach(_again(member), Action.LIST).built
    assert _counted(member) == _exact(member)


@pytest.mark.parametrize("batches", [0, 1, 2, 20])
def test_demands_written_while_and_after_it_is_built_are_in_it(
    batches: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _needed(monkeypatch)
    _stock()
    member = _state({"epcis": [DIJON, BEAUNE]})
    follow(member.organisation)
    built_audiences._begin(built := BuiltAudience.objects.get())
    for _batch in range(batches):
        build_batch(built.pk)
    entering = [make_demand(communes=("21231",)), make_demand(communes=("21054", "21231"))]
    leaving = Demand.objects.filter(wished_communes__commune="21166").order_by("pk")
    for demand in leaving:
        demand.wished_communes.all().delete()
        refresh_facts(demand=demand)
    for demand in entering:
        refresh_facts(demand=demand)
    build_waiting()
    _rows_are_right(member)
    later = make_demand(communes=("21054",))
    refresh_facts(demand=later)
    _rows_are_right(member)


def test_what_was_loaded_without_services_is_found_the_next_night(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _needed(monkeypatch)
    _stock()
    member = _state({"epcis": [DIJON, BEAUNE]})
    follow(member.organisation)
    build_waiting()
    lost = DemandAudience.objects.filter(audience=BuiltAudience.objects.get().audience)[0]
    lost.delete()
    mend_all()
    assert not access.reach(_again(member), Action.LIST).built
    build_waiting()
    _rows_are_right(member)


@pytest.mark.parametrize("batches", [0, 1, 20])
def test_rules_that_close_its_demands_retire_it_when_they_come_into_force(
    batches: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _needed(monkeypatch)
    _stock()
    member = _state({"epcis": [DIJON, BEAUNE]})
    manager = make_member(make_organisation(kind=OrganisationKind.MANAGER), Role.MANAGER)
    follow(member.organisation)
    built_audiences._begin(former := BuiltAudience.objects.get(organisation=member.organisation))
    for _batch in range(batches):
        build_batch(former.pk)
    author = Actor("Editor")
    draft = drafts.open_draft("rights-r441-2-6", author)
    kept = [one for one in draft.body["grants"] if not one["code"].startswith("state-")]
    written = drafts.save_draft(draft, body={**draft.body, "grants": kept}, tests=[], author=author)
    version = drafts.submit_for_review(written, author)
    for party in signatures.required(version):
        drafts.sign(version, Actor(party, organisation=party, party=party))
    charter.publish(principal=_again(manager), version=version, fingerprint=version.content_hash)
    # Whoever was in the middle of a batch goes no further.
    assert not build_batch(former.pk)
    former.refresh_from_db()
    assert former.state == BuildState.RETIRED
    assert access.reach(_again(member), Action.LIST).built == ()
    assert _counted(member) == _exact(member)
    build_waiting()
    assert not DemandAudience.objects.filter(audience=former.audience).exists()


def test_an_audience_that_former_rules_asked_for_is_never_read_before_it_is_retired(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _needed(monkeypatch)
    _stock()
    member = _state({"epcis": [DIJON, BEAUNE]})
    follow(member.organisation)
    build_waiting()
    before, _ = _counted(member)
    shipped = registry.in_force

    def closed(kind: str, on: Any = None) -> Any:
        found = shipped(kind, on)  # type: ignore[call-overload]
        if kind != "rights":
            return found
        return tuple(replace(each, body=_without_state_grants(each.body)) for each in found)

    monkeypatch.setattr(registry, "in_force", closed)
    right = access.reach(_again(member), Action.LIST)
    assert right.built
    assert right.quickest is not None
    assert not any(piece.prefix == "agr" for piece in right.quickest.pieces)
    assert _counted(member) == _exact(member)
    assert _counted(member)[0] < before


def _without_state_grants(body: Any) -> Any:
    kept = tuple(grant for grant in body.grants if not grant.code.startswith("state-"))
    return replace(body, grants=kept)


@pytest.mark.parametrize("name", TERRITORIES)
def test_territories_too_many_to_be_set_apart_are_counted_together(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rights._right.cache_clear()
    monkeypatch.setattr(audience_list, "MOST_APART", 0)
    _stock()
    member = _state(TERRITORIES[name])
    assert _counted(member) == _exact(member)
    monkeypatch.setattr(worklist, "COUNT_CAP", 0)
    counted, is_capped = _counted(member)
    # Departments never overlap: however many, they are still counted exactly.
    assert is_capped == (not access.reach(_again(member), Action.LIST).plan.is_quick)  # type: ignore[union-attr]
    assert 0 < counted <= _exact(member)[0]
    rights._right.cache_clear()


def test_within_a_commune_demands_are_looked_up_once_or_not_at_all() -> None:
    _stock()
    member = _state({"epcis": [DIJON, BEAUNE]})
    plan = access.reach(_again(member), Action.LIST).plan
    assert plan is not None
    # A commune of the territory is open as a whole.
    assert plan.within("commune:21231").is_quick
    _led, *looked_up = plan.within("commune:71270").pieces
    assert [piece.also for piece in looked_up] == [{f"epci:{DIJON}", f"epci:{BEAUNE}"}]
    for commune in ("21231", "71270"):
        principal, wanted = _again(member), WorklistFilter(commune=commune)
        page = read_page(principal, wanted)
        allowed = access.scope(principal, Action.LIST).filter(wished_communes__commune=commune)
        assert (page.count, page.count_is_capped) == (allowed.distinct().count(), False)
        assert page.count > 0
