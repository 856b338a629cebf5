"""Counts files before and after, by dimension, from two conditions on the same rows."""

from collections.abc import Iterable
from datetime import date

from django.db.models import BooleanField, Case, Count, Q, QuerySet, Value, When

from register.models import Demand

from .dimensions import DIMENSIONS, WHOLE
from .frame import Line, Table

MOST_LINES = 40
NEVER = Q(pk__in=[])


def compared(
    demands: QuerySet[Demand],
    before: Q | None,
    after: Q | None,
    today: date,
    *,
    measure: str,
    subject: str = "",
    dimensions: Iterable[str] = DIMENSIONS,
) -> list[Table]:
    """One table per dimension, the most changed lines first; None is a condition never met."""
    marked = demands.order_by().annotate(before=_flag(before), after=_flag(after))
    return [
        Table(measure, dimension, _lines(marked, dimension, today), subject)
        for dimension in dimensions
    ]


def whole(
    demands: QuerySet[Demand], before: Q | None, after: Q | None, key: str, today: date
) -> Line:
    """One line for all the files; a single count when the two conditions are the same."""
    if before == after:
        same = 0 if before is None else demands.filter(before).count()
        return Line(key, same, same, 0, 0)
    (table,) = compared(demands, before, after, today, measure="", dimensions=[WHOLE])
    found = table.lines[0] if table.lines else Line(key, 0, 0, 0, 0)
    return Line(key, found.before, found.after, found.gained, found.lost)


def _flag(condition: Q | None) -> Case:
    """True or false, never unknown, so that "before and no longer" can be counted."""
    return Case(
        When(NEVER if condition is None else condition, then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )


def _lines(marked: QuerySet[Demand], dimension: str, today: date) -> tuple[Line, ...]:
    rows = (
        marked.filter(Q(before=True) | Q(after=True))
        .annotate(key=DIMENSIONS[dimension](today))
        .values("key")
        .annotate(
            files_before=Count("pk", filter=Q(before=True)),
            files_after=Count("pk", filter=Q(after=True)),
            gained=Count("pk", filter=Q(before=False, after=True)),
            lost=Count("pk", filter=Q(before=True, after=False)),
        )
    )
    lines = [
        Line(
            row["key"] or "",
            row["files_before"],
            row["files_after"],
            row["gained"],
            row["lost"],
        )
        for row in rows
    ]
    lines.sort(key=lambda line: (-(line.gained + line.lost), -line.after, line.key))
    return tuple(lines[:MOST_LINES])
