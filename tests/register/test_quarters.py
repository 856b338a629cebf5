"""A quarter is reached by who wishes it, and by who wishes the whole commune that holds it."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from register import access
from register.access import vocabulary
from register.audiences import plan_of_keys, under
from register.errors import SubmissionRefused
from register.models import Demand, DemandAudience, OrganisationKind, Role
from register.selectors.worklist import WorklistFilter, read_page
from register.services.application import WishData
from register.services.facts import refresh_facts
from rules.errors import RuleError
from rules.explanation import explain_condition
from rules.parsing import parse_condition
from rules.sentences import sentence
from rules.sql import compile_condition
from rules.types import Truth
from tests.factories import (
    make_agreement,
    make_commune,
    make_demand,
    make_department,
    make_member,
    make_organisation,
    make_quarter,
    make_user,
    principal_of,
)
from tests.register.demands import minimum
from tests.register.test_submission import submit

GRESILLES, FONTAINE, MAIL = "21231-gresilles", "21231-fontaine-d-ouche", "21166-mail"
DIJON, CHENOVE, BEAUNE = "21231", "21166", "21054"
WISHES: dict[str, dict[str, Any]] = {
    "the whole of Dijon": {"communes": (DIJON,)},
    "Les Grésilles": {"communes": (DIJON,), "quarters": {DIJON: GRESILLES}},
    "Fontaine d’Ouche": {"communes": (DIJON,), "quarters": {DIJON: FONTAINE}},
    "Le Mail, then the whole of Dijon": {
        "communes": (CHENOVE, DIJON),
        "quarters": {CHENOVE: MAIL},
    },
    "Beaune": {"communes": (BEAUNE,)},
}
# What each of these wishes reaches: worked out by hand.
REACHED = {
    f"quarter:{GRESILLES}": {0, 1, 3},
    f"quarter:{FONTAINE}": {0, 2, 3},
    f"quarter:{MAIL}": {3},
    f"commune:{DIJON}": {0, 1, 2, 3},
    f"commune:{CHENOVE}": {3},
    "epci:242100410": {0, 1, 2, 3},
    "dep:21": {0, 1, 2, 3, 4},
    "region:27": {0, 1, 2, 3, 4},
    "dep:71": set(),
}
PLACES = st.lists(st.sampled_from(sorted(REACHED)), min_size=1, max_size=4, unique=True)


@pytest.fixture
def world(db: Any) -> list[Demand]:
    make_commune(DIJON, "Dijon")
    make_commune(CHENOVE, "Chenôve")
    make_commune(BEAUNE, "Beaune", epci="200006682")
    return [make_demand(**wishes) for wishes in WISHES.values()]


def _answers(tree: Mapping[str, Any], world: list[Demand]) -> tuple[set[int], set[int]]:
    """Which demands a rule is true of, and false of; both readings must agree."""
    condition, today = parse_condition(tree, vocabulary()), timezone.localdate()
    compiled = compile_condition(condition, vocabulary(), {}, today)
    places = {demand.pk: place for place, demand in enumerate(world)}
    by_sql = [
        {places[pk] for pk in Demand.objects.filter(side).values_list("pk", flat=True)}
        for side in (compiled.is_true, compiled.is_false)
    ]
    told = [explain_condition(condition, vocabulary(), {}, demand, today).truth for demand in world]
    by_explanation = [
        {place for place, truth in enumerate(told) if truth is wanted}
        for wanted in (Truth.TRUE, Truth.FALSE)
    ]
    assert by_sql == by_explanation
    return by_sql[0], by_sql[1]


@pytest.mark.parametrize("place", REACHED)
def test_a_wish_reaches_the_territories_that_hold_it_and_the_quarters_that_it_covers(
    world: list[Demand], place: str
) -> None:
    every = set(range(len(world)))
    tree = {"fact": "demand.wished_territories", "value": [place]}
    assert _answers({**tree, "op": "within"}, world) == (REACHED[place], every - REACHED[place])
    assert _answers({**tree, "op": "outside"}, world) == (every - REACHED[place], REACHED[place])


def test_rules_on_any_places_answer_alike_in_a_list_and_on_one_file(world: list[Demand]) -> None:
    every = set(range(len(world)))

    @settings(max_examples=40, deadline=None)
    @given(first=PLACES, second=PLACES, together=st.sampled_from(["all", "any"]))
    def check(first: list[str], second: list[str], together: str) -> None:
        fact = "demand.wished_territories"
        tree = {
            together: [
                {"fact": fact, "op": "within", "value": first},
                {"not": {"fact": fact, "op": "outside", "value": second}},
            ]
        }
        one, two = (set().union(*(REACHED[p] for p in places)) for places in (first, second))
        wanted = one & two if together == "all" else one | two
        assert _answers(tree, world) == (wanted, every - wanted)

    check()


@pytest.mark.parametrize("place", REACHED)
def test_the_index_of_lists_reaches_the_same(world: list[Demand], place: str) -> None:
    if place.startswith("region:"):
        return  # the sum of its departments
    rows = DemandAudience.objects.filter(under(place))
    assert {world.index(row.demand) for row in rows} == REACHED[place]


def test_an_agreement_on_a_quarter_opens_whoever_accepts_it(
    world: list[Demand], rules: None
) -> None:
    body = make_organisation(kind=OrganisationKind.STATE, with_agreement=False)
    agreement = make_agreement(body, make_department())
    agreement.departments.clear()
    for code in (GRESILLES, MAIL):
        agreement.quarters.add(make_quarter(code))
        member = principal_of(make_member(body, Role.AGENT))
        opened = set().union(*(REACHED[f"quarter:{q.pk}"] for q in agreement.quarters.all()))
        for place, demand in enumerate(world):
            assert access.decide(member, "view", demand).allowed == (place in opened)
        page = read_page(member, WorklistFilter())
        assert {row.demand.pk for row in page.rows} == {world[place].pk for place in opened}
        assert page.count == len(opened)
    assert {row.communes[0] for row in page.rows} == {
        "Dijon",
        "Dijon – Les Grésilles",
        "Chenôve – Le Mail",
    }


def test_quarters_of_one_commune_are_read_together() -> None:
    plan = plan_of_keys(frozenset({f"quarter:{c}" for c in (GRESILLES, FONTAINE, MAIL)}))
    assert [piece.key for piece in plan.pieces] == [
        f"quarter:{MAIL}",
        f"quarter:{FONTAINE}+{GRESILLES}",
    ]
    assert plan_of_keys(frozenset({f"quarter:{MAIL}", "commune:21166"})).pieces == (
        plan_of_keys(frozenset({"commune:21166"})).pieces
    )


@pytest.mark.parametrize("commune", [DIJON, CHENOVE, BEAUNE])
def test_a_list_by_quarters_is_also_filtered_by_commune(
    world: list[Demand], rules: None, commune: str
) -> None:
    body = make_organisation(kind=OrganisationKind.STATE, with_agreement=False)
    agreement = make_agreement(body, make_department())
    agreement.departments.clear()
    agreement.quarters.add(*(make_quarter(code) for code in (FONTAINE, GRESILLES)))
    member = principal_of(make_member(body, Role.AGENT))
    wanted = WorklistFilter(commune=commune)
    page = read_page(member, wanted)
    opened = access.scope(member, "list").filter(wished_communes__commune=commune)
    assert {row.demand.pk for row in page.rows} == set(opened.values_list("pk", flat=True))
    assert page.count == len(page.rows)


def test_the_index_follows_a_wish_that_is_narrowed_or_widened(world: list[Demand]) -> None:
    demand = world[0]
    for quarter in (FONTAINE, None, GRESILLES):
        demand.wished_communes.update(quarter=make_quarter(quarter) if quarter else None)
        refresh_facts(demand=demand)
        found = DemandAudience.objects.filter(under(f"quarter:{GRESILLES}"), demand=demand)
        assert found.exists() == (quarter != FONTAINE)
        assert demand.audiences.filter(audience=f"commune:{DIJON}").exists()


@pytest.mark.parametrize(
    ("tree", "accepted"),
    [
        ({"fact": "demand.wished_territories", "op": "within"}, True),
        ({"fact": "demand.wished_territories", "op": "outside"}, True),
        ({"fact": "demand.first_commune", "op": "within"}, False),
    ],
)
def test_a_rule_may_name_a_quarter_where_a_fact_may_lie_in_one(
    db: Any, tree: dict[str, Any], accepted: bool
) -> None:
    """A commune lies in no quarter: such a rule would never hold, and is refused."""
    rule = {**tree, "value": [f"quarter:{GRESILLES}"]}
    if accepted:
        written = sentence(parse_condition(rule, vocabulary()), vocabulary())
        assert "Les Grésilles (Dijon)" in written
        return
    with pytest.raises(RuleError) as refused:
        parse_condition(rule, vocabulary())
    assert refused.value.path == "value"


def test_a_quarter_that_nobody_knows_is_refused_in_a_rule(db: Any) -> None:
    rule = {"fact": "demand.wished_territories", "op": "within", "value": ["quarter:21231-x"]}
    with pytest.raises(RuleError):
        parse_condition(rule, vocabulary())


@pytest.mark.parametrize(
    ("communes", "quarters", "kept"),
    [
        ((DIJON, CHENOVE), {DIJON: GRESILLES}, [GRESILLES, None]),
        ((DIJON,), {}, [None]),
        ((DIJON,), {DIJON: MAIL}, None),
        ((DIJON,), {CHENOVE: MAIL}, None),
        ((DIJON,), {DIJON: "21231-nowhere"}, None),
    ],
)
def test_a_demand_keeps_the_quarter_of_a_wished_commune_and_no_other(
    reference: None,
    rules: None,
    communes: tuple[str, ...],
    quarters: dict[str, str],
    kept: list[str | None] | None,
) -> None:
    user = make_user()
    wish = WishData(home_types=("T3",), communes=communes, quarters=quarters)
    if kept is None:
        with pytest.raises(SubmissionRefused) as refused:
            submit(user, minimum(user, wish=wish))
        assert refused.value.missing == ["communes"]
        return
    demand = submit(user, minimum(user, wish=wish))
    assert list(demand.wished_communes.values_list("quarter", flat=True)) == kept
