"""Days that count: public holidays, working days and months, as the law counts them.

Sources: Code du travail, art. L3133-1 (public holidays), L3134-13 (Alsace-Moselle) and L3422-2
(overseas); articles 641 and 642 of the Code de procédure civile.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

ONE_DAY = timedelta(days=1)
SATURDAY = 5
ALSACE_MOSELLE = frozenset({"57", "67", "68"})
# The day on which slavery was abolished there (loi 83-550): department, month, day.
ABOLITION = {
    "971": (5, 27),
    "972": (5, 22),
    "973": (6, 10),
    "974": (12, 20),
    "976": (4, 27),
}
FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (anonymous algorithm)."""
    golden, century, rest = year % 19, year // 100, year % 100
    epact = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=256)
def public_holidays(year: int, department: str = "") -> frozenset[date]:
    """The public holidays of a year, with those of the department ("": the national ones)."""
    sunday = easter(year)
    found = {date(year, month, day) for month, day in FIXED}
    found |= {sunday + timedelta(days=after) for after in (1, 39, 50)}
    if department in ALSACE_MOSELLE:
        found |= {sunday - timedelta(days=2), date(year, 12, 26)}
    if department in ABOLITION:
        found.add(date(year, *ABOLITION[department]))
    return frozenset(found)


def is_working_day(day: date, department: str = "") -> bool:
    """True from Monday to Friday, public holidays excepted."""
    return day.weekday() < SATURDAY and day not in public_holidays(day.year, department)


def next_working_day(day: date, department: str = "") -> date:
    """This day if it is a working day, else the first that follows (CPC, art. 642)."""
    return next(found for found in _from(day, ONE_DAY) if is_working_day(found, department))


def add_working_days(day: date, count: int, department: str = "") -> date:
    """The last of `count` working days after `day`, or before it when `count` is negative."""
    step = ONE_DAY if count > 0 else -ONE_DAY
    left = abs(count)
    for found in _from(day + step, step):
        left -= is_working_day(found, department)
        if left <= 0:
            return found
    raise OverflowError(day)


def add_months(day: date, months: int) -> date:
    """Same day `months` later; the last day of the month when that day does not exist."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _from(day: date, step: timedelta) -> Iterator[date]:
    while True:
        yield day
        day += step
