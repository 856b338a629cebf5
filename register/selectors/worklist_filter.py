"""What an agent looks for in the list of demands: filters, sorts, search."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from register import access, clock, deadlines
from register.audiences import on_copies
from register.figures import beyond_abnormal_delay
from register.models import (
    LIVE_STATES,
    Demand,
    DemandState,
    WishedCommune,
    WishedType,
)
from register.principals import Principal
from register.selectors import answer_filters, priorities
from register.selectors.answer_filters import AnswerFilter
from register.selectors.awaited import awaiting_a_piece
from register.selectors.eligibility import under_ceiling
from register.selectors.missing import CONDITIONS, TELLS, Lack
from register.selectors.text_search import sought_by

LISTED_STATES = (*LIVE_STATES, DemandState.STRUCK_OFF)


class Sort(StrEnum):
    """Orders of the list; each ends with the id so that no two demands are equal."""

    OLDEST = "oldest"
    NEWEST = "newest"
    LARGEST = "largest"
    SMALLEST = "smallest"
    SCORE = "score"


BY_SIZE = (Sort.LARGEST, Sort.SMALLEST)
ORDER: dict[Sort, tuple[str, bool]] = {
    Sort.OLDEST: ("received_on", False),
    Sort.NEWEST: ("received_on", True),
    Sort.LARGEST: ("facts__household_size", True),
    Sort.SMALLEST: ("facts__household_size", False),
    # Points are no column: see `score_list`. A list too long to be weighed is in this order.
    Sort.SCORE: ("received_on", False),
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
    awaits_piece: bool = False
    is_sealed: bool = False
    # A lack, of those that can be sought.
    missing: str = ""
    text: str = ""
    ceiling: str = ""
    priority: str = ""
    answer: AnswerFilter | None = None
    sort: Sort = Sort.OLDEST


def matching(
    principal: Principal,
    wanted: WorklistFilter,
    action: access.Action = access.Action.LIST,
) -> QuerySet[Demand]:
    """Demands open to the principal for this action that answer the filter, in no order.

    What a filter or an order tells of a demand is told to those only who may read it.
    """
    demands = access.scope(principal, action)
    told = told_by(wanted)
    for name in sorted(told - access.read_in_all(principal, action, told)):
        demands = demands.filter(access.readable(principal, name))
    for condition in conditions(wanted):
        demands = demands.filter(condition)
    if wanted.answer:
        demands = demands.filter(answer_filters.condition(principal, wanted.answer))
    if wanted.ceiling:
        readable = access.readable(principal, "resources")
        demands = demands.filter(readable & under_ceiling(wanted.ceiling))
    if wanted.priority:
        demands = demands.filter(priorities.condition(principal, wanted.priority))
    if wanted.text:
        demands = demands.filter(_sought(wanted.text, access.readable(principal, "identity")))
    return demands


def told_by(wanted: WorklistFilter) -> frozenset[access.FieldSet]:
    """The groups of data that these filters and this order tell of each demand that is listed."""
    sizes = wanted.size_min or wanted.size_max or wanted.sort in BY_SIZE
    told = {
        access.FieldSet.HOUSEHOLD: sizes,
        access.FieldSet.WISHES: wanted.commune or wanted.home_type,
        access.FieldSet.SCORE: wanted.is_priority,
        access.FieldSet.DOCUMENTS: wanted.awaits_piece,
    }
    found = {name for name, is_told in told.items() if is_told}
    if wanted.missing in TELLS:
        found.add(TELLS[Lack(wanted.missing)])
    return frozenset(found)


def conditions(wanted: WorklistFilter) -> list[Q]:
    """The filters as tests of demands."""
    tests: list[tuple[Any, Callable[[Any], Q]]] = [
        (wanted.commune, lambda insee: _wishes(WishedCommune, commune=insee)),
        (wanted.home_type, lambda code: _wishes(WishedType, code=code)),
    ]
    wishes = [test(value) for value, test in tests if value]
    return [Q(state__in=states(wanted)), *wishes, *_of_columns(wanted)]


def states(wanted: WorklistFilter) -> tuple[str, ...]:
    return (wanted.state,) if wanted.state in LISTED_STATES else LIVE_STATES


def _of_columns(wanted: WorklistFilter) -> list[Q]:
    today = clock.today()
    tests: list[tuple[Any, Callable[[Any], Q]]] = [
        (wanted.size_min, lambda size: Q(facts__household_size__gte=size)),
        (wanted.size_max, lambda size: Q(facts__household_size__lte=size)),
        (
            wanted.months_min,
            lambda months: Q(received_on__lte=deadlines.add_months(today, -months)),
        ),
        (wanted.beyond_delay, lambda _yes: beyond_abnormal_delay(today)),
        (wanted.is_priority, lambda _yes: Q(facts__is_priority__in=[True])),
        # An association names no household: it has no place in that order.
        (wanted.sort in BY_SIZE, lambda _yes: Q(facts__household_size__isnull=False)),
        (wanted.awaits_piece, lambda _yes: awaiting_a_piece(clock.now())),
        (wanted.is_sealed, lambda _yes: Q(is_sealed=True)),
        (wanted.missing, lambda lack: CONDITIONS[Lack(lack)]()),
    ]
    return [test(value) for value, test in tests if value]


def on_index(wanted: WorklistFilter) -> tuple[Q, ...]:
    """The same filters as tests of audience rows, by what they copy wherever they can."""
    return tuple(map(_on_rows, _of_columns(wanted)))


def _on_rows(test: Q) -> Q:
    told = on_copies(test)
    # Never left out: a filter without effect would list what it was to hide.
    return Q(demand__in=Demand.objects.filter(test).values("pk")) if told is None else told


def _wishes(model: type[WishedCommune] | type[WishedType], **where: str) -> Q:
    return Q(Exists(model.objects.filter(demand=OuterRef("pk"), **where)))


def _sought(text: str, readable: Q) -> Q:
    """Without the second condition, searching would tell names that the list hides."""
    sought = sought_by(text)
    return readable & sought.of_demands() if sought.tells_identity else sought.of_demands()
