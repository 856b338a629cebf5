"""The list by points is in the order of the scores that files show, and tells no other."""

import json
from decimal import Decimal
from typing import Any

import pytest

from register import access, clock, deadlines
from register.access import Action
from register.models import Demand, DemandFacts, StockHolding
from register.parameters import parameter_bindings
from register.scoring import grid_of
from register.selectors import worklist
from register.selectors.cursor import BadCursor, Cursor
from register.selectors.scores import score_of, weigh
from register.selectors.worklist import (
    Sort,
    WorklistFilter,
    WorklistPage,
    WorklistRow,
    matching_keys,
    read_page,
    read_rows,
    within_reach,
)
from rules import registry
from rules.disk import MODULES
from rules.models import RuleModuleVersion
from rules.scoring import tie_key
from tests.factories import (
    make_agreement,
    make_commune,
    make_demand,
    make_department,
    make_member,
    make_organisation,
    principal_of,
)
from tests.register.question_modules import install_module

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "rules")]

MOST_QUERIES = 9
BY_SCORE = WorklistFilter(sort=Sort.SCORE)


def shipped(code: str) -> tuple[dict[str, Any], dict[str, Any]]:
    card, body = (
        json.loads((MODULES / code / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("manifest", "body")
    )
    return card, body


def agent_of(*departments: str) -> Any:
    house = make_organisation()
    for code in departments:
        there = make_department(code)
        make_agreement(house, there)
        StockHolding.objects.create(organisation=house, department=there, homes=10)
    return principal_of(make_member(house))


def walk(principal: Any, size: int, *, backwards: bool = False) -> list[WorklistRow]:
    """Every line, page after page; backwards from the last one."""
    pages: list[WorklistPage] = [read_page(principal, BY_SCORE, size=size)]
    while following := pages[-1].following:
        pages.append(read_page(principal, BY_SCORE, Cursor.parse(str(following), Sort.SCORE), size))
    if backwards:
        pages = pages[-1:]
        while preceding := pages[0].preceding:
            again = Cursor.parse(str(preceding), Sort.SCORE)
            pages.insert(0, read_page(principal, BY_SCORE, again, size))
    return [row for page in pages for row in page.rows]


def keys(rows: list[WorklistRow]) -> list[int]:
    return [row.demand.pk for row in rows]


@pytest.fixture
def drawn() -> None:
    from register.demo.seed import seed

    seed(demands=150, seed_number=7, now=clock.now(), report=lambda *_: None, in_bulk=True)


def test_lines_are_in_the_order_of_the_scores_that_files_show(drawn: None) -> None:
    principal, today = agent_of(), clock.today()
    rows = walk(principal, 25)
    scored = [row for row in rows if row.weighed and row.weighed.points is not None]
    assert len({row.weighed.points for row in scored if row.weighed}) > 5
    for row in rows:
        demand = Demand.objects.get(pk=row.demand.pk)
        shown = score_of(demand, access.fields(principal, demand))
        assert shown
        assert row.weighed
        assert row.weighed.points == (shown.points if shown.applies else None)
        assert row.weighed.text == (shown.total if shown.applies else row.weighed.text)
    grid, figures = grid_of("21"), parameter_bindings("21", today)
    assert grid

    def place(row: WorklistRow) -> Any:
        demand = Demand.objects.get(pk=row.demand.pk)
        assert row.weighed
        assert row.weighed.points is not None
        ties = tie_key(grid.body, access.vocabulary(), figures, demand, today)
        return -row.weighed.points, ties

    assert keys(scored) == keys(sorted(scored, key=place))
    live = access.scope(principal, Action.LIST).filter(state__in=worklist.states(BY_SCORE))
    assert sorted(keys(rows)) == sorted(live.values_list("pk", flat=True))


def facts(number: int) -> list[dict[str, Any]]:
    """Few different rows, so that many have as many points."""
    return [
        {"household_size": 1 + each % 3, "refusals": each % 2, "is_priority": each % 4 == 0}
        for each in range(number)
    ]


def make_several(number: int) -> list[Demand]:
    """Half of them have waited for years, half have not."""
    made = []
    for place, row in enumerate(facts(number)):
        waited = deadlines.add_months(clock.today(), -12 * (place % 2))
        demand = make_demand(received_on=waited)
        DemandFacts.objects.filter(pk=demand.pk).update(**row)
        made.append(demand)
    return made


def only_where(
    condition: dict[str, Any] | None, group: str = "score", number: int = 50, *, keep: bool = False
) -> None:
    """From now on landlords read a group of data only where this is true; None: nowhere.

    What was said of other groups is forgotten, unless it is kept.
    """
    card, body = shipped("fields-21")
    rule = {**body["rules"][0], "levels": {"identity": "read"}}
    rules = [rule]
    if keep:
        kept = RuleModuleVersion.objects.filter(module__code="fields-21").latest("number")
        rules = kept.body["rules"]
    if condition:
        where = {"all": [rule["row"], condition]}
        rules.append({**rule, "code": f"tells-{group}", "row": where, "levels": {group: "read"}})
    install_module({**card, "version": number, "depends": []}, {**body, "rules": rules})


SMALL = {"fact": "demand.household_size", "op": "at_most", "value": 2}


@pytest.mark.parametrize("size", [1, 2, 5, 12])
@pytest.mark.parametrize("number", [0, 1, 12])
def test_pages_either_way_make_the_whole_list_ties_included(size: int, number: int) -> None:
    principal = agent_of()
    made = make_several(number)
    rows = walk(principal, size)
    assert sorted(keys(rows)) == sorted(demand.pk for demand in made)
    assert keys(walk(principal, size, backwards=True)) == keys(rows)
    assert read_page(principal, BY_SCORE).count == number
    assert keys(rows) == matching_keys(principal, BY_SCORE, Action.LIST, 100)


def test_a_masked_score_tells_nothing_by_its_place() -> None:
    only_where(SMALL)
    principal = agent_of()
    make_several(12)
    large = DemandFacts.objects.filter(household_size__gt=2)
    masked = set(large.values_list("demand_id", flat=True))
    hidden = [pk for pk in keys(walk(principal, 5)) if pk in masked]
    before = keys(walk(principal, 5))
    rows = {row.demand.pk: row for row in walk(principal, 5)}
    assert masked
    assert hidden == before[-len(masked) :]
    for pk in masked:
        weighed = rows[pk].weighed
        assert weighed
        assert weighed.is_masked
        assert weighed.points is None
    oldest = Demand.objects.filter(pk__in=masked).order_by("received_on", "pk")
    assert hidden == list(oldest.values_list("pk", flat=True))
    DemandFacts.objects.filter(pk=hidden[-1]).update(reasons=2**6 - 1)
    changed, grid = Demand.objects.get(pk=hidden[-1]), grid_of("21")
    assert grid
    assert weigh(changed, grid, clock.today()).total > 0
    assert keys(walk(principal, 5)) == before


def test_whoever_reads_no_score_gets_the_order_of_seniority() -> None:
    only_where({"all": [SMALL, {"not": SMALL}]})
    principal = agent_of()
    make_several(6)
    rows = walk(principal, 4)
    oldest = [row.demand.pk for row in read_page(principal, WorklistFilter()).rows]
    assert keys(rows) == oldest
    assert all(row.weighed and row.weighed.is_masked for row in rows)


def test_each_department_is_weighed_by_its_own_grid() -> None:
    card, body = shipped("scoring-demo-21")
    for section in body["sections"]:
        for line in section["criteria"]:
            points = line["points"]
            written = {"constant": str(points)} if isinstance(points, int) else points
            line["points"] = {"product": [written, {"constant": "2.5"}]}
    install_module({**card, "code": "scoring-58", "territory": "58", "version": 1}, body)
    make_commune("58194", "Nevers", department="58", epci=None)
    principal = agent_of("58")
    waited = deadlines.add_months(clock.today(), -18)
    made = [
        make_demand(received_on=waited),
        make_demand(department="58", communes=("58194",), received_on=waited),
        make_demand(received_on=waited),
    ]
    rows = walk(principal, 1)
    points = [row.weighed.points for row in rows if row.weighed]
    assert keys(rows) == [made[1].pk, made[0].pk, made[2].pk]
    assert points[0] == points[1] * Decimal("2.5") > 0


def test_a_list_too_long_to_be_weighed_is_by_seniority_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    principal = agent_of()
    make_several(6)
    whole = read_page(principal, BY_SCORE, size=2)
    assert whole.is_scored
    assert within_reach(principal, BY_SCORE, Action.EXPORT) == BY_SCORE
    monkeypatch.setattr(worklist, "MOST_SCORED", 5)
    page = read_page(principal, BY_SCORE, size=2)
    oldest = read_page(principal, WorklistFilter(), size=2)
    assert not page.is_scored
    assert keys(page.rows) == keys(oldest.rows)
    assert keys(read_page(principal, BY_SCORE, whole.following, 2).rows) == keys(page.rows)
    assert within_reach(principal, BY_SCORE, Action.EXPORT) == WorklistFilter()


@pytest.mark.parametrize("leave", ["leaves", "changes"])
def test_none_is_missed_when_the_last_one_shown_leaves_or_changes(leave: str) -> None:
    principal = agent_of()
    make_several(9)
    before = walk(principal, 9)
    first = read_page(principal, BY_SCORE, size=4)
    last = first.rows[-1].demand
    if leave == "leaves":
        for table in (Demand, DemandFacts):
            table.objects.filter(pk=last.pk).update(is_sealed=True)
    else:
        long_ago = deadlines.add_months(clock.today(), -120)
        DemandFacts.objects.filter(pk=last.pk).update(received_on=long_ago)
    rest: list[int] = []
    cursor = first.following
    while cursor:
        page = read_page(principal, BY_SCORE, cursor, 4)
        rest += keys(page.rows)
        cursor = page.following
    assert set(keys(before)[4:]) <= set(rest)


def test_an_export_part_by_part_keeps_the_order() -> None:
    principal = agent_of()
    make_several(7)
    whole = keys(walk(principal, 9))
    parts = [whole[:3], whole[3:6], whole[6:]]
    found = [
        row.demand.pk
        for part in parts
        for row in read_rows(principal, BY_SCORE, Action.LIST, 3, among=part)
    ]
    assert found == whole


@pytest.mark.parametrize(
    "text", ["after.x.1", "after..1", "near.5.1", "after.5", f"after.{10**30}.1"]
)
def test_an_address_that_no_page_gave_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        Cursor.parse(text, Sort.SCORE)


def test_the_cost_does_not_grow_with_the_list(django_assert_max_num_queries: Any) -> None:
    principal = agent_of()
    make_several(3)
    with registry.remembered(), django_assert_max_num_queries(MOST_QUERIES):
        read_page(principal, BY_SCORE)
    make_several(12)
    with registry.remembered(), django_assert_max_num_queries(MOST_QUERIES):
        read_page(principal, BY_SCORE)
