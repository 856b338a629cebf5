"""Counts each month how long those waited who were housed (CCH L441-2-6, R441-2-10).

Figures stand at the first of the month and are kept until the next one: counted again in between,
they would tell of the demands that were erased, or put right, meanwhile (R21).
"""

import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from register import access, deadlines
from register.access import Action
from register.codes import StrikeOffReason
from register.models import DemandState, Event, EventKind, WaitingTime
from register.principals import SYSTEM
from register.selectors.statistics import YEAR, reference_day, threshold
from register.territories import territory_tree

DAYS_PER_MONTH = 365.25 / 12
KINDS_OF_AREA = ("commune", "epci", "dep")


@dataclass(frozen=True)
class Housed:
    """A household that signed a lease: where, in which size of home, after how many days."""

    commune: str
    home_type: str
    days: int


def keep_waiting_times() -> int:
    """Count the year that ended with last month, unless it was; the number of rows written."""
    day = reference_day()
    if WaitingTime.objects.filter(ends_on=day).exists():
        return 0
    begins_on, smallest = deadlines.add_months(day, -YEAR), threshold()
    days: dict[tuple[str, str], list[int]] = defaultdict(list)
    for each in housed(begins_on, day):
        for area in _areas(each.commune):
            days[area, each.home_type].append(each.days)
    rows = [
        _row(*key, found, begins_on, day) for key, found in days.items() if len(found) >= smallest
    ]
    with transaction.atomic():
        WaitingTime.objects.all().delete()
        WaitingTime.objects.bulk_create(rows)
    return len(rows)


def housed(begins_on: date, before: date) -> Iterator[Housed]:
    """Those struck off for a lease in this period, whose last candidacy was for the home let.

    A lease without a candidacy under way says nothing of where the home is: it is not counted.
    """
    demands = access.scope(SYSTEM, Action.STATISTICS).filter(
        strike_off_reason=StrikeOffReason.ALLOCATED,
        struck_off_on__gte=begins_on,
        struck_off_on__lt=before,
    )
    ended = _last(EventKind.STRUCK_OFF)
    rows: QuerySet[Any, Any] = demands.annotate(
        was=Subquery(ended.values("from_state")[:1]),
        lease=Subquery(ended.values("details")[:1]),
        home=Subquery(_last(EventKind.CANDIDATE_PROPOSED).values("details")[:1]),
    ).values_list("received_on", "struck_off_on", "was", "lease", "home")
    for received_on, struck_off_on, was, lease, home in rows.iterator():
        if was != DemandState.UNDER_ALLOCATION or not home:
            continue
        signed_on = (lease or {}).get("signed_on")
        ended_on = date.fromisoformat(signed_on) if signed_on else struck_off_on
        yield Housed(home["commune"], home["home_type"], (ended_on - received_on).days)


def _last(kind: EventKind) -> QuerySet[Event]:
    return Event.objects.filter(demand=OuterRef("pk"), kind=kind).order_by("-at", "-pk")


def _areas(commune: str) -> Iterator[str]:
    """The commune, its intercommunality and its department."""
    for key in territory_tree().chain(f"commune:{commune}"):
        if key.partition(":")[0] in KINDS_OF_AREA:
            yield key


def _row(area: str, home_type: str, days: Sequence[int], begins: date, ends: date) -> WaitingTime:
    quarter, half, three_quarters = statistics.quantiles(days, n=4, method="inclusive")
    return WaitingTime(
        area=area,
        home_type=home_type,
        begins_on=begins,
        ends_on=ends,
        homes=len(days),
        quarter=_months(quarter),
        half=_months(half),
        three_quarters=_months(three_quarters),
    )


def _months(days: float) -> int:
    """Whole months: a day would be that of one household."""
    return round(days / DAYS_PER_MONTH)
