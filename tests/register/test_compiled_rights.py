"""Rights are compiled once, and nothing compiled outlives what it was compiled from."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from register import access
from register.access import Action, FieldSet
from register.models import Agreement, AgreementStatus, Demand, Mandate, Membership, Role
from register.principals import Principal, applicant_principal, memberships_in_force
from register.selectors.cursor import BadCursor, Cursor
from register.selectors.worklist import Sort, WorklistFilter, read_page
from rules import registry
from rules.disk import MODULES
from tests.factories import make_demand, make_member, make_organisation, make_user, principal_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

TITLE = {"fr": "essai", "en": "test"}


def again(principal: Principal) -> Principal:
    """The same person at another request."""
    held = memberships_in_force(principal.user) if principal.user else []
    return replace(principal, membership=held[0]) if held else principal


def answers(principal: Principal, demand: Demand) -> set[bool]:
    """What every reading says of one demand, at one request."""
    page = read_page(principal, WorklistFilter())
    return {
        access.scope(principal, Action.LIST).filter(pk=demand.pk).exists(),
        access.decide(principal, Action.LIST, Demand.objects.get(pk=demand.pk)).allowed,
        page.count == 1,
        len(page.rows) == 1,
    }


def end_the_agreement(_folder: Path) -> None:
    Agreement.objects.update(ends_on=timezone.localdate() - timedelta(days=1))


def suspend_the_agreement(_folder: Path) -> None:
    Agreement.objects.update(status=AgreementStatus.SUSPENDED)


def sell_the_homes(_folder: Path) -> None:
    for agreement in Agreement.objects.all():
        agreement.departments.clear()


def change_the_role(_folder: Path) -> None:
    Membership.objects.update(role=Role.STATISTICS)


def guard_the_lists(folder: Path) -> None:
    """Another version of the rights: nobody lists anything."""
    path = shutil.copytree(MODULES / "rights-r441-2-6", folder / "rights-r441-2-6")
    body = json.loads((path / "body.json").read_text())
    body["guards"].append(
        {
            "code": "closed",
            "title": TITLE,
            "legal_basis": "essai",
            "actions": ["list"],
            "deny_when": {"all": []},
        }
    )
    (path / "body.json").write_text(json.dumps(body))
    (path / "tests.json").write_text("[]")
    manifest = json.loads((path / "manifest.json").read_text())
    manifest["version"] += 1
    (path / "manifest.json").write_text(json.dumps(manifest))
    call_command("rules", "install", "--modules", str(folder), verbosity=0)


@pytest.mark.parametrize(
    "close",
    [
        end_the_agreement,
        suspend_the_agreement,
        sell_the_homes,
        change_the_role,
        guard_the_lists,
    ],
)
def test_what_closes_a_right_closes_it_at_the_next_request(
    close: Callable[[Path], None], tmp_path: Path
) -> None:
    agent = principal_of(make_member(make_organisation(), Role.AGENT))
    demand = make_demand()
    assert answers(again(agent), demand) == {True}
    close(tmp_path)
    assert answers(again(agent), demand) == {False}


def test_a_right_ends_at_midnight() -> None:
    today = date(2026, 3, 18)
    with time_machine.travel(f"{today} 23:59:50+01:00", tick=False) as clock:
        agent = principal_of(make_member(make_organisation(), Role.AGENT))
        Agreement.objects.update(ends_on=today)
        demand = make_demand()
        assert answers(again(agent), demand) == {True}
        clock.move_to(f"{today + timedelta(days=1)} 00:00:10+01:00")
        assert answers(again(agent), demand) == {False}


def test_a_mandate_ends_at_midnight_although_the_helper_is_the_same() -> None:
    """Her facts do not change with her mandates: the day alone tells the two rights apart."""
    today = date(2026, 3, 18)
    with time_machine.travel(f"{today} 12:00:00+01:00", tick=False) as clock:
        demand, helper = make_demand(), make_user()
        Mandate.objects.create(demand=demand, helper=helper, starts_on=today, ends_on=today)
        assert list(access.scope(applicant_principal(helper), Action.VIEW)) == [demand]
        clock.move_to(f"{today + timedelta(days=1)} 12:00:00+01:00")
        assert list(access.scope(applicant_principal(helper), Action.VIEW)) == []


def test_the_same_right_is_compiled_once_and_never_shared() -> None:
    house = make_organisation()
    agent, reader = (principal_of(make_member(house, role)) for role in (Role.AGENT, Role.READER))
    assert access.reach(agent, Action.LIST) is access.reach(again(agent), Action.LIST)
    others = [
        access.reach(agent, Action.EXPORT),
        access.reach(reader, Action.LIST),
        access.reach(replace(agent, observer=reader), Action.LIST),
    ]
    assert len({id(right) for right in (access.reach(agent, Action.LIST), *others)}) == 4


def test_who_acts_and_the_rules_in_force_are_read_together(
    django_assert_num_queries: Any,
) -> None:
    agent, demand = principal_of(make_member(make_organisation(), Role.AGENT)), make_demand()
    for _first_then_again in range(2):
        with registry.remembered():
            access.decide(again(agent), Action.VIEW, demand)
    anew = again(agent)
    with registry.remembered(), django_assert_num_queries(1):
        assert access.decide(anew, Action.VIEW, demand).allowed


def test_the_demands_of_a_right_are_read_each_time() -> None:
    agent = principal_of(make_member(make_organisation(), Role.AGENT))
    assert list(access.scope(agent, Action.LIST)) == []
    demand = make_demand()
    assert list(access.scope(agent, Action.LIST)) == [demand]


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("number", [10**19, 10**40])
def test_a_cursor_that_no_engine_could_compare_is_refused(sort: Sort, number: int) -> None:
    value = "2025-01-01" if sort in (Sort.OLDEST, Sort.NEWEST) else "3"
    with pytest.raises(BadCursor):
        Cursor.parse(f"after.{value}.{number}", sort)
    if value == "3":
        with pytest.raises(BadCursor):
            Cursor.parse(f"after.{number}.1", sort)


def test_a_page_written_once_begins_where_it_is_asked_to_begin() -> None:
    """The same statement serves every page: what tells them apart is given when it runs."""
    agent = principal_of(make_member(make_organisation(), Role.AGENT))
    made = [make_demand().pk for _each in range(5)]
    for _turn in range(2):
        seen, cursor = [], None
        for _page in range(3):
            page = read_page(again(agent), WorklistFilter(), cursor, 2)
            seen += [row.demand.pk for row in page.rows]
            assert all(row.home_types and row.communes for row in page.rows)
            cursor = page.following
        assert sorted(seen) == made
    assert cursor is None


def test_whoever_reads_the_same_of_every_demand_is_asked_it_of_none() -> None:
    """Lists stay on the index: what a filter tells need not be asked of each row."""
    landlord = make_organisation()
    agent = principal_of(make_member(landlord, Role.AGENT))
    told = (FieldSet.IDENTITY, FieldSet.HOUSEHOLD, FieldSet.WISHES, FieldSet.SCORE)
    assert all(access.reads_all(agent, Action.LIST, name) for name in told)
    assert not access.reads_all(agent, Action.LIST, FieldSet.HEALTH)
    landlord.agreements.update(data_classes=["identity"])
    narrow = again(agent)
    assert [n for n in told if access.reads_all(narrow, Action.LIST, n)] == [FieldSet.IDENTITY]
