"""The hour at which a service acts: now, or the past hour that an import or the demo replays."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time

from django.utils import timezone

_replayed: ContextVar[datetime | None] = ContextVar("replayed_hour", default=None)


def now() -> datetime:
    """The present hour, or the one being replayed."""
    return _replayed.get() or timezone.now()


def today() -> date:
    """The present day in Paris, or the one being replayed."""
    return timezone.localdate(now())


def noon(day: date) -> datetime:
    """Noon of a day in Paris, where the day alone is known or may be kept."""
    return timezone.make_aware(datetime.combine(day, time(12)))


def is_replaying() -> bool:
    """True while past acts are taken over: what they caused was sent at the time."""
    return _replayed.get() is not None


@contextmanager
def at(hour: datetime) -> Iterator[None]:
    """Replay history: inside the block, services write as if it were `hour`."""
    token = _replayed.set(hour)
    try:
        yield
    finally:
        _replayed.reset(token)
