"""Builds the audiences that wait, saying when it has come to a given moment; made to be killed.

`python -m tests.faults.builder MOMENT N` waits the Nth time it comes to that moment, for ever.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

import django

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


def force(built_audiences: Any) -> None:
    """As if every count were too long, batches and turns short."""
    built_audiences._stops_at_cap = lambda _keys: True
    built_audiences.BATCH = BATCH
    built_audiences.turn.SECONDS = 0


def main() -> None:
    django.setup()
    from register.models import BuiltAudience
    from register.services import built_audiences

    force(built_audiences)
    name, side = MOMENTS[sys.argv[1]]
    left = int(sys.argv[2])

    def come() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            print("here", flush=True)
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


if __name__ == "__main__":
    main()
