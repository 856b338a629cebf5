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
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    F,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat

from register import access, clock, codes
from register.audiences import Plan
from register.models import (
    Demand,
    Person,
    WishedCommune,
    WishedType,
)
from register.principals import Principal
from register.selectors import answer_filters, audience_list
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
)
from rules.formulas import to_q

PAGE_SIZE = 25
COUNT_CAP = 1_000
ADULT_AGE_MONTHS = 18 * 12
DASHES_OF_A_DAY = 2
# A demand and its sort value.
Key = tuple[int, date | int]


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
            of_points = sort is Sort.SCORE and value.count("-") < DASHES_OF_A_DAY
            key: date | int
            key = date.fromisoformat(value) if of_date and not of_points else int(value)
            if way not in ("after", "before"):
                raise ValueError(way)
            return cls(way == "after", key, int(demand_id))
        except (ValueError, OverflowError) as error:
            raise BadCursor(text) from error


@dataclass
class WorklistRow:
    """One demand as a line of the list."""

    demand: Demand
    # Stays empty when the reader may not know it: it is then not even read.
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


def _with_masks(principal: Principal, demands: QuerySet[Demand]) -> QuerySet[Demand]:
    """Each row tells whether the reader may know who asks."""
    readable = When(access.readable(principal, "identity"), then=Value(True))
    return demands.annotate(
        identity_readable=Case(readable, default=Value(False), output_field=BooleanField())
    )


def read_page(
    principal: Principal,
    wanted: WorklistFilter,
    cursor: Cursor | None = None,
    size: int = PAGE_SIZE,
) -> WorklistPage:
    """One page of the list, with its count."""
    forward = cursor.forward if cursor else True
    asked = _asked(principal, wanted, access.Action.LIST)
    found = asked.keys(cursor, size + 1)
    more, found = len(found) > size, found[:size]
    if not forward:
        found.reverse()
    preceding, following = _neighbours(found, cursor, more)
    count, capped = asked.count()
    keys = [key for key, _value in found]
    rows = _draw(_in_order(principal, _open(principal, access.Action.LIST), keys))
    return WorklistPage(
        rows=_with_points(rows, asked),
        count=count,
        following=following,
        preceding=preceding,
        count_is_capped=capped,
        is_scored=isinstance(asked, _Scored),
    )


def matching_keys(
    principal: Principal, wanted: WorklistFilter, action: access.Action, limit: int
) -> list[int]:
    """The keys of the first `limit` lines for this action, in the order of the list."""
    return [key for key, _value in _asked(principal, wanted, action).keys(None, limit)]


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
    source: _Asked | _Scored
    if among is None:
        source = _asked(principal, wanted, action)
    elif wanted.sort is Sort.SCORE:
        demands = matching(principal, wanted, action).filter(pk__in=among)
        keys = list(demands.values_list("pk", flat=True))
        source = _Scored(by_points(principal, action, keys))
    else:
        source = _by_rights(matching(principal, wanted, action).filter(pk__in=among), wanted)
    found = source.keys(None, limit)
    demands = answer_filters.with_readable_sets(principal, _open(principal, action), asked)
    rows = _draw(_in_order(principal, demands, [key for key, _value in found]))
    _with_points(rows, source)
    told = answer_filters.answers_for([row.demand for row in rows], asked)
    for row in rows:
        row.answers = told[row.demand.pk]
    return rows


@dataclass(frozen=True)
class _Asked:
    """A list that was asked for: by the index when there is a plan, by the rights otherwise."""

    demands: QuerySet[Demand] | None
    sort: Sort
    plan: Plan
    index: audience_list.Wanted

    def keys(self, cursor: Cursor | None, limit: int) -> list[Key]:
        """Key and sort value of the demands that follow (or precede) the cursor."""
        column, descending = ORDER[self.sort]
        turned = descending if cursor is None or cursor.forward else not descending
        order = audience_list.Order(column, turned)
        start = (cursor.value, cursor.demand_id) if cursor else None
        if self.demands is not None:
            rows = audience_list.after(self.demands, order, start)
            return list(rows.values_list("pk", column)[:limit])
        return audience_list.read_keys(self.plan, self.index, order, start, limit)

    def count(self) -> tuple[int, bool]:
        """How many there are, and whether there are more than that."""
        if self.demands is not None:
            counted = self.demands.order_by()[: COUNT_CAP + 1].count()
            return counted, counted > COUNT_CAP
        return audience_list.count(self.plan, self.index, COUNT_CAP)


