"""Counts files before and after, by dimension, from two conditions on the same rows.

Each condition is asked on its own and the files are compared here: a query that nests both would
be longer than an engine accepts.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Max, Q, QuerySet

from register.models import Demand

from .dimensions import DIMENSIONS
from .frame import Line, Table

MOST_LINES = 40
CHUNK = 10_000


class Tally(dict[tuple[str, str], Counter[str]]):
    """Of each dimension and key: files before, after, gained and lost."""

    def count(self, keys: dict[str, str], **found: bool) -> None:
        """Add one file under its key in every dimension."""
        for place in keys.items():
            self.setdefault(place, Counter()).update(found)

    def tables(self, measure: str, subject: str = "") -> Iterator[Table]:
        """One table per dimension, the most changed lines first."""
        for dimension in dict.fromkeys(dimension for dimension, _key in self):
            lines = [
                Line(key, found["before"], found["after"], found["gained"], found["lost"])
                for (of, key), found in self.items()
                if of == dimension
            ]
            lines.sort(key=lambda line: (-(line.gained + line.lost), -line.after, line.key))
            yield Table(measure, dimension, tuple(lines[:MOST_LINES]), subject)


def keyed(
    demands: QuerySet[Demand], dimensions: Iterable[str], today: date
) -> Iterator[tuple[int, dict[str, str]]]:
    """The identifier of each demand, and its key in every dimension."""
    names = list(dimensions)
    keys = {f"key{place}": DIMENSIONS[name](today) for place, name in enumerate(names)}
    rows = demands.annotate(**keys).order_by().values_list("pk", *keys)
    for pk, *found in rows.iterator(chunk_size=CHUNK):
        yield pk, {name: key or "" for name, key in zip(names, found, strict=True)}


def highest(demands: QuerySet[Demand]) -> int:
    """The highest identifier of these demands."""
    return int(demands.aggregate(last=Max("pk"))["last"] or 0)


def compared(
    demands: QuerySet[Demand],
    before: Q | None,
    after: Q | None,
    today: date,
    *,
    measure: str,
    subject: str = "",
    dimensions: Iterable[str] = tuple(DIMENSIONS),
) -> list[Table]:
    """One table per dimension; None is a condition never met."""
    last = highest(demands)
    then, now, tally = bytearray(last + 1), bytearray(last + 1), Tally()
    for pk in _met(demands, after).values_list("pk", flat=True).iterator(chunk_size=CHUNK):
        now[pk] = 1
    for pk, keys in keyed(_met(demands, before), dimensions, today):
        then[pk] = 1
        tally.count(keys, before=True, lost=not now[pk])
    for pk, keys in keyed(_met(demands, after), dimensions, today):
        tally.count(keys, after=True, gained=not then[pk])
    return list(tally.tables(measure, subject))


def whole(
    demands: QuerySet[Demand], before: Q | None, after: Q | None, key: str, today: date
) -> Line:
    """One line for all the files; a single count when the two conditions are the same."""
    if before == after:
        same = _met(demands, before).count()
        return Line(key, same, same, 0, 0)
    tables = compared(demands, before, after, today, measure="", dimensions=[""])
    found = tables[0].lines[0] if tables else Line(key, 0, 0, 0, 0)
    return Line(key, found.before, found.after, found.gained, found.lost)


def _met(demands: QuerySet[Demand], condition: Q | None) -> QuerySet[Demand]:
    return demands.none() if condition is None else demands.filter(condition)
