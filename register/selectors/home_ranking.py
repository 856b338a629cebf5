"""The first demands for one home with the reasons of their points, as an agent reads them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import BooleanField, Case, Value, When

from register import access, clock
from register.access import Action
from register.models import Demand
from register.parameters import parameter_bindings
from register.principals import Principal
from register.scoring import grid_of
from register.selectors.ranking import Home, top_of
from register.selectors.scores import plain, told_of
from rules.kinds.scoring import Grid
from rules.number_sentences import signed
from rules.registry import Installed
from rules.scoring import CriterionScore, score


@dataclass(frozen=True)
class Reason:
    """A criterion that counts, with its points; provisional until its proof is there."""

    title: str
    points: str
    is_proved: bool


@dataclass(frozen=True)
class Candidate:
    """A demand in its place. Its reasons are withheld where one tells what may not be known."""

    rank: int
    demand: Demand
    points: Decimal
    reasons: tuple[Reason, ...]
    is_withheld: bool

    @property
    def total(self) -> str:
        """The points in words."""
        return signed(plain(self.points))


@dataclass(frozen=True)
class HomeRanking:
    """The first demands, and the grid that put them first; None where no grid is in force."""

    grid: Installed[Grid] | None
    candidates: tuple[Candidate, ...]


def first_for(principal: Principal, home: Home) -> HomeRanking:
    """Who comes first for a home among the demands whose score this person may read."""
    grid = grid_of(home.department)
    ranked = top_of(principal, home)
    if grid is None or not ranked:
        return HomeRanking(grid, ())
    demands = _opened(principal, [line.demand_id for line in ranked])
    today, known = clock.today(), access.vocabulary()
    figures = parameter_bindings(home.department, today)
    found = []
    for line in ranked:
        if demand := demands.get(line.demand_id):
            weighed = score(grid.body, known, figures, demand, today)
            lines, withheld = told_of(weighed, lambda name: getattr(demand, f"reads_{name}"))
            reasons = () if withheld else _counting(lines)
            found.append(Candidate(line.rank, demand, line.points, reasons, withheld))
    return HomeRanking(grid, tuple(found))


def _opened(principal: Principal, keys: list[int]) -> dict[int, Demand]:
    demands = access.scope(principal, Action.LIST).filter(pk__in=keys).select_related("facts")
    for name in ("health", "resources"):
        told = When(access.readable(principal, name), then=Value(True))
        flag = Case(told, default=Value(False), output_field=BooleanField())
        demands = demands.annotate(**{f"reads_{name}": flag})
    return {demand.pk: demand for demand in demands}


def _counting(lines: Iterable[CriterionScore]) -> tuple[Reason, ...]:
    return tuple(
        Reason(str(line.criterion.title), signed(plain(line.points)), line.is_proved)
        for line in lines
        if line.counts
    )
