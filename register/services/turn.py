"""One turn of long work: some seconds, then whatever waits in the queue meanwhile goes first."""

import time
from collections.abc import Callable

SECONDS = 3.0
IsOver = Callable[[], bool]


def begin() -> IsOver:
    """Begin a turn; what is given back tells whether its seconds are over."""
    limit = time.monotonic() + SECONDS
    return lambda: time.monotonic() >= limit
