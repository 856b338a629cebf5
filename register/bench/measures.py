"""Timing: repeated rounds, medians, rates over several threads."""

import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection, connections


class NotComparable(Exception):
    """Two ways of doing one thing gave different answers: their times mean nothing."""


@dataclass(frozen=True)
class Options:
    """How much to do: repetitions, rows looked at one by one, threads at the same time.

    `people` are drawn by the bench of duplicates, unless `labelled` names a file of them; those of
    the online form ask at the `addresses` of the service and of a bare one.
    """

    rounds: int = 15
    rows: int = 300
    threads: int = 4
    people: int = 0
    labelled: str = ""
    addresses: Sequence[str] = ()


@dataclass
class Report:
    """What was measured. Times in milliseconds, rates per second, ratios between two of them."""

    name: str
    about: str
    engine: str = field(default_factory=lambda: str(connection.vendor))
    size: dict[str, int] = field(default_factory=dict)
    medians_ms: dict[str, float] = field(default_factory=dict)
    p95_ms: dict[str, float] = field(default_factory=dict)
    per_second: dict[str, float] = field(default_factory=dict)
    ratios: dict[str, float] = field(default_factory=dict)
    # What a bench has to say besides, under names of its own.
    results: dict[str, Any] = field(default_factory=dict)

    def time(self, label: str, call: Callable[[], Any], rounds: int) -> None:
        """Call once unmeasured, then `rounds` times."""
        call()
        self.record(label, [seconds(call) for _round in range(rounds)])

    def record(self, label: str, times: Sequence[float]) -> None:
        """Keep the median and the 95th percentile of times in seconds."""
        ordered = sorted(times)
        self.medians_ms[label] = round(statistics.median(ordered) * 1000, 3)
        last = max(0, round(0.95 * len(ordered)) - 1)
        self.p95_ms[label] = round(ordered[last] * 1000, 3)

    def compare(self, label: str, of: str, to: str) -> None:
        """The ratio of two medians, or of two rates."""
        values = self.medians_ms if of in self.medians_ms else self.per_second
        self.ratios[label] = round(values[of] / values[to], 2) if values[to] else 0.0

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        told = asdict(self)
        return {**told.pop("results"), **told}


def seconds(call: Callable[[], Any]) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def in_threads(work: Callable[[int], list[Any]], threads: int) -> tuple[list[Any], float]:
    """Run `work(worker)` in several threads at once; all results, and the seconds it took."""

    def closed(worker: int) -> list[Any]:
        try:
            return work(worker)
        finally:
            connections.close_all()

    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        found = [item for items in pool.map(closed, range(threads)) for item in items]
    return found, time.perf_counter() - started
