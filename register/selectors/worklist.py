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
from typing import Any

from django.db.models import Q, QuerySet

from register import access, clock
from register.audiences import Plan
from register.figures import beyond_abnormal_delay
from register.form.definition import Question
from register.models import Association, Demand
from register.principals import Principal
from register.rights import Right
from register.selectors import answer_filters, audience_list
from register.selectors.audience_list import IndexedList, Key, Order
from register.selectors.cursor import Cursor
from register.selectors.exported_answers import answers_in, groups_read
from register.selectors.score_list import MOST_SCORED, ScoredList, by_points
from register.selectors.search_list import SearchedList
from register.selectors.text_search import sought_by
from register.selectors.worklist_filter import (
    BY_SIZE,
    ORDER,
    Sort,
    WorklistFilter,
    conditions,
    matching,
    on_index,
    states,
    told_by,
)
from register.selectors.worklist_lines import OF_MISSING, read_lines, say_what_is_missing
from register.selectors.worklist_lines import PAGE_SIZE as PAGE_SIZE
from register.selectors.worklist_lines import WorklistRow as WorklistRow
from rules.formulas import to_q

COUNT_CAP = 1_000


@dataclass(frozen=True)
class Lines:
    """The lines of a page, and the cursors of its neighbours."""

    rows: list[WorklistRow]
    following: Cursor | None
    preceding: Cursor | None
    # True when lines are in the order of their points; the list may be too long for it.
    is_scored: bool


@dataclass(frozen=True)
class WorklistPage(Lines):
    """A page with its count, exact unless `count_is_capped`."""

    count: int
    # True when there are more demands than were counted.
    count_is_capped: bool = False
    # Demands that the order leaves out, because it would tell what is masked; None: perhaps some.
    left_out: int | None = 0


def read_page(
    principal: Principal,
    wanted: WorklistFilter,
    cursor: Cursor | None = None,
    size: int = PAGE_SIZE,
) -> WorklistPage:
    """One page of the list, with its count."""
    asked = _asked(principal, wanted, access.Action.LIST)
    lines = _lines(principal, wanted, asked, cursor, size)
    count, capped = asked.count(COUNT_CAP)
    left_out: int | None = 0
    if _order_leaves_out(principal, wanted, access.Action.LIST):
        by_age = _asked(principal, replace(wanted, sort=Sort.OLDEST), access.Action.LIST)
        whole, whole_is_capped = by_age.count(COUNT_CAP)
        left_out = None if capped or whole_is_capped else max(whole - count, 0)
    return WorklistPage(**vars(lines), count=count, count_is_capped=capped, left_out=left_out)


def read_lines_from(
    principal: Principal,
    wanted: WorklistFilter,
    cursor: Cursor | None = None,
    size: int = PAGE_SIZE,
) -> Lines:
    """One page of the list, for whoever needs no count."""
    asked = _asked(principal, wanted, access.Action.LIST)
    return _lines(principal, wanted, asked, cursor, size)


def _lines(
    principal: Principal, wanted: WorklistFilter, asked: "_Asked", cursor: Cursor | None, size: int
) -> Lines:
    is_scored = isinstance(asked, ScoredList)
    if cursor and not is_scored and isinstance(cursor.value, int) and wanted.sort is Sort.SCORE:
        cursor = None  # The list has grown too long meanwhile: it begins again.
    found = _keys(asked, wanted.sort, cursor, size + 1)
    more, found = len(found) > size, found[:size]
    if cursor and not cursor.forward:
        found.reverse()
    preceding, following = _neighbours(found, cursor, more)
    keys = [key for key, _value in found]
    rows = read_lines(principal, access.Action.LIST, keys, OF_MISSING)
    say_what_is_missing(rows)
    return Lines(_with_points(rows, asked), following, preceding, is_scored)


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
    questions: Sequence[Question] = (),
) -> list[WorklistRow]:
    """The first `limit` lines for this action, without pages: what an export writes.

    `among` leaves out every other demand, and opens none; `questions` are answers of the form to
    tell besides.
    """
    asked = answer_filters.readable_questions(principal)
    source: _Asked
    if among is None:
        source = _asked(principal, wanted, action)
    else:
        source = _ByRights(matching(principal, wanted, action).filter(pk__in=among))
        if wanted.sort is Sort.SCORE:
            source = by_points(principal, action, source.demands.values_list("pk", flat=True))
    found = _keys(source, wanted.sort, None, limit)
    keys = [key for key, _value in found]
    also = {*OF_MISSING, *answer_filters.groups_of(asked), *groups_read(questions)}
    rows = read_lines(principal, action, keys, also)
    say_what_is_missing(rows)
    _with_points(rows, source)
    readable = {row.demand.pk: row.readable for row in rows}
    told = answer_filters.answers_for(readable, asked)
    given = answers_in(readable, questions)
    for row in rows:
        row.answers, row.given = told[row.demand.pk], given.get(row.demand.pk, {})
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


