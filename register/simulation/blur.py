"""Figures of a simulation for whoever may not know one file: moved by chance, whatever is asked.

A condition can be written so that a count tells one person's fact: padded with known files up to
the edge of a rounding, or asked with and without the person. So no figure is told as it is. Each is
moved by a chance of its own (Laplace's law), then rounded to fives; small ones are not told. The
chance follows from a secret, the text of the version, the day and the place of the figure: asking
the same again gives the same, and asking the same thing otherwise gives another chance, even of the
same files. It would not do to draw it from the files counted: two figures alike would then tell
that one person is in neither. The more figures a version asks for at once, the wider the chance, so
that writing one question many times in a draft tells no more than writing it once.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.crypto import salted_hmac

from register.models import Simulation

STEP = 5
# How far one figure moves, when a version asks for one only.
SPREAD = 4
# A figure that is less than so many times the spread is not told.
LEAST_SPREADS = 5
# One file changes the rank of all those that it passes: no chance would hide it.
TELLS_OF_OTHERS = frozenset({"ranks"})
Raw = Mapping[str, Any]


def least_told(simulation: Simulation) -> int:
    """Under how many files nothing is told of these."""
    return math.ceil(LEAST_SPREADS * _spread(simulation) / STEP) * STEP


def blurred(simulation: Simulation) -> list[Raw]:
    """The tables as they may be told: what is not told is zero, and lines without any are left out.

    The order is that of the figures told, so that it tells no more than they do.
    """
    asked = [t for t in _tables(simulation) if t["measure"] not in TELLS_OF_OTHERS]
    told = [each for each in (_blurred(simulation, table) for table in asked) if each["lines"]]
    if all(each["dimension"] == "role_thing" for each in told):
        told.sort(key=lambda each: (-sum(map(_moves, each["lines"])), each["subject"]))
    return told


def _blurred(simulation: Simulation, table: Raw) -> Raw:
    lines = []
    for key, before, _after, gained, lost in table["lines"]:
        place = [table["measure"], table["subject"], table["dimension"], key]
        then = _told(simulation, before, [*place, "before"])
        more = _told(simulation, gained, [*place, "gained"])
        less = _told(simulation, lost, [*place, "lost"])
        # Follows from the others: a chance of its own would tell it a second time.
        now = then + more - less
        lines.append([key, then, now if now >= least_told(simulation) else 0, more, less])
    lines = [line for line in lines if any(line[1:])]
    lines.sort(key=lambda line: (-_moves(line), -line[2], line[0]))
    return {**table, "lines": lines}


def _told(simulation: Simulation, figure: int, place: Sequence[str]) -> int:
    if not figure:
        return 0
    moved = figure + _spread(simulation) * _chance(simulation, place)
    rounded = STEP * round(moved / STEP)
    return rounded if rounded >= least_told(simulation) else 0


def _chance(simulation: Simulation, place: Sequence[str]) -> float:
    """A draw of Laplace's law of spread one, always the same for one place on one day."""
    asked = [simulation.content_hash, timezone.localdate(simulation.asked_at).isoformat(), *place]
    digest = salted_hmac("register.simulation", json.dumps(asked), algorithm="sha256").digest()
    even = ((int.from_bytes(digest[:8], "big") >> 12) + 0.5) / 2**52
    return math.copysign(math.log1p(-abs(2 * even - 1)), even - 0.5)


def _spread(simulation: Simulation) -> float:
    """Of the figures that one file can be in, each moves enough for all of them together."""
    figures = simulation.result.get("questions") or sum(
        len(table["lines"]) for table in _tables(simulation)
    )
    return SPREAD * math.sqrt(max(figures, 1))


def _tables(simulation: Simulation) -> list[Raw]:
    return list(simulation.result.get("tables", []))


def _moves(line: Sequence[Any]) -> int:
    return int(line[3] + line[4])
