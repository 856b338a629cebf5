"""Delays in force, read from the installed rule modules (never written in code)."""

from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING

from rules import registry

if TYPE_CHECKING:
    from rules.kinds.deadlines import Deadline


def get(code: str) -> "Deadline":
    """The delay of that code in force today; LookupError when no module defines it."""
    for module in registry.in_force("deadlines"):
        for deadline in module.body.deadlines:
            if deadline.code == code:
                return deadline
    raise LookupError(f"no deadline {code!r} in the installed modules")


def add(day: date, deadline: "Deadline") -> date:
    """The last day of a delay begun on `day` (calendar days or months)."""
    if deadline.unit == "months":
        return add_months(day, deadline.value)
    if deadline.unit == "days":
        return day + timedelta(days=deadline.value)
    raise ValueError(f"a delay in {deadline.unit} has no fixed calendar length")


def add_months(day: date, months: int) -> date:
    """Same day `months` later; the last day of the month when that day does not exist."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
