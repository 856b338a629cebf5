"""The demands that a grid puts first for one home: eligible ones only, exactly ordered.

Statements are written once for a kind of home and a grid, and planned for each commune: it takes
longer to write the points of a grid as SQL than to weigh thousands of demands.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache, reduce
from itertools import takewhile
from operator import and_
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import OrderBy

from register import access, bits, clock
from register.access import Action
from register.models import DemandAudience, DemandFacts
from register.norms import Norms
from register.parameters import parameter_bindings
from register.principals import Principal
from register.rights import Right
from register.same import Fixed, Same
from register.scoring import grid_of
from rules import registry
from rules.kinds.eligibility import Eligibility
from rules.kinds.scoring import Grid
from rules.registry import Installed
from rules.scoring_sql import CompiledGrid
from rules.sql import compile_condition
from rules.statements import Among, Slot, statement
from rules.vocabulary import Vocabulary

TOP = 100
# How many times the wanted number is ranked before rights are read: at first, and if too few open.
AHEAD = (4, 64)
# Beyond, the least surface does not grow any more.
LARGEST_HOUSEHOLD = 30


@dataclass(frozen=True)
class Home:
    """A home to let: its commune (INSEE), type ("T3"), financing ("plus") and monthly cost in €.

    `surface` is in square metres: no household is kept for which it would be over-occupied.
    """

    commune: str
    home_type: str
    financing: str = ""
    rent: Decimal | None = None
    surface: int | None = None
    department: str = "21"

    @property
    def kind(self) -> "Home":
        """What homes of several communes and rents have in common."""
        return replace(self, commune="", rent=None if self.rent is None else Decimal(0))


@dataclass(frozen=True)
class Basis:
    """What points and ceilings are written from, on a day in a department."""

    department: str
    on: date
    grid: Same[Grid]
    known: Vocabulary
    norms: Same[Installed[Eligibility]]
    delays: Same[Installed[Any]]
    figures: Fixed


@dataclass(frozen=True)
class Ranked:
    """A demand with its place and its points."""

    rank: int
    demand_id: int
    number: str
    points: Decimal


def top_of(principal: Principal, home: Home, limit: int = TOP) -> list[Ranked]:
    """The first demands for a home among those the principal may list; empty without a grid.

    Being there, and the place, tell the score, the wishes and, with a ceiling, the resources: only
    demands of which the principal may read all this are ranked.
    """
    installed = grid_of(home.department)
    if installed is None:
        return []
    told = ("score", "wishes", "resources") if home.financing else ("score", "wishes")
    right = access.reach(principal, Action.LIST)
    where = Same(access.readable(principal, name) for name in told)
    basis = _basis(installed.body, home.department)
    for far in AHEAD:
        keys, is_all = _ahead(home, basis, far * limit)
        opened = statement(_opened, basis, right, where, limit)
        ranked = _placed(opened.rows(keys=keys))
        if is_all or len(ranked) == limit:
            return ranked
    shown = eligible(home).filter(_visible(right, where))
    return rank(shown, installed.body, home.department, basis.on, limit)


def _basis(grid: Grid, department: str) -> Basis:
    today = clock.today()
    norms, delays = registry.in_force("eligibility"), registry.in_force("deadlines")
    figures = Fixed(parameter_bindings(department, today))
    known = access.vocabulary()
    return Basis(department, today, Same([grid]), known, Same(norms), Same(delays), figures)


def eligible(home: Home) -> QuerySet[DemandFacts]:
    """Live demands that wish this commune and type, for which the home is large and cheap enough.

    What a demand does not say excludes nobody, except its income where a ceiling applies.
    """
    return _eligible(home, f"commune:{home.commune}", home.rent)


def _eligible(home: Home, audience: Any, rent: Any) -> QuerySet[DemandFacts]:
    """The same, of a commune and at a rent (None for no test) that may be given later."""
    wished = 1 << bits.HOME_TYPES[home.home_type]
    wishes = DemandAudience.objects.filter(
        audience=audience, is_live=True, home_types__has_any_bit=wished
    )
    norms = [m.body for m in registry.in_force("eligibility") if m.territory == home.department]
    sizes = [_suits(body, home) for body in norms]
    if home.surface is not None:
        sizes.append(_fits(home.surface, home.department))
    # The index holds the size too: asked there, most facts need not be read at all.
    suited = reduce(and_, sizes, Q())
    wishing = wishes.filter(suited).values("demand_id")
    found = DemandFacts.objects.filter(suited, demand_id__in=wishing)
    for body in norms:
        found = found.filter(_affords(body, home))
    if rent is not None:
        found = found.filter(Q(max_monthly_cost__isnull=True) | Q(max_monthly_cost__gte=rent))
    return found


def rank(
    candidates: QuerySet[DemandFacts], grid: Grid, department: str, on: date, limit: int = TOP
) -> list[Ranked]:
    """The first `limit` of these demands: points, then the grid's tie-break, exactly."""
    return _placed(_ranking(candidates, compiled(grid, department, on), limit))


