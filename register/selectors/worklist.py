"""The worklist: the demands a principal may list, filtered, sorted and cut into keyset pages.

Where the rights allow, keys and count come from the audience index; the demands of the page are
then read through the rights themselves, so that an index behind its time hides and never shows. A
page costs as many queries whatever its length. Pages follow the (sort value, id) of the last row
shown, never an offset: a demand that arrives or leaves meanwhile makes nobody else appear twice or
disappear.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import (
    Case,
    CharField,
    F,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat
from django.db.models.lookups import In

from register import access, clock, codes
from register.access import FieldSet
from register.audiences import Plan
from register.figures import beyond_abnormal_delay
from register.models import (
    Demand,
    Person,
    WishedCommune,
    WishedType,
)
from register.principals import Principal
from register.rights import Right
from register.selectors import answer_filters, audience_list
from register.selectors.audience_list import IndexedList, Key, Order
from register.selectors.cursor import Cursor
from register.selectors.score_list import MOST_SCORED, ScoredList, Weighed, by_points
from register.selectors.worklist_filter import (
    ORDER,
    Sort,
    WorklistFilter,
    conditions,
    matching,
    months_before,
    on_index,
    states,
    told_by,
)
from rules.formulas import to_q
from rules.statements import Slot, statement

PAGE_SIZE = 25
COUNT_CAP = 1_000
ADULT_AGE_MONTHS = 18 * 12
# The key of no demand.
NOBODY = 0
# The groups of data that a line tells; of the first three it reads more than the demand itself.
READ = (FieldSet.IDENTITY, FieldSet.HOUSEHOLD, FieldSet.WISHES)
GROUPS = (*READ, FieldSet.SCORE)
# What a line shows of the demand itself: the rest is not read.
SHOWN = (
    "number",
    "state",
    "received_on",
    "is_sealed",
    "unborn_count",
    "facts__household_size",
    "facts__is_dalo",
    "facts__is_priority",
    "facts__identity_verified",
)


@dataclass
class WorklistRow:
    """One demand as a line of the list.

    What is of a group of data that the reader may not read stays empty: it is not even read.
    """

    demand: Demand
    readable: frozenset[FieldSet] = frozenset()
    applicant: str = ""
    home_types: list[str] = field(default_factory=list)
    communes: list[str] = field(default_factory=list)
    adults: int = 0
    children: int = 0
    # Its points, in a list that is in their order.
    weighed: Weighed | None = None
    # Answers to local questions in words, by question, in exports only; masked ones are absent.
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def knows_household(self) -> bool:
        """True when the reader may know who is to be housed."""
        return FieldSet.HOUSEHOLD in self.readable

    @property
    def knows_wishes(self) -> bool:
        """True when the reader may know the home wished."""
        return FieldSet.WISHES in self.readable

    @property
    def knows_priority(self) -> bool:
        """True when the reader may know whether the demand has priority."""
        return FieldSet.SCORE in self.readable

    @property
    def is_dalo(self) -> bool:
        """True for a household that must be housed (DALO), as far as the reader may know."""
        return self.knows_priority and self.demand.facts.is_dalo

    @property
    def is_priority(self) -> bool:
        """True for a recognised priority, as far as the reader may know."""
        return self.knows_priority and self.demand.facts.is_priority

    @property
    def identity_to_check(self) -> bool:
        """True until somebody compared the identity document with the declaration."""
        return not self.demand.facts.identity_verified


@dataclass(frozen=True)
class WorklistPage:
    """A page, the cursors of its neighbours and a count, exact unless `count_is_capped`."""

    rows: list[WorklistRow]
    count: int
    following: Cursor | None
    preceding: Cursor | None
    # True when there are more demands than were counted.
    count_is_capped: bool = False
    # True when lines are in the order of their points; the list may be too long for it.
    is_scored: bool = False


def read_page(
    principal: Principal,
    wanted: WorklistFilter,
    cursor: Cursor | None = None,
    size: int = PAGE_SIZE,
) -> WorklistPage:
    """One page of the list, with its count."""
    asked = _asked(principal, wanted, access.Action.LIST)
    is_scored = isinstance(asked, ScoredList)
    if cursor and not is_scored and isinstance(cursor.value, int) and wanted.sort is Sort.SCORE:
        cursor = None  # The list has grown too long meanwhile: it begins again.
    forward = cursor.forward if cursor else True
    found = _keys(asked, wanted.sort, cursor, size + 1)
    more, found = len(found) > size, found[:size]
    if not forward:
        found.reverse()
    preceding, following = _neighbours(found, cursor, more)
    count, capped = asked.count(COUNT_CAP)
    keys = [key for key, _value in found]
    action = access.Action.LIST
    rows = _draw(_in_order(principal, action, _open(principal, action), keys))
    return WorklistPage(
        rows=_with_points(rows, asked),
        count=count,
        following=following,
        preceding=preceding,
        count_is_capped=capped,
        is_scored=is_scored,
    )


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
    source: IndexedList | _ByRights | ScoredList
    if among is None:
        source = _asked(principal, wanted, action)
    else:
        source = _ByRights(matching(principal, wanted, action).filter(pk__in=among))
        if wanted.sort is Sort.SCORE:
            source = by_points(principal, action, source.demands.values_list("pk", flat=True))
    found = _keys(source, wanted.sort, None, limit)
    demands = answer_filters.with_readable_sets(principal, _open(principal, action), asked)
    rows = _draw(_in_order(principal, action, demands, [key for key, _value in found]))
    _with_points(rows, source)
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


def within_reach(
    principal: Principal, wanted: WorklistFilter, action: access.Action
) -> WorklistFilter:
    """The same list, by seniority if it is too long to be put in the order of its points."""
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


def _asked(
    principal: Principal, wanted: WorklistFilter, action: access.Action
) -> IndexedList | _ByRights | ScoredList:
    """The list that was asked for: by the index when there is a plan, else by the rights."""
    if wanted.sort is Sort.SCORE:
        scored = _scored(principal, wanted, action)
        if scored is not None:
            return scored
    outside = wanted.text or wanted.answer or wanted.ceiling or wanted.priority
    if not outside and all(access.reads_all(principal, action, n) for n in told_by(wanted)):
        right = access.reach(principal, action)
        if _plan(right, wanted) is not None:
            today = clock.today()
            late = beyond_abnormal_delay(today) if wanted.beyond_delay else None
            return _indexed(right, wanted, today, late)
    return _ByRights(matching(principal, wanted, action))


def _plan(right: Right, wanted: WorklistFilter) -> Plan | None:
    """Within one commune the territories themselves answer best."""
    return right.plan if wanted.commune else right.quickest


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


def _keys(
    asked: IndexedList | _ByRights | ScoredList, sort: Sort, cursor: Cursor | None, limit: int
) -> list[Key]:
    """Key and sort value of the demands that follow (or precede) the cursor."""
    column, descending = ORDER[sort]
    turned = descending if cursor is None or cursor.forward else not descending
    start = (cursor.value, cursor.demand_id) if cursor else None
    return asked.keys(Order(column, turned), start, limit)


def _open(principal: Principal, action: access.Action) -> QuerySet[Demand]:
    return access.scope(principal, action).select_related("facts").only(*SHOWN)


def _in_order(
    principal: Principal, action: access.Action, demands: QuerySet[Demand], keys: list[int]
) -> list[WorklistRow]:
    """The demands of these keys in the same order, when the rights themselves open them.

    Each with the groups of data that may be read of it: asked of each only if they differ.
    """
    always = {name for name in GROUPS if access.reads_all(principal, action, name)}
    asked = [name for name in GROUPS if name not in always]
    demands = answer_filters.with_flags(principal, demands.filter(pk__in=keys), asked)
    found = {demand.pk: demand for demand in demands}
    return [
        WorklistRow(
            demand=found[key],
            readable=frozenset(
                {*always, *(n for n in asked if answer_filters.may_read(found[key], n))}
            ),
        )
        for key in keys
        if key in found
    ]


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


def _draw(rows: list[WorklistRow]) -> list[WorklistRow]:
    """Lines with their wishes and people, read for the whole page in one query."""
    lines = {row.demand.pk: row for row in rows}
    told = {
        name: [key if name in lines[key].readable else NOBODY for key in lines] for name in READ
    }
    details = statement(_details, grown_up(), len(lines))
    for demand_id, kind, text, _rank in details.rows(**told):
        _ADD[kind](lines[demand_id], text)
    return rows


def _add_person(row: WorklistRow, age: str) -> None:
    if age == "adult":
        row.adults += 1
    else:
        row.children += 1


_ADD: dict[str, Callable[[WorklistRow, str], None]] = {
    "commune": lambda row, name: row.communes.append(name),
    "name": lambda row, name: setattr(row, "applicant", name),
    "person": _add_person,
    "type": lambda row, code: row.home_types.append(code),
}


def grown_up() -> date:
    """Whoever was born later is a child."""
    return months_before(clock.today(), ADULT_AGE_MONTHS)


def _details(grown_up: date, size: int) -> QuerySet[Any]:
    identity, household, wishes = (_among(name, size) for name in READ)
    types = WishedType.objects.filter(wishes)
    communes = WishedCommune.objects.filter(wishes)
    people = Person.objects.filter(household)
    applicants = Person.objects.filter(identity, role=codes.PersonRole.APPLICANT)
    last_name = Case(When(used_name="", then=F("birth_name")), default=F("used_name"))
    age = Case(When(birth_date__gt=grown_up, then=Value("child")), default=Value("adult"))
    parts = [
        _detail(types, "type", F("code"), Value(0)),
        _detail(communes, "commune", F("commune__name"), F("position")),
        _detail(people, "person", age, F("position")),
        _detail(applicants, "name", Concat(last_name, Value(" "), F("first_names")), Value(0)),
    ]
    return parts[0].union(*parts[1:], all=True).order_by("demand_id", "kind", "rank", "text")


def _among(name: str, size: int) -> In:
    """The rows of the demands that are given when the statement runs."""
    return In(F("demand"), [Slot(name, Demand._meta.pk, place) for place in range(size)])


def _detail(rows: QuerySet[Any], kind: str, text: Any, rank: Any) -> QuerySet[Any]:
    named = rows.order_by().annotate(
        kind=Value(kind, output_field=CharField()),
        text=Cast(text, CharField(max_length=220)),
        rank=rank,
    )
    return named.values_list("demand_id", "kind", "text", "rank")
