"""Counts files before and after, by dimension, from two conditions on the same rows.

Each condition is asked on its own and the files are compared here: a query that nests both would
be longer than an engine accepts. Each reading of the stock is a step.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.db.models import Max, Q, QuerySet

from register.models import Demand

from .dimensions import DIMENSIONS, WHOLE
from .frame import Line, Outcome, Steps, Table

MOST_LINES = 40
CHUNK = 10_000
# Files of the same keys are counted together; beyond so many different ones, room is made.
MOST_TOGETHER = 200_000
# What one file may be, each a bit.
BEFORE, AFTER, GAINED, LOST = 1, 2, 4, 8
MOVES = {"before": BEFORE, "after": AFTER, "gained": GAINED, "lost": LOST}
Keys = tuple[str | None, ...]
# The condition before and the condition after; None is a condition never met.
Pair = tuple[Q | None, Q | None]


class Tally:
    """Of each dimension and key: files before, after, gained and lost."""

    def __init__(self, dimensions: Iterable[str]) -> None:
        self._dimensions = tuple(dimensions)
        self._together: Counter[tuple[Keys, int]] = Counter()
        self._found: dict[tuple[str, str], Counter[str]] = {}

    def count(self, keys: Keys, moves: int, files: int = 1) -> None:
        """Add one file, or more, under its key in every dimension."""
        self._together[keys, moves] += files
        if len(self._together) > MOST_TOGETHER:
            self._tell_apart()

    def tables(self, measure: str, subject: str = "") -> Iterator[Table]:
        """One table per dimension, the most changed lines first."""
        self._tell_apart()
        for dimension in dict.fromkeys(dimension for dimension, _key in self._found):
            lines = [
                Line(key, found["before"], found["after"], found["gained"], found["lost"])
                for (of, key), found in self._found.items()
                if of == dimension and found.total()
            ]
            lines.sort(key=lambda line: (-(line.gained + line.lost), -line.after, line.key))
            if lines:
                yield Table(measure, dimension, tuple(lines[:MOST_LINES]), subject)

    def _tell_apart(self) -> None:
        for (keys, moves), files in self._together.items():
            told = {name: files for name, bit in MOVES.items() if moves & bit}
            for dimension, key in zip(self._dimensions, keys, strict=True):
                self._found.setdefault((dimension, key or ""), Counter()).update(told)
        self._together.clear()


def keyed(
    demands: QuerySet[Demand], dimensions: Iterable[str], today: date
) -> Iterator[tuple[int, Keys]]:
    """The identifier of each demand, and its key in every dimension."""
    keys = {f"key{place}": DIMENSIONS[name](today) for place, name in enumerate(dimensions)}
    rows = demands.annotate(**keys).order_by().values_list("pk", *keys)
    for row in rows.iterator(chunk_size=CHUNK):
        yield row[0], row[1:]


def highest(demands: QuerySet[Demand]) -> int:
    """The highest identifier of these demands."""
    return int(demands.aggregate(last=Max("pk"))["last"] or 0)


def compare(
    demands: QuerySet[Demand],
    pairs: Mapping[str, Pair],
    today: date,
    outcome: Outcome,
    measure: str,
) -> Steps:
    """One table per subject and dimension; a subject that does not change is counted as a whole."""
    outcome.stock = demands.count()
    done, total = 0, sum(1 if before == after else 3 for before, after in pairs.values())
    yield done, total
    for subject, pair in pairs.items():
        outcome.questions += 1 if pair[0] == pair[1] else len(DIMENSIONS)
        tally = Tally([WHOLE] if pair[0] == pair[1] else DIMENSIONS)
        for _step in _compared(demands, pair, today, tally):
            done += 1
            yield done, total
        outcome.tables += tally.tables(measure, subject)


def _compared(demands: QuerySet[Demand], pair: Pair, today: date, tally: Tally) -> Iterator[None]:
    """A step each time that the stock was read."""
    before, after = (demands.none() if q is None else demands.filter(q) for q in pair)
    if pair[0] == pair[1]:
        tally.count(("",), BEFORE | AFTER, files=before.count())
        yield
        return
    last = highest(demands)
    then, now = bytearray(last + 1), bytearray(last + 1)
    for pk in after.values_list("pk", flat=True).iterator(chunk_size=CHUNK):
        now[pk] = 1
    yield
    for pk, keys in keyed(before, DIMENSIONS, today):
        then[pk] = 1
        tally.count(keys, BEFORE if now[pk] else BEFORE | LOST)
    yield
    for pk, keys in keyed(after, DIMENSIONS, today):
        tally.count(keys, AFTER if then[pk] else AFTER | GAINED)
    yield
