"""Scoring: how ranks move, and who enters and leaves the first hundred of typical homes."""

from array import array
from collections.abc import Iterator
from functools import reduce
from operator import or_

from django.db.models import Count, F, Q, QuerySet

from register.models import LIVE_STATES, Demand
from rules.kinds.scoring import Grid
from rules.scoring_sql import CompiledGrid

from .counting import AFTER, BEFORE, CHUNK, GAINED, LOST, Keys, Tally, highest, keyed
from .dimensions import DIMENSIONS
from .frame import Bodies, Line, Outcome, Steps, Table

RANKS, FIRST, FIRST_BY = "ranks", "first_hundred", "first_hundred_by"
HOME = "home"
TYPICAL_HOMES = 6
FIRST_HUNDRED = 100


def simulate(bodies: Bodies, outcome: Outcome) -> Steps:
    """Ranks over the whole stock by dimension, then the first hundred of each typical home."""
    stock = Demand.objects.filter(state__in=LIVE_STATES)
    outcome.stock = stock.count()
    # One file that enters a first hundred sends another out of it.
    outcome.questions = len(DIMENSIONS) + 2 * TYPICAL_HOMES * (1 + len(DIMENSIONS))
    steps = 3 + TYPICAL_HOMES
    before, after = _compiled(bodies.own_before, bodies), _compiled(bodies.own_after, bodies)
    yield 0, steps
    size = highest(stock) + 1
    old_ranks = _ranks(_ranked(stock, before), size)
    yield 1, steps
    new_ranks = _ranks(_ranked(stock, after), size)
    yield 2, steps
    concerned = reduce(or_, [grid.applies for grid in (before, after) if grid], Q(pk__in=[]))
    rows = keyed(stock.filter(concerned), DIMENSIONS, bodies.today)
    outcome.tables += _rise_and_fall(rows, old_ranks, new_ranks).tables(RANKS)
    lines, movers = [], Tally(DIMENSIONS)
    for place, (commune, home_type) in enumerate(_typical_homes(stock), start=3):
        yield place, steps
        wishing = stock.filter(wished_communes__commune=commune, wished_types__code=home_type)
        old, new = (set(_ranked(wishing, grid)[:FIRST_HUNDRED]) for grid in (before, after))
        home = f"{commune}:{home_type}"
        lines.append(Line(home, len(old), len(new), len(new - old), len(old - new)))
        for pk, keys in keyed(stock.filter(pk__in=old | new), DIMENSIONS, bodies.today):
            movers.count(keys, _moves(pk in old, pk in new, pk not in old, pk not in new))
    outcome.tables.append(Table(FIRST, HOME, tuple(lines)))
    outcome.tables += movers.tables(FIRST_BY)


def _compiled(grid: Grid | None, bodies: Bodies) -> CompiledGrid | None:
    return CompiledGrid(grid, bodies.vocabulary, bodies.figures, bodies.today) if grid else None


def _ranked(demands: QuerySet[Demand], grid: CompiledGrid | None) -> QuerySet[Demand, int]:
    """Identifiers of the demands that the grid concerns, the first to be proposed first."""
    if grid is None:
        return demands.none().values_list("pk", flat=True)
    scored = demands.filter(grid.applies).annotate(points=grid.score())
    ordered = scored.order_by(F("points").desc(), *grid.tie_break(), "number")
    return ordered.values_list("pk", flat=True)


def _ranks(ordered: QuerySet[Demand, int], size: int) -> "array[int]":
    """The rank of each demand at the place of its identifier; 0 where it has none."""
    ranks = array("I", bytes(array("I").itemsize * size))
    for rank, pk in enumerate(ordered.iterator(chunk_size=CHUNK), start=1):
        ranks[pk] = rank
    return ranks


def _rise_and_fall(
    demands: Iterator[tuple[int, Keys]], before: "array[int]", after: "array[int]"
) -> Tally:
    """How many rise and fall; entering the grid is a rise, leaving it a fall."""
    tally = Tally(DIMENSIONS)
    for pk, keys in demands:
        old, new = before[pk], after[pk]
        rises = bool(new) and (not old or new < old)
        falls = bool(old) and (not new or new > old)
        tally.count(keys, _moves(bool(old), bool(new), rises, falls))
    return tally


def _moves(before: bool, after: bool, gained: bool, lost: bool) -> int:
    return BEFORE * before | AFTER * after | GAINED * gained | LOST * lost


def _typical_homes(stock: QuerySet[Demand]) -> list[tuple[str, str]]:
    """The commonest wishes of the stock: commune and size of home."""
    wishes = (
        stock.filter(wished_communes__position=1)
        .values_list("wished_communes__commune", "wished_types__code")
        .annotate(files=Count("pk"))
        .order_by("-files", "wished_communes__commune", "wished_types__code")
    )
    return [(commune, code) for commune, code, _files in wishes[:TYPICAL_HOMES] if code]
