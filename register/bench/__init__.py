"""What the register costs, always beside the barest way of doing the same: ratios travel, times
do not.

A bench first checks that both ways give the same answer; it never judges how long they take.
"""

from collections.abc import Callable, Mapping

from . import desk_list, number, rules, scoring, submit
from .measures import Options, Report

__all__ = ["BENCHES", "WRITING", "Options"]

# Those that write and erase: never in a real register.
WRITING = frozenset({"number", "submit"})

BENCHES: Mapping[str, Callable[[Options], Report]] = {
    "desk_list": desk_list.measure,
    "number": number.measure,
    "rules": rules.measure,
    "scoring": scoring.measure,
    "submit": submit.measure,
}
