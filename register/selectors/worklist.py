"""The worklist: the demands a principal may list, filtered, sorted and cut into keyset pages.

Where the rights allow, keys and count come from the audience index; the demands of the page are
then read through the rights themselves, so that an index behind its time hides and never shows. A
page costs as many queries whatever its length. Pages follow the (sort value, id) of the last row
shown, never an offset: a demand that arrives or leaves meanwhile makes nobody else appear twice or
disappear.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from django.db.models import QuerySet

from register import access, clock
from register.audiences import Plan
from register.models import Demand
from register.principals import Principal
from register.rights import Right
from register.selectors import answer_filters, audience_list
from register.selectors.audience_list import IndexedList, Key, Order
from register.selectors.worklist_filter import (
    ORDER,
    Sort,
    WorklistFilter,
    abnormal_delay_months,
    conditions,
    matching,
    on_index,
    states,
)
from register.selectors.worklist_lines import PAGE_SIZE, WorklistRow, read_lines
from rules.formulas import to_q

__all__ = [
    "COUNT_CAP",
    "PAGE_SIZE",
    "BadCursor",
    "Cursor",
    "Lines",
    "Sort",
    "WorklistFilter",
    "WorklistPage",
    "WorklistRow",
    "count",
    "matching_keys",
    "read_lines_from",
    "read_page",
    "read_rows",
]

COUNT_CAP = 1_000
LARGEST_KEY = 2**63 - 1


class BadCursor(ValueError):
    """A page address that this list never gave."""


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: after (or before) the demand with this sort value and id."""

    forward: bool
    value: date | int
    demand_id: int

    def __str__(self) -> str:
        return f"{'after' if self.forward else 'before'}.{self.value}.{self.demand_id}"

    @classmethod
    def parse(cls, text: str, sort: Sort) -> "Cursor":
        """Read a cursor back; raises BadCursor when it does not fit this order."""
        try:
            way, value, demand_id = text.split(".")
            of_date = ORDER[sort][0] == "received_on"
            key: date | int = date.fromisoformat(value) if of_date else int(value)
            demand = int(demand_id)
            too_large = demand > LARGEST_KEY or (isinstance(key, int) and key > LARGEST_KEY)
            if way not in ("after", "before") or too_large:
                raise ValueError(text)
            return cls(way == "after", key, demand)
        except (ValueError, OverflowError) as error:
            raise BadCursor(text) from error


@dataclass(frozen=True)
class Lines:
    """The lines of a page, and the cursors of its neighbours."""

    rows: list[WorklistRow]
    following: Cursor | None
    preceding: Cursor | None


@dataclass(frozen=True)
class WorklistPage(Lines):
    """A page with its count, exact unless `count_is_capped`."""

    count: int
    # True when there are more demands than were counted.
    count_is_capped: bool = False


def read_page(
    principal: Principal,
    wanted: WorklistFilter,
    cursor: Cursor | None = None,
    size: int = PAGE_SIZE,
) -> WorklistPage:
    """One page of the list, with its count."""
    lines = read_lines_from(principal, wanted, cursor, size)
    counted, capped = count(principal, wanted)
    return WorklistPage(lines.rows, lines.following, lines.preceding, counted, capped)


def read_lines_from(
    principal: Principal,
    wanted: WorklistFilter,
    cursor: Cursor | None = None,
    size: int = PAGE_SIZE,
) -> Lines:
    """One page of the list, without its count."""
    asked = _asked(principal, wanted, access.Action.LIST)
    found = _keys(asked, wanted.sort, cursor, size + 1)
    more, found = len(found) > size, found[:size]
    if cursor and not cursor.forward:
        found.reverse()
    preceding, following = _neighbours(found, cursor, more)
    rows = read_lines(principal, access.Action.LIST, [key for key, _value in found])
    return Lines(rows, following, preceding)


