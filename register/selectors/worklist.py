"""The worklist: the demands a principal may list, filtered, sorted and cut into keyset pages.

A page is three queries whatever its length: the demands, what is drawn beside each (wishes and
people), the count. Pages follow the (sort value, id) of the last row shown, never an offset: a
demand that arrives or leaves meanwhile makes nobody else appear twice or disappear.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat

from register import access, clock, codes, deadlines
from register.models import (
    LIVE_STATES,
    Demand,
    DemandState,
    Person,
    WishedCommune,
    WishedType,
)
from register.principals import Principal
from register.selectors import answer_filters, priorities
from register.selectors.answer_filters import AnswerFilter
from register.selectors.eligibility import under_ceiling
from register.text import search_key

PAGE_SIZE = 25
COUNT_CAP = 1_000
ADULT_AGE_MONTHS = 18 * 12
LISTED_STATES = (*LIVE_STATES, DemandState.STRUCK_OFF)
NUMBER_START = re.compile(r"[0-9]{1,3}[0-9A-Z]{0,15}")


class Sort(StrEnum):
    """Orders of the list; each ends with the id so that no two demands are equal."""

    OLDEST = "oldest"
    NEWEST = "newest"
    LARGEST = "largest"
    SMALLEST = "smallest"


_ORDER: dict[Sort, tuple[str, bool]] = {
    Sort.OLDEST: ("received_on", False),
    Sort.NEWEST: ("received_on", True),
    Sort.LARGEST: ("facts__household_size", True),
    Sort.SMALLEST: ("facts__household_size", False),
}


@dataclass(frozen=True)
class WorklistFilter:
    """What somebody looks for. `commune` is an INSEE code, `state` empty means "still live"."""

    commune: str = ""
    home_type: str = ""
    size_min: int | None = None
    size_max: int | None = None
    state: str = ""
    months_min: int | None = None
    beyond_delay: bool = False
    is_priority: bool = False
    identity_to_check: bool = False
    text: str = ""
    ceiling: str = ""
    priority: str = ""
    answer: AnswerFilter | None = None
    sort: Sort = Sort.OLDEST


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
            of_date = _ORDER[sort][0] == "received_on"
            key: date | int = date.fromisoformat(value) if of_date else int(value)
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
    # Answers to local questions in words, by question, in exports only; masked ones are absent.
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def identity_to_check(self) -> bool:
        """True until somebody compared the identity document with the declaration."""
        return not self.demand.facts.identity_verified


@dataclass(frozen=True)
class WorklistPage:
    """A page, the cursors of its neighbours and a count that stops at `COUNT_CAP`."""

    rows: list[WorklistRow]
    count: int
    following: Cursor | None
    preceding: Cursor | None

    @property
    def count_is_capped(self) -> bool:
        """True when there are more demands than were counted."""
        return self.count > COUNT_CAP


def matching(
    principal: Principal,
    wanted: WorklistFilter,
    action: access.Action = access.Action.LIST,
) -> QuerySet[Demand]:
    """Demands open to the principal for this action that answer the filter, in no order."""
    demands = access.scope(principal, action)
    for condition in _conditions(wanted):
        demands = demands.filter(condition)
    if wanted.answer:
        demands = demands.filter(answer_filters.condition(principal, wanted.answer))
    if wanted.ceiling:
        readable = access.readable(principal, "resources")
        demands = demands.filter(readable & under_ceiling(wanted.ceiling))
    if wanted.priority:
        demands = demands.filter(priorities.condition(principal, wanted.priority))
    if wanted.text:
        demands = demands.filter(_text(wanted.text, access.readable(principal, "identity")))
    return demands


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
    demands = matching(principal, wanted)
    forward = cursor.forward if cursor else True
    found = list(_slice(_with_masks(principal, demands), wanted.sort, cursor)[: size + 1])
    more, found = len(found) > size, found[:size]
    if not forward:
        found.reverse()
    preceding, following = _neighbours(found, wanted.sort, cursor, more)
    return WorklistPage(
        rows=_draw(found),
        count=demands.order_by()[: COUNT_CAP + 1].count(),
        following=following,
        preceding=preceding,
    )


def matching_keys(
    principal: Principal, wanted: WorklistFilter, action: access.Action, limit: int
) -> list[int]:
    """The keys of the first `limit` lines for this action, in the order of the list."""
    demands = _slice(matching(principal, wanted, action), wanted.sort, None)
    return list(demands.values_list("pk", flat=True)[:limit])


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
    demands = _with_masks(principal, matching(principal, wanted, action))
    if among is not None:
        demands = demands.filter(pk__in=among)
    demands = answer_filters.with_readable_sets(principal, demands, asked)
    rows = _draw(list(_slice(demands, wanted.sort, None)[:limit]))
    told = answer_filters.answers_for([row.demand for row in rows], asked)
    for row in rows:
        row.answers = told[row.demand.pk]
    return rows


def _conditions(wanted: WorklistFilter) -> list[Q]:
    today = clock.today()
    states = (wanted.state,) if wanted.state in LISTED_STATES else LIVE_STATES
    tests: list[tuple[Any, Callable[[Any], Q]]] = [
        (wanted.commune, lambda insee: _wishes(WishedCommune, commune=insee)),
        (wanted.home_type, lambda code: _wishes(WishedType, code=code)),
        (wanted.size_min, lambda size: Q(facts__household_size__gte=size)),
        (wanted.size_max, lambda size: Q(facts__household_size__lte=size)),
        (
            wanted.months_min,
            lambda months: Q(received_on__lte=deadlines.add_months(today, -months)),
        ),
        (wanted.beyond_delay, lambda _yes: Q(received_on__lt=abnormal_delay_limit())),
        (wanted.is_priority, lambda _yes: Q(facts__is_priority=True)),
        (wanted.identity_to_check, lambda _yes: Q(facts__identity_verified=False)),
    ]
    return [Q(state__in=states), *(test(value) for value, test in tests if value)]


def _wishes(model: type[WishedCommune] | type[WishedType], **where: str) -> Q:
    return Q(Exists(model.objects.filter(demand=OuterRef("pk"), **where)))


def _text(text: str, readable: Q) -> Q:
    """A number from its start, or the beginning of the applicant's name if it may be read.

    Without the second condition, searching would tell names that the list hides.
    """
    compact = re.sub(r"\s", "", text).upper()
    if NUMBER_START.fullmatch(compact):
        return Q(number__startswith=compact)
    people = Person.objects.filter(
        demand=OuterRef("pk"),
        role=codes.PersonRole.APPLICANT,
        search_name__startswith=search_key(text),
    )
    return readable & Q(Exists(people))


def abnormal_delay_months() -> int:
    """The wait, in months, beyond which the delay is abnormally long (CCH L441-1-4)."""
    return deadlines.get("abnormal_delay").value


def months_before(day: date, months: int) -> date:
    """The same day, that many months earlier."""
    return deadlines.add_months(day, -months)


def abnormal_delay_limit() -> date:
    """Demands received before this day wait for longer than the abnormally long delay."""
    return months_before(clock.today(), abnormal_delay_months())


def _slice(demands: QuerySet[Demand], sort: Sort, cursor: Cursor | None) -> QuerySet[Demand]:
    column, descending = _ORDER[sort]
    if cursor:
        rising = cursor.forward != descending
        compare = "gt" if rising else "lt"
        # The first test alone lets the index find its place; the second removes equal rows seen.
        demands = demands.filter(
            Q(**{f"{column}__{compare}e": cursor.value})
            & (
                Q(**{f"{column}__{compare}": cursor.value})
                | Q(**{f"id__{compare}": cursor.demand_id})
            )
        )
        descending = not rising
    sign = "-" if descending else ""
    return demands.select_related("facts").order_by(f"{sign}{column}", f"{sign}id")


def _neighbours(
    found: list[Demand], sort: Sort, cursor: Cursor | None, more: bool
) -> tuple[Cursor | None, Cursor | None]:
    """Cursors of the page before and the page after the demands found."""
    if not found:
        return None, None
    forward = cursor.forward if cursor else True
    has_before = cursor is not None if forward else more
    has_after = more if forward else True
    before = Cursor(False, _sort_value(found[0], sort), found[0].pk) if has_before else None
    after = Cursor(True, _sort_value(found[-1], sort), found[-1].pk) if has_after else None
    return before, after


def _sort_value(demand: Demand, sort: Sort) -> date | int:
    if _ORDER[sort][0] == "received_on":
        return demand.received_on
    return demand.facts.household_size


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
