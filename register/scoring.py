"""The grids of points in force, and the figures with which they are read (CCH L441-2-8)."""

from collections import ChainMap
from collections.abc import Mapping
from datetime import date
from typing import Any

from register import deadlines
from register.parameters import parameter_bindings
from rules import registry
from rules.kinds.scoring import Grid
from rules.registry import Installed

ABNORMAL_DELAY = "parameter.deadline.abnormal_delay"


def grid_of(department: str, on: date | None = None) -> Installed[Grid] | None:
    """The grid of a department, today or on a past day; None where none is in force."""
    held = [m for m in registry.in_force("scoring", on) if m.territory in (department, "")]
    return min(held, key=lambda module: module.territory == "", default=None)


def bindings_of(department: str, on: date) -> Mapping[str, Any]:
    """The dated figures of a department, the abnormally long delay of its own module included."""
    delays: dict[str, Any] = {}
    found = deadlines.in_force(department).get("abnormal_delay")
    if found is not None:
        delays[ABNORMAL_DELAY] = found.deadline.value
    return ChainMap(delays, parameter_bindings(department, on))  # type: ignore[arg-type]
