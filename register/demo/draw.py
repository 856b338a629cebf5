"""Random draws with published proportions, the same for the same seed on every machine."""

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """A seeded source of choices."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)  # noqa: S311  (a demonstration, not a secret)

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self._random.random() < probability

    def one(self, values: Sequence[T]) -> T:
        """One of the values, all equally likely."""
        return values[int(self._random.random() * len(values))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One of the keys, as likely as its weight."""
        return self._random.choices(list(weights), list(weights.values()))[0]

    def from_cumulative(self, values: Sequence[T], cumulative: Sequence[float]) -> T:
        """One of the values by cumulative weights: the fast way for long lists."""
        return self._random.choices(values, cum_weights=cumulative)[0]

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self._random.random() * (high - low + 1))

    def exponential(self, mean: float) -> float:
        """A waiting time of this mean."""
        return self._random.expovariate(1 / mean)

    def lognormal(self, median: float, spread: float) -> float:
        """A positive amount around a median, with a long right tail."""
        return median * self._random.lognormvariate(0, spread)

    def bits(self, count: int) -> int:
        """Random bits, for identifiers."""
        return self._random.getrandbits(count)
