"""What is kept for a delay apart from demands: counted and erased by the deadlines in force.

Drafts, uploads that nobody finished, refused papers, infected bytes and the log of readings. Each
part of the software names what it keeps; nothing is erased where no module sets its delay.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from register import clock, deadlines
from register.deadlines import DelayInForce
from register.models import RoundStep
from rules.deadlines import latest_start

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Kept:
    """Rows kept for the delay of that code: how many were dated before a moment, and their end.

    `erase` ends as many as it is told at most (None: all) and gives how many it ended. The rounds
    of the calendar keep what each night did under `step`, which names it on screens.
    """

    code: str
    step: RoundStep
    count: Callable[[datetime], int]
    erase: Callable[[datetime, int | None], int]


_kept: dict[str, Kept] = {}


def declare(kept: Kept) -> None:
    """Name something that is kept; declaring it again changes nothing."""
    _kept[kept.code] = kept


def declared() -> list[Kept]:
    """Everything that is kept for a delay of its own."""
    return list(_kept.values())


def delay_of(kept: Kept) -> DelayInForce | None:
    """The delay in force; None where no module sets it."""
    try:
        return deadlines.find(kept.code)
    except LookupError:
        return None


def over_before(delay: DelayInForce) -> datetime:
    """What is dated before this moment was kept for the whole delay, its last day included."""
    latest = latest_start(delay.deadline, clock.today() - ONE_DAY)
    return timezone.make_aware(datetime.combine(latest + ONE_DAY, time.min))
