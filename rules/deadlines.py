"""The day on which a delay ends, and the facts old enough for it to have ended."""

from datetime import date, timedelta

from . import days
from .kinds.deadlines import Counting, Deadline, Unit

# No delay in months ends further than this from the same count of 31-day months.
_LONGEST_MONTH = 31
_SPARE_DAYS = 40


def end(deadline: Deadline, start: date) -> date:
    """The last day of a delay that runs from `start`; it ends at midnight of that day.

    A delay counted back gives the last day on which the act is still in time.
    """
    if deadline.yearly_on is not None:
        reached = _next_yearly(deadline.yearly_on, start)
        return reached - days.ONE_DAY if deadline.is_before else reached
    value = -deadline.value if deadline.is_before else deadline.value
    reached = counted(deadline.unit, value, start, deadline.department)
    if deadline.counting is Counting.PROCEDURAL:
        return days.next_working_day(reached, deadline.department)
    return reached


def latest_start(deadline: Deadline, on: date) -> date:
    """The latest day from which the delay has ended by `on`: earlier starts ended earlier.

    It is how a whole stock is asked which of its delays have ended, with one comparison.
    """
    span = timedelta(days=deadline.value * _LONGEST_DAYS[deadline.unit] + _SPARE_DAYS)
    low, high = on - span, on + span
    while low < high:
        middle = high - (high - low) // 2
        if end(deadline, middle) <= on:
            low = middle
        else:
            high = middle - days.ONE_DAY
    return low


_LONGEST_DAYS = {
    Unit.YEARS: 12 * _LONGEST_MONTH,
    Unit.MONTHS: _LONGEST_MONTH,
    Unit.WEEKS: 7,
    Unit.DAYS: 1,
    Unit.WORKING_DAYS: 3,
    Unit.AT_ONCE: 0,
    Unit.YEARLY: 0,
}


def counted(unit: Unit, value: int, start: date, department: str = "") -> date:
    """The day that is `value` units after `start`, or before it when `value` is negative."""
    match unit:
        case Unit.YEARS:
            return days.add_months(start, 12 * value)
        case Unit.MONTHS:
            return days.add_months(start, value)
        case Unit.WEEKS:
            return start + timedelta(weeks=value)
        case Unit.WORKING_DAYS:
            return days.add_working_days(start, value, department)
    return start + timedelta(days=value)


def _next_yearly(month_and_day: tuple[int, int], start: date) -> date:
    """The first such date after `start`: 28 February of the year that follows the one reported."""
    month, day = month_and_day
    year = start.year if (start.month, start.day) < (month, day) else start.year + 1
    return date(year, month, day)
