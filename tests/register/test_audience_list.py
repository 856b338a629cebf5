"""Lists read from the audience index are the lists that the rights define, whatever happened."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from register import access
from register.access import Action, FieldSet
from register.models import (
    Demand,
    DemandAudience,
    DemandFacts,
    DemandState,
    OrganisationKind,
    Role,
    WishedCommune,
    WishedType,
)
from register.principals import Principal
from register.selectors import worklist
from register.selectors.cursor import Cursor
from register.selectors.worklist import Sort, WorklistFilter, read_page
from register.services.facts import refresh_facts
from rules import registry
from rules.kinds.rights import Rights, parse
from tests.factories import (
    make_commune,
    make_demand,
    make_department,
    make_member,
    make_organisation,
    make_user,
    principal_of,
)
from tests.register.test_scope_equals_decide import _demand, _member, _world, demands, people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

GRESILLES = "21231-gresilles"
FILTERS = st.fixed_dictionaries(
    {
        "commune": st.sampled_from(["", "", "21231", "21054", "71270"]),
        "home_type": st.sampled_from(["", "", "T2", "T3"]),
        "state": st.sampled_from(["", "", "active", "struck_off"]),
        "size_min": st.sampled_from([None, None, 2]),
        "is_priority": st.booleans(),
        "missing": st.sampled_from(["", "", "identity", "income", "old_income"]),
        "sort": st.sampled_from(list(Sort)),
    }
)
# Guards that a module may gain: some speak of what the index copies, some do not.
GUARDS = [
    {"fact": "demand.household_size", "op": "at_least", "value": 3},
    {"fact": "demand.state", "op": "is", "value": "under_allocation"},
    {"fact": "demand.annual_income", "op": "at_least", "value": 20000},
    {"fact": "demand.wished_communes", "op": "overlaps", "value": ["21166"]},
    {"fact": "demand.departments", "op": "overlaps", "value": ["71"]},
    {"fact": "demand.wished_quarters", "op": "overlaps", "value": [GRESILLES]},
]
WRITES = st.lists(
    st.tuples(
        st.sampled_from(
            ["state", "seal", "move", "quarter", "types", "age", "children", "check", "body"]
        ),
        st.integers(0, 3),
    ),
    max_size=5,
)


def _with_guards(monkeypatch: Any, guards: list[dict[str, Any]]) -> None:
    """As if another rights module with these guards came into force."""
    title = {"fr": "essai", "en": "test"}
    body = {
        "grants": [],
        "guards": [
            {
                "code": f"guard-{rank}",
                "title": title,
                "legal_basis": "essai",
                "actions": "*",
                "deny_when": guard,
            }
            for rank, guard in enumerate(guards)
        ],
    }
    added = parse({**body, "grants": [_NO_GRANT]}, access.vocabulary())
    shipped = registry.in_force

    def in_force(kind: str, on: Any = None) -> Any:
        found = shipped(kind, on)  # type: ignore[call-overload]
        if kind != "rights" or not found:
            return found
        return (*found, replace(found[0], code="local", body=Rights(added.grants, added.guards)))

    monkeypatch.setattr(registry, "in_force", in_force)


_NO_GRANT = {
    "code": "nobody",
    "title": {"fr": "personne", "en": "nobody"},
    "legal_basis": "essai",
    "principal": {"any": []},
    "actions": ["list"],
    "row": {"any": []},
}


def _write(kind: str, demand: Demand, member: Principal) -> None:
    """One change as services make it: the tables, then `refresh_facts`."""
    Demand.objects.filter(pk=demand.pk).update(version=demand.version + 1)
    demand = Demand.objects.get(pk=demand.pk)
    if kind == "state":
        demand.state = DemandState.UNDER_ALLOCATION
        demand.strike_off_reason, demand.struck_off_on = "", None
    elif kind == "seal":
        demand.is_sealed = not demand.is_sealed
    elif kind == "age":
        demand.received_on -= timedelta(days=400)
    elif kind == "body":
        demand.registered_by = member.organisation
    elif kind == "move" and demand.department_id == "21":
        WishedCommune.objects.filter(demand=demand).delete()
        WishedCommune.objects.create(demand=demand, commune_id="21054", position=1)
    elif kind == "quarter":
        wishes = WishedCommune.objects.filter(demand=demand, commune="21231")
        wishes.update(quarter=None if wishes.filter(quarter=None).count() == 0 else GRESILLES)
    elif kind == "types":
        WishedType.objects.filter(demand=demand).delete()
        WishedType.objects.create(demand=demand, code="T2")
    elif kind == "children":
        demand.unborn_count = 3
    demand.save()
    refresh_facts(demand=demand)


def _truth(principal: Principal, wanted: WorklistFilter) -> list[int]:
    """What the rights open, but where the filter or the order would tell what is masked."""
    by_size = wanted.size_min or wanted.sort in (Sort.LARGEST, Sort.SMALLEST)
    told = [FieldSet.HOUSEHOLD] if by_size else []
    told += [FieldSet.WISHES] if wanted.commune or wanted.home_type else []
    told += [FieldSet.SCORE] if wanted.is_priority else []
    rows = access.scope(principal, Action.LIST).filter(*worklist.conditions(wanted))
    rows = rows.filter(*(access.readable(principal, name) for name in told))
    column, descending = worklist.ORDER[wanted.sort]
    sign = "-" if descending else ""
    keys = list(rows.order_by(f"{sign}{column}", f"{sign}pk").values_list("pk", flat=True))
    if wanted.sort is Sort.SCORE:
        # Points of these worlds are those of seniority. Only the department has a grid.
        scored = rows.filter(access.readable(principal, FieldSet.SCORE), department="21")
        told_of = set(scored.values_list("pk", flat=True))
        keys.sort(key=lambda key: key not in told_of)
    return keys


def _listed(principal: Principal, wanted: WorklistFilter, size: int) -> tuple[list[int], int, bool]:
    """Every page after the other, and the count."""
    cursor, seen = None, []
    for _turn in range(20):
        page = read_page(principal, wanted, cursor, size)
        seen += [row.demand.pk for row in page.rows]
        if page.following is None:
            return seen, page.count, page.count_is_capped
        cursor = Cursor.parse(str(page.following), wanted.sort)
    raise AssertionError("pages never end")


@settings(max_examples=40)
@given(
    person=people,
    drawn=st.lists(demands, min_size=1, max_size=5),
    guards=st.lists(st.sampled_from(GUARDS), max_size=2, unique_by=str),
    writes=WRITES,
    looked_for=st.lists(FILTERS, min_size=2, max_size=4),
    size=st.integers(1, 3),
)
def test_the_index_lists_and_counts_what_the_rights_open(
    person: dict[str, Any],
    drawn: list[dict[str, Any]],
    guards: list[dict[str, Any]],
    writes: list[tuple[str, int]],
    looked_for: list[dict[str, Any]],
    size: int,
) -> None:
    _world()
    member = _member(person)
    world = [_demand(one, member, make_user()) for one in drawn]
    for kind, place in writes:
        _write(kind, world[place % len(world)], member)
    with pytest.MonkeyPatch.context() as patch:
        _with_guards(patch, guards)
        principal = principal_of(member.membership)
        for values in looked_for:
            wanted = WorklistFilter(**values)
            expected = _truth(principal, wanted)
            listed, count, capped = _listed(principal, wanted, size)
            assert listed == expected, (values, access.reach(principal, Action.LIST).plan)
            assert (count, capped) == (len(expected), False), values
        allowed = set(access.scope(principal, Action.LIST).values_list("pk", flat=True))
        for demand in Demand.objects.filter(pk__in=[each.pk for each in world]):
            decided = access.decide(principal, Action.LIST, demand)
            thorough = access.decide(principal, Action.LIST, demand, thorough=True)
            assert decided.allowed == thorough.allowed == (demand.pk in allowed)
            assert decided.rule_versions == thorough.rule_versions


@pytest.mark.parametrize("kind", ["landlord", "state", "commune", "epci", "manager"])
def test_the_shipped_rights_are_read_from_the_index(kind: str) -> None:
    _world()
    make_commune("21231", "Dijon")
    dijon = WishedCommune._meta.get_field("commune").related_model.objects.get(pk="21231")
    organisation = make_organisation(
        kind=OrganisationKind(kind),
        commune=dijon if kind == "commune" else None,
        epci=dijon.epci if kind == "epci" else None,
    )
    roles = {"manager": [Role.MANAGER]}.get(kind, [Role.READER, Role.AGENT, Role.LEAD])
    for role in roles:
        principal = principal_of(make_member(organisation, role))
        assert access.reach(principal, Action.LIST).plan is not None, role


def _landlord() -> Principal:
    return principal_of(make_member(make_organisation(), Role.AGENT))


def test_an_index_row_that_should_be_gone_shows_nothing_forbidden() -> None:
    landlord, hidden = _landlord(), make_demand(department="58", communes=("58194",))
    sealed = make_demand(is_sealed=True)
    make_department("58", "Nièvre")
    shown = make_demand()
    DemandAudience.objects.filter(demand=hidden, audience="dep:58").update(
        audience="dep:21", department="21"
    )
    DemandAudience.objects.filter(demand=sealed).update(is_sealed=False)
    page = read_page(landlord, WorklistFilter())
    assert [row.demand.pk for row in page.rows] == [shown.pk]
    refresh_facts(demand=hidden)
    refresh_facts(demand=sealed)
    assert read_page(landlord, WorklistFilter()).count == 1


def test_a_missing_index_row_only_hides() -> None:
    landlord, demand = _landlord(), make_demand()
    DemandAudience.objects.filter(demand=demand).delete()
    assert read_page(landlord, WorklistFilter()).rows == []
    assert access.decide(landlord, Action.VIEW, demand).allowed
    refresh_facts(demand=demand)
    assert read_page(landlord, WorklistFilter()).count == 1


def test_an_agreement_that_ends_empties_the_list_at_the_next_request() -> None:
    membership = make_member(make_organisation(), Role.AGENT)
    make_demand()
    assert read_page(principal_of(membership), WorklistFilter()).count == 1
    membership.organisation.agreements.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert read_page(principal_of(membership), WorklistFilter()).count == 0


def test_a_page_costs_as_many_queries_however_many_audiences_it_reads() -> None:
    landlord = _landlord()
    for _each in range(3):
        make_demand(registered_by=landlord.organisation, communes=("21231", "21166"))
    with registry.remembered():
        read_page(landlord, WorklistFilter())
        with CaptureQueriesContext(connection) as queries:
            read_page(landlord, WorklistFilter(home_type="T3"))
    # Keys, count, lines.
    assert len(queries) == 3


def test_a_decision_asks_at_most_two_queries_of_the_row() -> None:
    _world()
    dijon = make_commune("21231", "Dijon")
    counter = make_organisation(kind=OrganisationKind.COMMUNE, commune=dijon)
    demand = make_demand(communes=("71270",), department="71")
    for member in (make_member(make_organisation()), make_member(counter)):
        principal, stored = principal_of(member), Demand.objects.get(pk=demand.pk)
        with registry.remembered():
            access.decide(principal, Action.VIEW, stored)
            with CaptureQueriesContext(connection) as queries:
                access.decide(principal, Action.VIEW, stored)
        assert len(queries) <= 1, [query["sql"] for query in queries]


def test_only_the_audience_rows_that_changed_are_written() -> None:
    demand = make_demand(communes=("21231", "21166"))
    with CaptureQueriesContext(connection) as queries:
        refresh_facts(demand=demand)
    assert not [q for q in queries if "demandaudience" in q["sql"] and "INSERT" in q["sql"]]
    assert DemandFacts.objects.filter(pk=demand.pk).exists()
