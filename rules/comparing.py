"""What one comparison answers, on plain values: the reference that the SQL reading must equal."""

import calendar
from datetime import date
from typing import Any

from .operators import Operator
from .types import Truth
from .values import Value


def months_before(day: date, months: int) -> date:
    """The same day `months` earlier, or the last day of that month when it is shorter."""
    index = day.year * 12 + day.month - 1 - months
    year, month = min(max(index // 12, 1), 9999), index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def months_between(start: date, day: date) -> int:
    """Whole months elapsed: the most `n` for which `start` is not after `months_before(day, n)`."""
    months = (day.year - start.year) * 12 + day.month - start.month
    return months - (start.day > day.day)


def compare(operator: Operator, value: Value | None, expected: Value | None, today: date) -> Truth:
    """The answer of one comparison.

    `value` is the fact's (None: not known), `expected` what it is compared with (None: not known,
    or nothing to compare with). Only "is known" and "is unknown" answer when something is missing.
    """
    if operator is Operator.IS_KNOWN:
        return Truth.of(value is not None)
    if operator is Operator.IS_UNKNOWN:
        return Truth.of(value is None)
    if value is None or expected is None:
        return Truth.UNKNOWN
    return Truth.of(_ANSWERS[operator](value, expected, today))


_ANSWERS: dict[Operator, Any] = {
    Operator.IS: lambda value, expected, today: value == expected,
    Operator.IS_NOT: lambda value, expected, today: value != expected,
    Operator.IN: lambda value, expected, today: value in expected,
    Operator.NOT_IN: lambda value, expected, today: value not in expected,
    Operator.EQUALS: lambda value, expected, today: value == expected,
    Operator.AT_LEAST: lambda value, expected, today: value >= expected,
    Operator.AT_MOST: lambda value, expected, today: value <= expected,
    Operator.ON_OR_BEFORE: lambda value, expected, today: value <= expected,
    Operator.ON_OR_AFTER: lambda value, expected, today: value >= expected,
    Operator.OLDER_THAN_MONTHS: lambda value, expected, today: (
        value <= months_before(today, expected)
    ),
    Operator.OVERLAPS: lambda value, expected, today: not value.isdisjoint(expected),
    Operator.DISJOINT: lambda value, expected, today: value.isdisjoint(expected),
    # On a commune, both sides have been replaced by sets of communes: see `explanation`.
    Operator.WITHIN: lambda value, expected, today: not value.isdisjoint(expected),
    Operator.OUTSIDE: lambda value, expected, today: value.isdisjoint(expected),
}