def count(principal: Principal, wanted: WorklistFilter) -> tuple[int, bool]:
    """How many demands the list has, and whether there are more than were counted."""
    return _asked(principal, wanted, access.Action.LIST).count(COUNT_CAP)


def matching_keys(
    principal: Principal, wanted: WorklistFilter, action: access.Action, limit: int
) -> list[int]:
    """The keys of the first `limit` lines for this action, in the order of the list."""
    found = _keys(_asked(principal, wanted, action), wanted.sort, None, limit)
    return [key for key, _value in found]


def read_rows(
    principal: Principal,
    wanted: WorklistFilter,
    action: access.Action,
    limit: int,
    *,
    among: Sequence[int] | None = None,
) -> list[WorklistRow]:
    """The first `limit` lines for this action, without pages: what an export writes.

    `among` leaves out every other demand, and opens none.
    """
    asked = answer_filters.readable_questions(principal)
    source: IndexedList | _ByRights
    if among is None:
        source = _asked(principal, wanted, action)
    else:
        source = _ByRights(matching(principal, wanted, action).filter(pk__in=among))
    found = _keys(source, wanted.sort, None, limit)
    sets = answer_filters.readable_sets(principal, asked)
    rows = read_lines(principal, action, [key for key, _value in found], sets)
    told = answer_filters.answers_for([row.demand for row in rows], asked)
    for row in rows:
        row.answers = told[row.demand.pk]
    return rows


@dataclass(frozen=True)
class _ByRights:
    """What the index cannot answer: the query of the rights themselves, with a count that stops."""

    demands: QuerySet[Demand]

    def keys(self, order: Order, start: audience_list.Start | None, limit: int) -> list[Key]:
        rows = audience_list.after(self.demands, order, start)
        return list(rows.values_list("pk", order.path)[:limit])

    def count(self, cap: int) -> tuple[int, bool]:
        counted = self.demands.order_by()[: cap + 1].count()
        return counted, counted > cap


def _asked(
    principal: Principal, wanted: WorklistFilter, action: access.Action
) -> IndexedList | _ByRights:
    """The list that was asked for: by the index when there is a plan, else by the rights."""
    if not (wanted.text or wanted.answer or wanted.ceiling or wanted.priority):
        right = access.reach(principal, action)
        if right.plan is not None:
            delay = abnormal_delay_months() if wanted.beyond_delay else None
            return _indexed(right, wanted, clock.today(), delay)
    return _ByRights(matching(principal, wanted, action))


@lru_cache(maxsize=512)
def _indexed(right: Right, wanted: WorklistFilter, _today: date, _delay: int | None) -> IndexedList:
    """The same for the same right, filter, day and delay: what filters are written with."""
    plan = right.plan or Plan(())
    index = audience_list.Wanted(states(wanted), on_index(wanted), wanted.home_type)
    if plan.few is not False:
        few = Demand.objects.filter(to_q(plan.few, right.known), *conditions(wanted))
        index = replace(index, few=few)
    if wanted.commune:
        plan = plan.within(f"commune:{wanted.commune}")
    return IndexedList(plan, index)


def _keys(
    asked: IndexedList | _ByRights, sort: Sort, cursor: Cursor | None, limit: int
) -> list[Key]:
    """Key and sort value of the demands that follow (or precede) the cursor."""
    column, descending = ORDER[sort]
    turned = descending if cursor is None or cursor.forward else not descending
    start = (cursor.value, cursor.demand_id) if cursor else None
    return asked.keys(Order(column, turned), start, limit)


def _neighbours(
    found: list[Key], cursor: Cursor | None, more: bool
) -> tuple[Cursor | None, Cursor | None]:
    """Cursors of the page before and the page after the demands found."""
    if not found:
        return None, None
    forward = cursor.forward if cursor else True
    has_before = cursor is not None if forward else more
    has_after = more if forward else True
    (first, first_value), (last, last_value) = found[0], found[-1]
    before = Cursor(False, first_value, first) if has_before else None
    after = Cursor(True, last_value, last) if has_after else None
    return before, after