_Asked = IndexedList | SearchedList | _ByRights | ScoredList


def _order_leaves_out(principal: Principal, wanted: WorklistFilter, action: access.Action) -> bool:
    """True when some demands may be missing from the order asked for, and from it alone.

    Those whose household is masked, and those of associations, which name none.

    Their number tells nothing: by seniority, each is shown with its household masked.
    """
    if wanted.sort in BY_SIZE and Association.objects.exists():
        return True
    by_age = replace(wanted, sort=Sort.OLDEST)
    told = told_by(wanted) - told_by(by_age)
    return access.read_in_all(principal, action, told) != told


def within_reach(
    principal: Principal, wanted: WorklistFilter, action: access.Action
) -> WorklistFilter:
    """The same list, by seniority if it is too long to be put in the order of its points.

    Or if the order would leave out demands: an order is no filter.
    """
    if _order_leaves_out(principal, wanted, action):
        return replace(wanted, sort=Sort.OLDEST)
    if wanted.sort is Sort.SCORE and _scored(principal, wanted, action) is None:
        return replace(wanted, sort=Sort.OLDEST)
    return wanted


def _scored(
    principal: Principal, wanted: WorklistFilter, action: access.Action
) -> ScoredList | None:
    oldest = replace(wanted, sort=Sort.OLDEST)
    keys = matching_keys(principal, oldest, action, MOST_SCORED + 1)
    return by_points(principal, action, keys) if len(keys) <= MOST_SCORED else None


def _with_points(rows: list[WorklistRow], source: Any) -> list[WorklistRow]:
    if isinstance(source, ScoredList):
        for row in rows:
            row.weighed = source.told[row.demand.pk]
    return rows


def _asked(principal: Principal, wanted: WorklistFilter, action: access.Action) -> _Asked:
    """The list that was asked for: by the index when there is a plan, else by the rights."""
    if wanted.sort is Sort.SCORE:
        scored = _scored(principal, wanted, action)
        if scored is not None:
            return scored
    outside = wanted.answer or wanted.ceiling or wanted.priority
    sought = sought_by(wanted.text) if wanted.text else None
    told = told_by(wanted)
    if sought and sought.tells_identity:
        told |= {access.FieldSet.IDENTITY}
    if not outside and access.read_in_all(principal, action, told) == told:
        right = access.reach(principal, action)
        if _plan(right, wanted) is not None:
            today = clock.today()
            late = beyond_abnormal_delay(today) if wanted.beyond_delay else None
            listed = _indexed(right, replace(wanted, text=""), today, late)
            return SearchedList(listed, sought) if sought else listed
    return _ByRights(matching(principal, wanted, action))


def _plan(right: Right, wanted: WorklistFilter) -> Plan | None:
    """Within one commune the territories themselves answer best, unless they are too many."""
    return right.plan if wanted.commune and right.plan is not None else right.quickest


@lru_cache(maxsize=512)
def _indexed(right: Right, wanted: WorklistFilter, _today: date, _late: Q | None) -> IndexedList:
    """The same for the same right, filter, day and delays: what filters are written with."""
    plan = _plan(right, wanted) or Plan(())
    index = audience_list.Wanted(states(wanted), on_index(wanted), wanted.home_type)
    if plan.few is not False:
        few = Demand.objects.filter(to_q(plan.few, right.known), *conditions(wanted))
        index = replace(index, few=few)
    if wanted.commune:
        plan = plan.within(f"commune:{wanted.commune}")
    return IndexedList(plan, index)


def _keys(asked: _Asked, sort: Sort, cursor: Cursor | None, limit: int) -> list[Key]:
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
