"""What the register costs, always beside the barest way of doing the same: ratios travel, times
do not.

A bench first checks that both ways give the same answer; it never judges how long they take.
"""

from collections.abc import Callable, Mapping

from .desk_list import desk_list
from .measures import Options, Report
from .number import number
from .rules import rules
from .submit import submit

BENCHES: Mapping[str, Callable[[Options], Report]] = {
    "desk_list": desk_list,
    "number": number,
    "rules": rules,
    "submit": submit,
}
