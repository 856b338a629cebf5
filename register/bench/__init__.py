"""What the register costs, always beside the barest way of doing the same: ratios travel, times
do not.

A bench first checks that both ways give the same answer; it never judges how long they take.
"""

from collections.abc import Callable, Mapping

from . import access, dedup, desk_list, grant, intake, number, rules, scoring, simulation, submit
from .measures import Options, Report

__all__ = ["BENCHES", "BUILT", "WRITING", "Options"]

# Those that write and erase: never in a real register.
WRITING = frozenset({"access", "grant", "intake", "number", "submit"})
# Those that need the register of `bench build`, and the one that asks it through web servers.
BUILT = frozenset({"access", "grant", "intake"})

BENCHES: Mapping[str, Callable[[Options], Report]] = {
    "access": access.measure,
    "dedup": dedup.measure,
    "desk_list": desk_list.measure,
    "grant": grant.measure,
    "intake": intake.measure,
    "number": number.measure,
    "rules": rules.measure,
    "scoring": scoring.measure,
    "simulation": simulation.measure,
    "submit": submit.measure,
}