@dataclass(frozen=True)
class _Scored:
    """A list in the order of its points, all of it weighed."""

    found: ScoredList

    def keys(self, cursor: Cursor | None, limit: int) -> list[Key]:
        """Key and sort value of the demands that follow (or precede) the cursor."""
        start = (cursor.value, cursor.demand_id) if cursor else None
        lines = self.found.keys(start, limit, backwards=bool(cursor and not cursor.forward))
        return [(line.demand_id, line.value) for line in lines]

    def count(self) -> tuple[int, bool]:
        """How many there are: all of them were read."""
        return len(self.found.lines), False


def within_reach(
    principal: Principal, wanted: WorklistFilter, action: access.Action
) -> WorklistFilter:
    """The same list, by seniority if it is too long to be put in the order of its points."""
    if wanted.sort is Sort.SCORE and _scored(principal, wanted, action) is None:
        return replace(wanted, sort=Sort.OLDEST)
    return wanted


def _scored(principal: Principal, wanted: WorklistFilter, action: access.Action) -> _Scored | None:
    oldest = replace(wanted, sort=Sort.OLDEST)
    keys = matching_keys(principal, oldest, action, MOST_SCORED + 1)
    if len(keys) > MOST_SCORED:
        return None
    return _Scored(by_points(principal, action, keys))


def _with_points(rows: list[WorklistRow], source: Any) -> list[WorklistRow]:
    if isinstance(source, _Scored):
        for row in rows:
            row.weighed = source.found.told[row.demand.pk]
    return rows


def _asked(
    principal: Principal, wanted: WorklistFilter, action: access.Action
) -> "_Asked | _Scored":
    if wanted.sort is Sort.SCORE:
        scored = _scored(principal, wanted, action)
        if scored is not None:
            return scored
    outside = wanted.text or wanted.answer or wanted.ceiling or wanted.priority
    plan = None if outside else access.reach(principal, action).plan
    if plan is None:
        return _by_rights(matching(principal, wanted, action), wanted)
    index = audience_list.Wanted(states(wanted), on_index(wanted), wanted.home_type)
    if plan.few is not False:
        few = Demand.objects.filter(to_q(plan.few, access.vocabulary()), *conditions(wanted))
        index = replace(index, few=few)
    if wanted.commune:
        plan = plan.within(f"commune:{wanted.commune}")
    return _Asked(None, wanted.sort, plan, index)


def _by_rights(demands: QuerySet[Demand], wanted: WorklistFilter) -> _Asked:
    """What the index cannot answer: the query of the rights themselves, with a count that stops."""
    return _Asked(demands, wanted.sort, Plan(()), audience_list.Wanted((), (), ""))


def _open(principal: Principal, action: access.Action) -> QuerySet[Demand]:
    return access.scope(principal, action).select_related("facts")


def _in_order(principal: Principal, demands: QuerySet[Demand], keys: list[int]) -> list[Demand]:
    """The demands of these keys in the same order, when the rights themselves open them."""
    found = {demand.pk: demand for demand in _with_masks(principal, demands.filter(pk__in=keys))}
    return [found[key] for key in keys if key in found]


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


def _draw(demands: list[Demand]) -> list[WorklistRow]:
    """Lines with their wishes and people, read for the whole page in one query."""
    rows = {demand.pk: WorklistRow(demand=demand) for demand in demands}
    named = [d.pk for d in demands if d.identity_readable]  # type: ignore[attr-defined]
    for demand_id, kind, text, _rank in _details(list(rows), named) if rows else ():
        _ADD[kind](rows[demand_id], text)
    return list(rows.values())


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


def _details(ids: list[int], named: list[int]) -> QuerySet[Any]:
    types = WishedType.objects.filter(demand__in=ids)
    communes = WishedCommune.objects.filter(demand__in=ids)
    people = Person.objects.filter(demand__in=ids)
    applicants = Person.objects.filter(demand__in=named, role=codes.PersonRole.APPLICANT)
    grown_up = months_before(clock.today(), ADULT_AGE_MONTHS)
    last_name = Case(When(used_name="", then=F("birth_name")), default=F("used_name"))
    age = Case(When(birth_date__gt=grown_up, then=Value("child")), default=Value("adult"))
    parts = [
        _detail(types, "type", F("code"), Value(0)),
        _detail(communes, "commune", F("commune__name"), F("position")),
        _detail(people, "person", age, F("position")),
        _detail(applicants, "name", Concat(last_name, Value(" "), F("first_names")), Value(0)),
    ]
    return parts[0].union(*parts[1:], all=True).order_by("demand_id", "kind", "rank", "text")


def _detail(rows: QuerySet[Any], kind: str, text: Any, rank: Any) -> QuerySet[Any]:
    named = rows.order_by().annotate(
        kind=Value(kind, output_field=CharField()),
        text=Cast(text, CharField(max_length=220)),
        rank=rank,
    )
    return named.values_list("demand_id", "kind", "text", "rank")
