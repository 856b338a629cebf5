"""Delays in force, read from the installed rule modules (never written in code)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from register.same import Same
from rules import registry
from rules.days import add_months
from rules.deadlines import end

if TYPE_CHECKING:
    from rules.kinds.deadlines import Deadline, Deadlines
    from rules.registry import Installed

__all__ = ["DelayInForce", "add", "add_months", "find", "get", "in_force"]

# What each prefect fixes for one department holds in no other (CCH L441-1-4).
FIXED_LOCALLY = frozenset({"abnormal_delay"})


@dataclass(frozen=True)
class DelayInForce:
    """A delay as it is in one place, and the version of the module that says so."""

    deadline: "Deadline"
    version_id: int = 0
    module: str = ""
    number: int = 0


def get(code: str, department: str = "") -> "Deadline":
    """The delay of that code in force today; LookupError when no module defines it.

    The module of the department comes before one that holds everywhere; without a department, the
    first module that defines the delay answers for its own.
    """
    return find(code, department).deadline


def add(day: date, deadline: "Deadline") -> date:
    """The last day of a delay begun on `day`, or counted back from it."""
    return end(deadline, day)


def find(code: str, department: str = "") -> DelayInForce:
    """The same, with the version that made it, for what is decided or shown on one file.

    A demand of a department that installed no module of its own still has an end of validity: the
    first module that defines the delay answers, with what it says of that department. A delay that
    is fixed for each department is not known there.
    """
    own = in_force(department).get(code)
    if own is not None:
        return own
    other = None if code in FIXED_LOCALLY else in_force().get(code)
    if other is None:
        raise LookupError(f"no deadline {code!r} in the installed modules")
    return replace(other, deadline=other.deadline.within(department))


def in_force(department: str = "") -> dict[str, DelayInForce]:
    """Every delay of a department by code."""
    return dict(_in_force(Same(registry.in_force("deadlines")), department))


@lru_cache(maxsize=256)
def _in_force(
    modules: "Same[Installed[Deadlines]]", department: str
) -> "Mapping[str, DelayInForce]":
    """The same, put together once for the same modules: most writes ask for a delay."""
    found: dict[str, DelayInForce] = {}
    for module in _nearest_first(modules.objects, department):
        place = department or module.territory
        for deadline in module.body.deadlines:
            delay = DelayInForce(
                deadline.within(place), module.version_id, module.code, module.number
            )
            found.setdefault(deadline.code, delay)
    return found


def _nearest_first(
    modules: "Iterable[Installed[Deadlines]]", department: str
) -> "list[Installed[Deadlines]]":
    """Modules that hold in a department: its own first, then those that hold everywhere."""
    held = [m for m in modules if not department or m.territory in (department, "")]
    return sorted(held, key=lambda module: module.territory == "")
