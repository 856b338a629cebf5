"""What whoever keeps the first demand is told of a separation: that it happened, in which month.

The other may have fled. By which body she acts and on which day she was there would find her, so
that neither is told: not in his story, nor in his data, nor in the list of who opened his file
(GDPR art. 15-4: his right of access does not harm hers). The same for every separation: an
exception would tell that her file is sealed. The law makes two things unavoidable: he reads that
his household changed, since he declares it (CCH R441-2-2), and that the file was opened.
"""

from copy import copy
from datetime import datetime, timedelta

from django.utils import timezone

from register.models import Demand, Event, EventKind

# A counter opens the file to prepare a separation, and to look at it again afterwards.
AROUND = timedelta(days=31)


class Withheld:
    """Which readings of a file would tell by whom a separation was recorded, and when."""

    def __init__(self, demand: Demand) -> None:
        steps = demand.events.filter(kind=EventKind.SEPARATED, organisation__isnull=False)
        self._steps = list(steps.order_by().values_list("organisation", "at"))

    def has(self, body: int | None, at: datetime) -> bool:
        """True for an opening of the file by that body around the day it recorded it."""
        return any(body == by and abs(at - when) <= AROUND for by, when in self._steps)


def month_of(at: datetime) -> datetime:
    """The first hour of a month: all that is told of a day."""
    local = timezone.localtime(at)
    return local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def told_at(at: datetime, *, only_month: bool) -> str:
    """A moment as data tells it: 2026-11-30T10:00:00+01:00, or the month alone, 2026-11."""
    return at.strftime("%Y-%m") if only_month else at.isoformat()


def told_discreetly(event: Event) -> Event:
    """A separation as it is told: a copy, never saved, without who and which day."""
    if event.kind != EventKind.SEPARATED:
        return event
    told = copy(event)
    told.organisation, told.user, told.at = None, None, month_of(event.at)
    return told


def is_told_discreetly(event: Event) -> bool:
    """True of such a copy: a counter records every separation, and here none is named."""
    return event.kind == EventKind.SEPARATED and event.organisation is None
