"""Builds the audiences that wait, and stops for ever at a given moment; made to be killed there."""

import time
from collections.abc import Callable
from typing import Any

from register.models import BuiltAudience
from register.services import built_audiences

BATCH = 3
# Of each moment, what is called then, and whether before it or after it.
MOMENTS = {
    "begun": ("_begin", "after"),
    "before a batch": ("build_batch", "before"),
    "demands held": ("_hold", "after"),
    "rows written": ("_index", "after"),
    "after a batch": ("build_batch", "after"),
    "between turns": ("take_turn", "after"),
    "before removing": ("_remove", "before"),
    "rows removed": ("_remove", "half"),
}


def build(moment: str, times: int, say: Callable[[str], Any]) -> None:
    """Build, in turns as short as can be; say when it comes there for the nth time, and wait."""
    built_audiences.turn.SECONDS = 0
    name, side = MOMENTS[moment]
    left = times

    def come() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            say("here\n")
            time.sleep(60)

    def stopping(call: Callable[..., Any], side: str) -> Callable[..., Any]:
        def called(*arguments: Any) -> Any:
            if side == "before":
                come()
            answer = call(*arguments)
            if side == "after":
                come()
            return answer

        return called

    if side == "half":
        delete = BuiltAudience.delete
        BuiltAudience.delete = stopping(delete, "before")  # type: ignore[method-assign]
    else:
        setattr(built_audiences, name, stopping(getattr(built_audiences, name), side))
    built_audiences.build_waiting()
