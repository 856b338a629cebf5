"""A list searched by a name or a number: what the search finds, looked up in the audience index.

Most searches find few demands: they are read once, and give every page and the count. A search that
finds many is counted to the cap only; its pages follow the index, which then meets a demand that
was looked for at every few steps.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db.models import F, Q

from register.selectors.audience_list import (
    IndexedList,
    Key,
    Order,
    Start,
    in_order,
    met_in,
    page_of,
    rows_together,
)
from register.selectors.text_search import Sought
from rules.statements import NOTHING, Statement, compiled

# Read at once to be counted; and, when their order needs all of them, to be sorted.
MOST_COUNTED, MOST_SORTED = 1_000, 50_000
BY_SENIORITY = Order("received_on", descending=False)


@dataclass(frozen=True)
class Found:
    """Demands that were looked for, in no order, with what they are sorted by."""

    values: dict[int, Any]
    is_whole: bool


@dataclass(frozen=True, eq=False)
class SearchedList:
    """The demands of a list that a search finds. It lives as long as a request."""

    listed: IndexedList
    sought: Sought
    _read: dict[str, Found] = field(default_factory=dict)

    def keys(self, order: Order, start: Start | None, limit: int) -> list[Key]:
        """The first demands in this order, from this start on, with their sort value."""
        needs_all = self.sought.is_of_few or limit > MOST_COUNTED
        found = self._found(order, MOST_SORTED if needs_all else MOST_COUNTED)
        if found.is_whole:
            return in_order(found.values.items(), order, start)[:limit]
        return page_of(self._paged, order, start, limit).rows_once()  # type: ignore[return-value]

    def count(self, cap: int) -> tuple[int, bool]:
        """How many demands there are, and whether counting stopped before the end."""
        read = next(iter(self._read.values()), None)
        if read is None or not (read.is_whole or len(read.values) > cap):
            read = self._found(BY_SENIORITY, max(cap, MOST_COUNTED))
        number = len(read.values)
        return min(number, cap + 1), number > cap

    def _found(self, order: Order, most: int) -> Found:
        """All of them, or more than `most`."""
        found = self._read.get(order.path)
        if found is None or not (found.is_whole or len(found.values) > most):
            found = self._read[order.path] = self._look_up(order, most)
        return found

    def _look_up(self, order: Order, most: int) -> Found:
        limit = most + 1
        while True:
            rows = _matches(self._narrowed, self.sought, order, limit).rows_once()
            values: dict[int, Any] = dict(rows)  # type: ignore[arg-type]
            if len(rows) < limit or len(values) > most:
                return Found(values, is_whole=len(rows) < limit)
            # The same demands came from several audiences: some may be missing.
            limit *= 4

    @cached_property
    def _departments(self) -> list[str] | None:
        """Those where something can be found; None for all of them."""
        return self.sought.departments() if self.sought.number else None

    @cached_property
    def _narrowed(self) -> IndexedList:
        """The list with the search as a test, where something can be found only."""
        plan, wanted, codes = self.listed.plan, self.listed.wanted, self._departments
        if codes is not None:
            pieces = (p for p in plan.pieces if p.prefix != "dep" or p.code in codes)
            plan = replace(plan, pieces=tuple(pieces))
            wanted = replace(wanted, tests=(*wanted.tests, Q(department__in=codes)))
        few = wanted.few
        if few is not None:
            few = few.filter(self.sought.of_demands())
        return IndexedList(plan, replace(wanted, few=few, sought=self.sought.of_audiences()))

    @cached_property
    def _paged(self) -> IndexedList:
        """The same without the pieces whose every row would be walked in vain."""
        asked, codes = self._narrowed, self._departments
        if codes is None:
            return asked
        return replace(asked, plan=replace(asked.plan, pieces=tuple(met_in(asked, codes))))


def _matches(asked: IndexedList, sought: Sought, order: Order, limit: int) -> Statement:
    """Demands that are both in the list and found, the same one perhaps several times.

    Two sets are joined, so that the engine begins with the smaller one.
    """
    told = compiled(sought.demands().order_by())
    parts = [part for part in _parts(asked, told, order) if part.text]
    if not parts:
        return NOTHING
    # Only compiled queries, numbers and the words below are put in the text.
    together = " UNION ALL ".join(
        f"SELECT * FROM ({part.text}) AS part{n}"  # noqa: S608
        for n, part in enumerate(parts)
    )
    text = f"SELECT * FROM ({together}) AS parts LIMIT {limit}"  # noqa: S608
    return Statement(text, tuple(v for part in parts for v in part.values), parts[0].converters)


def _parts(asked: IndexedList, told: Statement, order: Order) -> Iterator[Statement]:
    for rows in rows_together(asked):
        named = rows.annotate(found=F("demand_id"), sorted_by=F(order.column))
        kept = compiled(named.order_by().values_list("found", "sorted_by"))
        if kept.text and told.text:
            text = (
                f"SELECT kept.found, kept.sorted_by FROM ({kept.text}) AS kept"  # noqa: S608
                f" INNER JOIN ({told.text}) AS told ON told.found = kept.found"
            )
            yield Statement(text, (*kept.values, *told.values), kept.converters)
    if asked.wanted.few is not None:
        named_few = asked.wanted.few.annotate(found=F("pk"), sorted_by=F(order.path))
        yield compiled(named_few.order_by().values_list("found", "sorted_by"))