def _ranking(
    candidates: QuerySet[DemandFacts], read: CompiledGrid, limit: int
) -> QuerySet[DemandFacts, Any]:
    return (
        candidates.filter(read.applies)
        .annotate(points=read.score())
        .order_by("-points", *read.tie_break(), "demand_id")
        .values_list("demand_id", "demand__number", "points")[:limit]
    )


def _placed(first: Iterable[Sequence[Any]]) -> list[Ranked]:
    return [
        Ranked(place, demand_id, number, Decimal(points))
        for place, (demand_id, number, points) in enumerate(first, start=1)
    ]


def _opened(basis: Basis, right: Right, where: Same[Q], limit: int) -> QuerySet[DemandFacts, Any]:
    """Of the demands whose keys are given, the first that are open, with what puts them there."""
    [grid] = basis.grid.objects
    demand = DemandFacts._meta.get_field("demand")
    given = DemandFacts.objects.filter(Among("demand_id", "keys", demand.target_field))
    read = compiled(grid, basis.department, basis.on)
    return _ranking(given.filter(_visible(right, where)), read, limit)


def _visible(right: Right, where: Same[Q]) -> Q:
    return Q(demand__in=right.demands.filter(*where.objects).values("pk"))


def _ahead(home: Home, basis: Basis, number: int) -> tuple[list[int], bool]:
    """The demands that no other candidate precedes, about this number; True when it is all of them.

    Demands equal so far are all there, or none of them is.
    """
    first = statement(_first_of, home.kind, basis, number + 1)
    found = first.rows_once(audience=f"commune:{home.commune}", rent=home.rent)
    is_all = len(found) <= number
    return [row[0] for row in found if is_all or row[1:] != found[-1][1:]], is_all


def _first_of(home: Home, basis: Basis, limit: int) -> QuerySet[DemandFacts, Any]:
    """Key, points and ties of the first for such a home.

    Read from the facts alone, without the part of the tie-break that only the demand itself holds.
    """
    [grid] = basis.grid.objects
    read = compiled(grid, basis.department, basis.on)
    audience = Slot("audience", DemandAudience._meta.get_field("audience"))
    rent = Slot("rent", DemandFacts._meta.get_field("max_monthly_cost"))
    candidates = _eligible(home, audience, None if home.rent is None else rent)
    ties = list(takewhile(_is_held, read.tie_break()))
    equal = {f"tie{rank}": tie.expression for rank, tie in enumerate(ties)}
    scored = candidates.filter(read.applies).annotate(points=read.score(), **equal)
    return scored.order_by("-points", *ties).values_list("demand_id", "points", *equal)[:limit]


def _is_held(tie: OrderBy) -> bool:
    """True for what the facts table holds."""
    return not str(getattr(tie.expression, "name", "")).startswith("demand__")


def compiled(grid: Grid, department: str, on: date) -> CompiledGrid:
    """A grid over the facts table alone; what only the demand itself holds is read beside it."""
    return CompiledGrid(grid, facts_vocabulary(), parameter_bindings(department, on), on)


def facts_vocabulary() -> Vocabulary:
    """The facts that the facts table holds, read from it."""
    return _rooted(access.vocabulary())


@lru_cache(maxsize=4)
def _rooted(vocabulary: Vocabulary) -> Vocabulary:
    there = vocabulary.rooted("facts__")
    held = {fact.code for fact in there}
    # What only the demand itself holds (its number, its seal) is read beside.
    beside = [
        replace(fact, column=f"demand__{fact.column}")
        for fact in vocabulary
        if fact.column and fact.elsewhere is None and fact.code not in held
    ]
    held |= {fact.code for fact in beside}
    # What follows from facts of both: that an association's wait is never abnormally long.
    following = [
        fact
        for fact in vocabulary
        if fact.is_derived
        and fact.code not in held
        and all(
            used in held or vocabulary.fact(used).is_principal
            for used in vocabulary.derived(fact).facts
        )
    ]
    return Vocabulary(
        [*there, *beside, *following],
        there.relations,
        there.territories,
        there.parameters,
        there.day,
    )


def _suits(body: Eligibility, home: Home) -> Q:
    """Households of a size for which the norms of the territory name this type of home."""
    norms = [norm for norm in body.norms if home.home_type in norm.types]
    # A list of sizes and not one condition for each: the index is then read at these sizes only.
    query = Q(household_size__in=[norm.people for norm in norms])
    for norm in norms:
        if norm.or_more:
            query |= Q(household_size__gte=norm.people)
    return query if body.norms else Q()


def _fits(surface: int, department: str) -> Q:
    """Households whose least surface is no larger; all of them where no figure is in force."""
    norms = Norms.of(parameter_bindings(department, clock.today()))
    least = ((people, norms.surface_for(people)) for people in range(1, LARGEST_HOUSEHOLD + 1))
    too_large = next((people for people, norm in least if norm and norm > surface), None)
    return Q() if too_large is None else Q(household_size__lt=too_large)


def _affords(body: Eligibility, home: Home) -> Q:
    """Households known to be within the ceiling of the home's financing."""
    on = clock.today()
    bindings = parameter_bindings(home.department, on)
    for ceiling in body.ceilings:
        if ceiling.code == home.financing:
            return compile_condition(ceiling.condition, facts_vocabulary(), bindings, on).is_true
    return Q()
