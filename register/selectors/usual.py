"""What a night of erasing usually does: far more than that is for a person to judge."""

from datetime import date
from statistics import median_low

from register.models import Round, RoundStep

# A night may always erase as many, or as many times what it usually does.
MOST, TIMES = 20, 5
NIGHTS = 30


def usual(step: RoundStep, before: date) -> int:
    """How many the latest nights that erased anything usually erased; 0 when none ever did."""
    nights = Round.objects.filter(step=step, day__lt=before, done__gt=0).order_by("-day")
    done = list(nights.values_list("done", flat=True)[:NIGHTS])
    return median_low(done) if done else 0


def is_unusual(step: RoundStep, found: int, on: date) -> bool:
    """True for so many that a wrong delay or a wrong day may be what brings them about."""
    return found > max(MOST, TIMES * usual(step, on))
