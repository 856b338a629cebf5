"""How long those waited who were housed where somebody looks for a home, and what widening changes.

What is read is a small table counted once a month: never the demands.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from register.codes import HomeType
from register.models import WaitingTime
from register.selectors.statistics import threshold
from register.territories import territory_tree

# Homes are told by fives: areas that hold one another would tell small counts by subtraction.
STEP = 5


@dataclass(frozen=True)
class Wait:
    """The wait of a quarter, half and three quarters of those housed, in months.

    `homes` is their number, rounded down to a multiple of five.
    """

    place: str
    home_type: str
    quarter: int
    half: int
    three_quarters: int
    homes: int


@dataclass(frozen=True)
class Widened:
    """What a wider search in the same size of home changes.

    `homes_before` are those of the communes chosen, rounded likewise; None when too few to say.
    """

    wait: Wait
    homes_before: int | None


@dataclass(frozen=True)
class Resized:
    """What the next size of home changes in a commune chosen.

    `homes_before` are those let there in the sizes chosen; None when too few to say.
    """

    wait: Wait
    homes_before: int | None
    is_larger: bool


@dataclass(frozen=True)
class Waits:
    """What can be told of wishes: where they are, over the areas that hold them, in other sizes.

    `untold` names the communes of which nothing can be said, `least` the smallest number of
    households that is. The year begins on `begins_on` and ends before `ends_on`.
    """

    chosen: tuple[Wait, ...]
    wider: tuple[Widened, ...]
    resized: tuple[Resized, ...]
    untold: tuple[str, ...]
    begins_on: date
    ends_on: date
    least: int


def waits_for(communes: Sequence[str], home_types: Iterable[str]) -> Waits | None:
    """What is known for these communes (INSEE) and sizes; None when nothing can be told."""
    types = [code for code in HomeType.values if code in set(home_types)]
    others = _next_sizes(types)
    places = [f"commune:{insee}" for insee in communes]
    around = _around(places)
    smallest = threshold()
    rows = WaitingTime.objects.filter(
        area__in=[*places, *around], home_type__in=[*types, *others], homes__gte=smallest
    )
    found = {
        (row.area, row.home_type): row
        for row in rows
        if row.home_type in types or row.area in places
    }
    if not found:
        return None
    known = next(iter(found.values()))
    told = {area for area, code in found if code in types}
    return Waits(
        chosen=tuple(_waits(found, places, types)),
        wider=tuple(_widened(found, places, around, types)),
        resized=tuple(_resized(found, places, types, others)),
        untold=tuple(_name(place) for place in places if place not in told),
        begins_on=known.begins_on,
        ends_on=known.ends_on,
        least=smallest,
    )


Rows = dict[tuple[str, str], WaitingTime]


def _around(places: Sequence[str]) -> list[str]:
    """What holds these communes, intercommunalities first."""
    above = dict.fromkeys(key for place in places for key in territory_tree().chain(place)[1:])
    return [key for kind in ("epci:", "dep:") for key in above if key.startswith(kind)]


def _waits(found: Rows, areas: Sequence[str], types: Sequence[str]) -> Iterator[Wait]:
    return (_wait(found[area, code]) for area in areas for code in types if (area, code) in found)


def _widened(
    found: Rows, places: Sequence[str], around: Sequence[str], types: Sequence[str]
) -> Iterator[Widened]:
    for code in types:
        here = [found[place, code].homes for place in places if (place, code) in found]
        before = _by_step(sum(here))
        for wait in _waits(found, around, [code]):
            if wait.homes > before:
                yield Widened(wait, before if here else None)


def _next_sizes(types: Sequence[str]) -> dict[str, bool]:
    """One size smaller than the smallest chosen, one larger than the largest: whether larger."""
    sizes = list(HomeType.values)
    if not types:
        return {}
    smaller, larger = sizes.index(types[0]) - 1, sizes.index(types[-1]) + 1
    found = {sizes[smaller]: False} if smaller >= 0 else {}
    return found | ({sizes[larger]: True} if larger < len(sizes) else {})


def _resized(
    found: Rows, places: Sequence[str], types: Sequence[str], others: Mapping[str, bool]
) -> Iterator[Resized]:
    """For each of the next sizes, the commune that comes first among those where it is known."""
    for code, is_larger in others.items():
        place = next((place for place in places if (place, code) in found), None)
        if place is not None:
            here = [found[place, each].homes for each in types if (place, each) in found]
            before = _by_step(sum(here)) if here else None
            yield Resized(_wait(found[place, code]), before, is_larger)


def _wait(row: WaitingTime) -> Wait:
    return Wait(
        place=_name(row.area),
        home_type=str(row.get_home_type_display()),
        quarter=row.quarter,
        half=row.half,
        three_quarters=row.three_quarters,
        homes=_by_step(row.homes),
    )


def _by_step(homes: int) -> int:
    return homes // STEP * STEP


def _name(area: str) -> str:
    return territory_tree().label(area) or area
