"""Counts for the observatory, with what statistical secrecy leaves of them.

Figures stand at a fixed day, the first of the month (R21): demands received or ended since do not
move them. What a demand says is read as it is today: two visits in one month may differ by what was
changed in between, and whoever compares them then sees that something was, in a group that is not
small. Only figures kept once a month would not move at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, F, IntegerField, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from register import access, clock, codes, deadlines
from register.access import Action
from register.models import (
    Demand,
    DemandState,
    Department,
    Event,
    EventKind,
    Parameter,
    WishedCommune,
    WishedType,
)
from register.principals import SYSTEM, Principal
from register.selectors.abnormal_delay import Wait, departments_by_delay, waits
from rules.statements import statement

THRESHOLD_PARAMETER = "secrecy.public"
USUAL_THRESHOLD = 11
TOP_COMMUNES = 10
YEAR = 12
LARGEST_BAND = 6
# Months of seniority at which a band ends.
SENIORITY_BANDS = ((6, "0-6"), (12, "6-12"), (24, "12-24"), (36, "24-36"), (60, "36-60"))
LONGEST_BAND = "60+"
SENIORITY_LABELS: dict[str, str | Promise] = {
    "0-6": _("Less than 6 months"),
    "6-12": _("6 to 12 months"),
    "12-24": _("1 to 2 years"),
    "24-36": _("2 to 3 years"),
    "36-60": _("3 to 5 years"),
    LONGEST_BAND: _("5 years or more"),
}


@dataclass(frozen=True)
class Bar:
    """One line of a figure; `count` is None when it is not published."""

    label: str | Promise
    count: int | None


@dataclass(frozen=True)
class Figure:
    """A counted table: its lines, and what was counted."""

    code: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Observation:
    """What is published of a territory at a day; None means not published."""

    day: date
    threshold: int
    live: int | None
    # Of persons: what the delay opens is none of an association's (CCH L441-2-3).
    beyond_delay: int | None
    # The abnormally long delay of each department that is counted.
    delays: tuple[Wait, ...]
    proposed: int | None
    allocated: int | None
    figures: tuple[Figure, ...]


def reference_day() -> date:
    """The day at which figures stand: the first of this month."""
    return clock.today().replace(day=1)


def threshold() -> int:
    """The smallest count that is published: Insee's usage, or more where the partners ask for it.

    The figure is a row that editors change: it may hide more, never less.
    """
    found = statement(_threshold, clock.today()).rows()
    return max([USUAL_THRESHOLD, *(int(value) for (value,) in found)])


def _threshold(day: date) -> QuerySet[Parameter, Any]:
    holds = Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    rows = Parameter.objects.filter(holds, code=THRESHOLD_PARAMETER)
    return rows.order_by("pk").values_list("value")[:1]


def observe_department(department: str) -> Observation:
    """What everybody may know of a department."""
    demands = access.scope(SYSTEM, Action.STATISTICS).filter(department_id=department)
    there = Department.objects.filter(pk=department)
    return observe(demands, reference_day(), threshold(), there)


def observe_for(principal: Principal) -> Observation:
    """What a body may know of the demands of its own territory."""
    return observe(access.scope(principal, Action.STATISTICS), reference_day(), threshold())


def territory_observed(principal: Principal) -> str:
    """The name of what `observe_for` counts: the departments of the agreement in force today."""
    placesopened = principal.facts["organisation.departments"]
    found = Department.objects.filter(pk__in=placesopened).order_by("code")
    return ", ".join(department.name for department in found)


def observe(
    demands: QuerySet[Demand],
    day: date,
    smallest: int,
    departments: Iterable[Department] | None = None,
) -> Observation:
    """Count these demands as they stood at the beginning of `day`.

    `departments` are those whose delays are told: all that the register serves unless some are.
    """
    live, delays = _live(demands, day), waits(departments)
    total = live.count()
    if total < smallest:
        return Observation(day, smallest, None, None, delays, None, None, ())
    persons = live.filter(is_association=False)
    beyond = persons.filter(_beyond_delay(day)).count()
    shown_beyond, _others = suppress((beyond, persons.count() - beyond), smallest)
    seniority = _seniority(live, day, smallest)
    if any(bar.count is None for bar in seniority.bars):
        # The delay is where a band ends: bands subtracted from those beyond it tell a hidden one.
        shown_beyond = None
    year = (deadlines.add_months(day, -YEAR), day)
    return Observation(
        day=day,
        threshold=smallest,
        live=total,
        beyond_delay=shown_beyond,
        delays=delays,
        proposed=_enough(_proposed(demands, year), smallest),
        allocated=_enough(_allocated(demands, year), smallest),
        figures=(
            _home_types(live, smallest),
            _applicants(live, smallest),
            _household_sizes(persons, smallest),
            seniority,
            _communes(live, smallest),
        ),
    )


def suppress(counts: Sequence[int], smallest: int) -> list[int | None]:
    """Hide small counts of lines that add up to a published total, and enough others.

    Zero is small too. One hidden line would be found by subtraction, so the smallest of the others
    are hidden until at least two are, and their sum says nothing of any of them.
    """
    hidden = {place for place, count in enumerate(counts) if count < smallest}
    rest = sorted((p for p in range(len(counts)) if p not in hidden), key=lambda p: counts[p])
    while hidden and rest and _tells(counts, hidden, smallest):
        hidden.add(rest.pop(0))
    return [None if place in hidden else count for place, count in enumerate(counts)]


def _tells(counts: Sequence[int], hidden: set[int], smallest: int) -> bool:
    """True while the hidden lines can be guessed from their sum."""
    total = sum(counts[place] for place in hidden)
    if len(hidden) < 2 or total < smallest:
        return True
    all_small = all(counts[place] < smallest for place in hidden)
    # Several counts all below the threshold whose sum is nearly the most it can be are known.
    return all_small and total > (len(hidden) - 1) * (smallest - 1)


def _enough(count: int, smallest: int) -> int | None:
    return count if count >= smallest else None


def _live(demands: QuerySet[Demand], day: date) -> QuerySet[Demand]:
    # What is erased keeps its dates: a past day is counted as it was before the erasure.
    alive = Q(struck_off_on__isnull=True) & ~Q(state=DemandState.ERASED)
    return demands.filter(alive | Q(struck_off_on__gte=day), received_on__lt=day)


def _beyond_delay(day: date) -> Q:
    """Those who have waited for the delay of their own department; none if not known."""
    beyond = Q(pk__in=[])
    for months, places in departments_by_delay().items():
        late = Q(received_on__lt=deadlines.add_months(day, -months))
        beyond |= late & Q(department_id__in=places)
    return beyond


def _proposed(demands: QuerySet[Demand], period: tuple[date, date]) -> int:
    return Event.objects.filter(
        demand__in=demands,
        kind=EventKind.CANDIDATE_PROPOSED,
        at__date__gte=period[0],
        at__date__lt=period[1],
    ).count()


def _allocated(demands: QuerySet[Demand], period: tuple[date, date]) -> int:
    return demands.filter(
        strike_off_reason=codes.StrikeOffReason.ALLOCATED,
        struck_off_on__gte=period[0],
        struck_off_on__lt=period[1],
    ).count()


def _home_types(live: QuerySet[Demand], smallest: int) -> Figure:
    rows = WishedType.objects.filter(demand__in=live).order_by().values_list("code")
    counts = dict(rows.annotate(n=Count("pk")))
    return Figure(
        "home-types",
        tuple(
            Bar(label, _enough(counts.get(code, 0), smallest))
            for code, label in codes.HomeType.choices
        ),
    )


def _applicants(live: QuerySet[Demand], smallest: int) -> Figure:
    """Persons and associations apart, as the national statistics count them (ANCOLS).

    Under the same secrecy as the rest: where associations ask for most, the others are few.
    """
    counts = dict(live.order_by().values_list("is_association").annotate(n=Count("pk")))
    told = [counts.get(False, 0), counts.get(True, 0)]
    return _adding_up("applicants", (_("Persons"), _("Associations")), told, smallest)


def _household_sizes(live: QuerySet[Demand], smallest: int) -> Figure:
    band = Case(
        When(facts__household_size__gte=LARGEST_BAND, then=Value(LARGEST_BAND)),
        default=F("facts__household_size"),
        output_field=IntegerField(),
    )
    counts = dict(live.annotate(band=band).order_by().values_list("band").annotate(n=Count("pk")))
    labels = [str(size) for size in range(1, LARGEST_BAND)] + [_("6 or more")]
    return _adding_up("household-sizes", labels, [counts.get(s, 0) for s in range(1, 7)], smallest)


def _seniority(live: QuerySet[Demand], day: date, smallest: int) -> Figure:
    cases = [
        When(received_on__gte=deadlines.add_months(day, -months), then=Value(code))
        for months, code in SENIORITY_BANDS
    ]
    band = Case(*cases, default=Value(LONGEST_BAND), output_field=CharField())
    counts = dict(live.annotate(band=band).order_by().values_list("band").annotate(n=Count("pk")))
    bands = list(SENIORITY_LABELS)
    return _adding_up(
        "seniority", SENIORITY_LABELS.values(), [counts.get(b, 0) for b in bands], smallest
    )


def _adding_up(
    code: str, labels: Iterable[str | Promise], counts: list[int], smallest: int
) -> Figure:
    shown = suppress(counts, smallest)
    return Figure(
        code, tuple(Bar(label, count) for label, count in zip(labels, shown, strict=True))
    )


def _communes(live: QuerySet[Demand], smallest: int) -> Figure:
    rows = (
        WishedCommune.objects.filter(demand__in=live)
        .order_by()
        .values_list("commune__name")
        .annotate(n=Count("pk"))
        .filter(n__gte=smallest)
        .order_by("-n", "commune__name")
    )
    return Figure("communes", tuple(Bar(name, count) for name, count in rows[:TOP_COMMUNES]))
