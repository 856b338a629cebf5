"""The list by points: exactly as the grid in force of each department orders its demands.

Only points that the reader may know order anything. A demand whose score is masked to her, or that
no grid concerns, comes after all the others, by seniority: its place tells nothing of its points.
Points are weighed at each request, hence a longest list.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from heapq import merge

from django.db.models import BooleanField, Case, Value, When
from django.utils.translation import gettext

from register import access, clock
from register.access import Action
from register.models import DemandFacts
from register.principals import Principal
from register.scoring import grid_of
from register.selectors.audience_list import Key, Order, Start
from register.selectors.ranking import rank
from register.selectors.scores import plain
from rules import registry
from rules.number_sentences import signed

MOST_SCORED = 5_000
# Points in an address are whole numbers: this many for one point.
UNIT = 10_000


@dataclass(frozen=True)
class Weighed:
    """A demand of the list with its points; None where none may be told."""

    demand_id: int
    received_on: date
    points: Decimal | None = None
    is_masked: bool = False

    @property
    def text(self) -> str:
        """What a line says of its score."""
        if self.is_masked:
            return gettext("Masked")
        return gettext("Not scored") if self.points is None else signed(plain(self.points))

    @property
    def value(self) -> date | int:
        """What the address of a page says of its first and last lines."""
        return self.received_on if self.points is None else int(self.points * UNIT)

    @property
    def place(self) -> tuple[int, ...]:
        """Where it stands in the order, ties of the grid aside."""
        return _place(self.value, self.demand_id)


@dataclass(frozen=True)
class ScoredList:
    """Demands in the order of their points."""

    lines: tuple[Weighed, ...]

    def keys(self, order: Order, start: Start | None, limit: int) -> list[Key]:
        """The lines that follow a start, or that precede it, the nearest first.

        Where the demand of the start has left or changed its points, the page begins with all those
        that have as many: one may be seen twice, none is missed.
        """
        after, before = self._around(start) if start else (0, len(self.lines))
        if order.descending:
            found = self.lines[max(0, before - limit) : before][::-1]
        else:
            found = self.lines[after : after + limit]
        return [(line.demand_id, line.value) for line in found]

    def count(self, _cap: int) -> tuple[int, bool]:
        """How many there are: all of them were read."""
        return len(self.lines), False

    @cached_property
    def told(self) -> dict[int, Weighed]:
        """Each line by its demand."""
        return {line.demand_id: line for line in self.lines}

    def _around(self, start: Start) -> tuple[int, int]:
        value, demand_id = start
        for place, line in enumerate(self.lines):
            if line.demand_id == demand_id and line.value == value:
                return place + 1, place
        places, sought = [line.place for line in self.lines], _place(value, demand_id)
        return bisect_left(places, sought), bisect_right(places, sought)


def offers_scores(principal: Principal) -> bool:
    """True when the reader may know of some score, and a grid gives some."""
    return bool(registry.in_force("scoring")) and access.may_ever_read(principal, "score")


def by_points(principal: Principal, action: Action, keys: Iterable[int]) -> ScoredList:
    """These demands, as far as the rights open them, the highest points first."""
    opened = access.scope(principal, action).filter(pk__in=list(keys))
    readable = When(access.readable(principal, "score"), then=Value(True))
    told = Case(readable, default=Value(False), output_field=BooleanField())
    rows = opened.annotate(told=told).order_by("received_on", "pk")
    found: dict[int, Weighed] = {}
    departments: dict[str, list[int]] = {}
    for key, day, department, is_told in rows.values_list(
        "pk", "received_on", "department", "told"
    ):
        found[key] = Weighed(key, day, is_masked=not is_told)
        if is_told:
            departments.setdefault(department, []).append(key)
    ranked = [
        [Weighed(key, found[key].received_on, points) for key, points in _points(code, told_of)]
        for code, told_of in sorted(departments.items())
    ]
    first = list(merge(*ranked, key=lambda line: -(line.points or Decimal(0))))
    scored = {line.demand_id for line in first}
    return ScoredList((*first, *(line for key, line in found.items() if key not in scored)))


def _points(department: str, keys: Sequence[int]) -> Iterable[tuple[int, Decimal]]:
    """The demands of a department that its grid concerns, in its order."""
    installed = grid_of(department)
    if installed is None:
        return []
    rows = DemandFacts.objects.filter(demand__in=keys, demand__is_association=False)
    ranked = rank(rows, installed.body, department, clock.today(), limit=len(keys))
    return [(line.demand_id, line.points) for line in ranked]


def _place(value: date | int, demand_id: int) -> tuple[int, ...]:
    if isinstance(value, date):
        return 1, value.toordinal(), demand_id
    return 0, -value
