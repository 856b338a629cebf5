"""The grids of points in force (CCH L441-2-8)."""

from datetime import date

from rules import registry
from rules.kinds.scoring import Grid
from rules.registry import Installed


def grid_of(department: str, on: date | None = None) -> Installed[Grid] | None:
    """The grid of a department, today or on a past day; None where none is in force."""
    held = [m for m in registry.in_force("scoring", on) if m.territory in (department, "")]
    return min(held, key=lambda module: module.territory == "", default=None)
