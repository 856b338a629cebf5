"""The grid in force on real demands: what a file shows, and who comes first for a home."""

from dataclasses import replace
from decimal import Decimal

import pytest

from register import access, clock
from register.access import Action, vocabulary
from register.models import Demand, DemandFacts, Role
from register.parameters import parameter_bindings
from register.scoring import grid_of
from register.selectors.ranking import Home, compiled, eligible, rank, top_of
from register.selectors.scores import weigh
from rules.numbers import Constant
from rules.parsing import parse_condition
from rules.scoring import tie_key
from rules.scoring_sql import CompiledGrid
from tests.factories import make_member, make_organisation, principal_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn(reference, rules):
    from register.demo.seed import seed

    seed(demands=150, seed_number=7, now=clock.now(), report=lambda *_: None, in_bulk=True)
    return list(Demand.objects.select_related("facts").order_by("pk"))


def test_every_score_and_rank_of_the_stock_is_that_of_each_file(drawn):
    """Those of the department: elsewhere its dated figures are not the ones to weigh with."""
    grid, today = grid_of("21"), clock.today()
    drawn = [demand for demand in drawn if demand.department_id == "21"]
    here = DemandFacts.objects.filter(department="21")
    read = compiled(grid.body, "21", today)
    by_sql = dict(
        here.filter(read.applies).annotate(points=read.score()).values_list("demand_id", "points")
    )
    scores = {demand.pk: weigh(demand, grid, today) for demand in drawn}
    kept = {pk: found for pk, found in scores.items() if found.applies}
    assert by_sql == {pk: found.total for pk, found in kept.items()}
    assert len({found.total for found in kept.values()}) > 5
    bindings = parameter_bindings("21", today)
    expected = sorted(
        (demand for demand in drawn if demand.pk in kept),
        key=lambda d: (
            -kept[d.pk].total,
            tie_key(grid.body, vocabulary(), bindings, d, today),
        ),
    )
    ranked = rank(here, grid.body, "21", today, limit=60)
    assert [line.demand_id for line in ranked] == [demand.pk for demand in expected[:60]]
    assert [line.rank for line in ranked] == list(range(1, 61))


def test_only_demands_that_wish_the_home_and_may_have_it_are_ranked(drawn):
    home = Home("21231", "T3", "plus", Decimal(700))
    found = set(eligible(home).values_list("demand_id", flat=True))
    assert found
    for demand in drawn:
        wishes = demand.wished_communes.filter(commune_id="21231").exists()
        types = {wish.code for wish in demand.wished_types.all()}
        if demand.pk in found:
            assert wishes
            assert "T3" in types
            assert demand.is_live
            assert demand.max_monthly_cost is None or demand.max_monthly_cost >= 700
    dearer = eligible(replace(home, rent=Decimal(100_000)))
    assert set(dearer.values_list("max_monthly_cost", flat=True)) <= {None}


def test_homes_of_one_kind_are_written_alike_and_ranked_each_for_itself(drawn):
    agent = principal_of(make_member(make_organisation(), Role.AGENT))
    grid, today = grid_of("21").body, clock.today()
    open_to_her = access.scope(agent, Action.LIST)
    for told in ("score", "wishes", "resources"):
        open_to_her = open_to_her.filter(access.readable(agent, told))
    found = {}
    for commune in ("21231", "21515", "21054"):
        for rent in (None, Decimal(450), Decimal(700)):
            home = Home(commune, "T3", "plus", rent)
            every = eligible(home).filter(demand__in=open_to_her.values("pk"))
            found[commune, rent] = top_of(agent, home, limit=3)
            assert found[commune, rent] == rank(every, grid, "21", today, limit=3)
    assert found["21231", None]
    assert len({tuple(ranked) for ranked in found.values()}) > 2


def test_a_grid_may_speak_of_every_fact_of_a_demand_and_reads_it_alike(drawn):
    """What the facts table does not hold (the seal, the number, a birth to come) is read beside."""
    grid, today = grid_of("21").body, clock.today()
    bindings, [household] = parameter_bindings("21", today), [grid.sections[2]]
    for fact in vocabulary():
        if fact.is_principal:
            continue
        known = parse_condition({"fact": fact.code, "op": "is_known"}, vocabulary())
        line = replace(household.criteria[0], when=known, points=Constant(Decimal(7)))
        one = replace(grid, exclusions=(), sections=(replace(household, criteria=(line,)),))
        there = DemandFacts.objects.annotate(points=compiled(one, "21", today).score())
        read = CompiledGrid(one, vocabulary(), bindings, today).score()
        here = Demand.objects.annotate(points=read)
        assert dict(there.values_list("pk", "points")) == dict(here.values_list("pk", "points"))
