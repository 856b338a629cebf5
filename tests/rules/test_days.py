"""Days that count: an independent table of holidays, and what must hold for any date."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import days

DATES = st.dates(date(1999, 1, 1), date(2060, 12, 31))

# As printed on the calendars of these years.
HOLIDAYS = {
    2024: "01-01 04-01 05-01 05-08 05-09 05-20 07-14 08-15 11-01 11-11 12-25",
    2025: "01-01 04-21 05-01 05-08 05-29 06-09 07-14 08-15 11-01 11-11 12-25",
    2026: "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25",
    2027: "01-01 03-29 05-01 05-06 05-08 05-17 07-14 08-15 11-01 11-11 12-25",
}


@pytest.mark.parametrize("year", HOLIDAYS)
def test_public_holidays_are_those_of_the_calendars(year):
    expected = {date.fromisoformat(f"{year}-{day}") for day in HOLIDAYS[year].split()}
    assert days.public_holidays(year) == expected


def oudin(year: int) -> date:
    """Easter by the method of Oudin (1940), another way than that of the register."""
    century, golden = year // 100, year % 19
    rank = (century - 17) // 25
    moon = (century - century // 4 - (century - rank) // 3 + 19 * golden + 15) % 30
    moon -= (moon // 28) * (1 - (moon // 28) * (29 // (moon + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    return date(year, 3, 28) + timedelta(days=moon - weekday)


def test_easter_is_that_of_another_computation_for_two_centuries():
    assert [y for y in range(1900, 2100) if days.easter(y) != oudin(y)] == []


@pytest.mark.parametrize(
    ("department", "day"),
    [
        ("67", date(2026, 4, 3)),
        ("68", date(2026, 12, 26)),
        ("57", date(2026, 4, 3)),
        ("971", date(2026, 5, 27)),
        ("972", date(2026, 5, 22)),
        ("973", date(2026, 6, 10)),
        ("974", date(2026, 12, 20)),
        ("976", date(2026, 4, 27)),
    ],
)
def test_a_local_holiday_is_a_holiday_there_and_nowhere_else(department, day):
    assert day in days.public_holidays(day.year, department)
    assert day not in days.public_holidays(day.year)
    assert day not in days.public_holidays(day.year, "21")


@given(DATES, st.sampled_from(["", "21", "67", "974"]))
def test_the_next_working_day_is_the_first_that_works(day, department):
    found = days.next_working_day(day, department)
    assert found >= day
    assert days.is_working_day(found, department)
    between = (day + timedelta(days=n) for n in range((found - day).days))
    assert not any(days.is_working_day(passed, department) for passed in between)


@given(DATES, st.integers(1, 30))
def test_so_many_working_days_are_counted_and_the_way_back_is_the_same(day, count):
    start = days.next_working_day(day)
    end = days.add_working_days(start, count)
    worked = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(days.is_working_day(each) for each in worked) == count
    assert days.add_working_days(end, -count) == start
