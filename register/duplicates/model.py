"""What each agreement weighs: trained beforehand on labelled people, kept as data (`model.json`).

A weight is a logarithm in base 2: each point doubles the odds that two people are one. For each
level the file keeps how often it is met with one person (`m`) and with two people drawn at random
(`u`).
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .comparison import FIELDS, Agreement, Field, Level
from .identity import Identity

FILE = Path(__file__).with_name("model.json")
# How many of the people of a register have another line in it: fixes what two lines are worth
# before they are compared. It is no figure of the law; registers report 5 to 20 %.
SHARE_TWICE = 0.1


@dataclass(frozen=True)
class Model:
    """The trained figures, and from which probability on a pair is proposed."""

    figures: Mapping[str, Mapping[str, tuple[float, float]]]
    threshold: float
    version: str

    def weight(self, field: Field, level: Level) -> float:
        """What this agreement is worth."""
        m, u = self.figures[field.code].get(level.code, (1.0, 1.0))
        return math.log2(m / u)


@dataclass(frozen=True)
class Comparison:
    """Two people compared: the level of each field, and the sum of what they weigh."""

    levels: Mapping[str, Level]
    weight: float

    def agreements(self) -> dict[str, Agreement]:
        """What a reader is told of each field."""
        return {code: level.agreement for code, level in self.levels.items()}


@cache
def model() -> Model:
    """The model in use."""
    return read_model(json.loads(FILE.read_text(encoding="utf-8")))


def read_model(told: Mapping[str, object]) -> Model:
    """The model that a file tells."""
    figures = {
        field: {level: (float(m), float(u)) for level, (m, u) in levels.items()}
        for field, levels in told["fields"].items()  # type: ignore[attr-defined]
    }
    return Model(figures, float(told["threshold"]), str(told["version"]))  # type: ignore[arg-type]


def compare(left: Identity, right: Identity) -> Comparison:
    """Two people compared, field by field."""
    used = model()
    levels = {field.code: field.compare(left, right) for field in FIELDS}
    weights = (used.weight(field, levels[field.code]) for field in FIELDS)
    return Comparison(levels, sum(weights))


def probability(weight: float, people: int) -> float:
    """How likely two people are one, among so many: the more people, the more namesakes."""
    prior = math.log2(SHARE_TWICE / max(people, 2))
    return 1 / (1 + 2 ** -max(min(weight + prior, 500), -500))


def together(codes: Iterable[str]) -> tuple[Field, ...]:
    """The fields of these codes, in the order of the table."""
    wanted = set(codes)
    return tuple(field for field in FIELDS if field.code in wanted)
