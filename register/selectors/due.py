"""The demands of the whole stock for which a delay has come: to notify, warn, strike off, erase.

Each answer is one query compiled from the deadlines in force on the day it is asked, or from the
parsed body of another version: a simulation asks both and compares. Nothing is written here; who
looks at the rows asks `access` first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from register.models import LIVE_STATES, Demand, DemandState
from rules import days, registry
from rules.deadlines import latest_start
from rules.kinds.deadlines import Deadline, Deadlines, Start

# The columns that hold the fact from which a delay runs; the first that is filled counts.
_COLUMNS: Mapping[Start, tuple[str, ...]] = {
    Start.DEPOSIT: ("received_on",),
    Start.DEPOSIT_OR_RENEWAL: ("last_renewed_on", "received_on"),
    Start.END_OF_VALIDITY: ("expires_on",),
    Start.STRIKING_OFF: ("struck_off_on",),
    Start.MERGE: ("struck_off_on",),
}


@dataclass(frozen=True)
class Delays:
    """A deadlines body and where it holds ("": everywhere)."""

    territory: str
    body: Deadlines


def delays_in_force(on: date | None = None) -> tuple[Delays, ...]:
    """The deadlines modules in force, today or on a past day."""
    return tuple(Delays(m.territory, m.body) for m in registry.in_force("deadlines", on))


def to_notify(on: date, delays: Iterable[Delays] | None = None) -> QuerySet[Demand]:
    """Still valid, and the day to announce the renewal has come (R441-2-7)."""
    announced = _reached("renewal_notice", on, delays)
    return Demand.objects.filter(announced, state__in=LIVE_STATES, expires_on__gte=on)


def to_announce(on: date, delays: Iterable[Delays] | None = None) -> QuerySet[Demand]:
    """The same, with those whose validity is over already: a late announcement is still due."""
    return Demand.objects.filter(_reached("renewal_notice", on, delays), state__in=LIVE_STATES)


def to_warn(on: date, delays: Iterable[Delays] | None = None) -> QuerySet[Demand]:
    """No longer valid and not yet to be struck off: the month of tolerance (t+12 to t+13)."""
    over = _reached("strike_off", on, delays)
    return Demand.objects.filter(~over, state__in=LIVE_STATES, expires_on__lt=on)


def to_strike_off(on: date, delays: Iterable[Delays] | None = None) -> QuerySet[Demand]:
    """Not renewed in time: the tolerance has run out (R441-2-8 e)."""
    over = _reached("strike_off", on, delays)
    return Demand.objects.filter(over, state__in=LIVE_STATES, expires_on__lt=on)


def to_erase(on: date, delays: Iterable[Delays] | None = None) -> QuerySet[Demand]:
    """Struck off for as long as data may be kept (décret 2017-917, art. 4).

    A demand that was merged into another, once that can no longer be undone (its last day is over),
    or once the other is erased itself.
    """
    ended = Q(state=DemandState.STRUCK_OFF) & _reached("retention", on, delays)
    with_the_other = Q(merged_into__undone_at=None, merged_into__kept__state=DemandState.ERASED)
    final = _reached("merge_undo", on - days.ONE_DAY, delays)
    closed = Demand.objects.filter(with_the_other | final, state=DemandState.MERGED)
    return Demand.objects.filter(ended | Q(pk__in=closed.order_by().values("pk")))


def beyond_abnormal_delay(on: date, delays: Iterable[Delays] | None = None) -> QuerySet[Demand]:
    """Persons who wait for longer than the prefect finds normal (L441-1-4).

    Never an association: what the delay opens, the mediation commission, is a person's (L441-2-3).
    """
    waited = Demand.objects.filter(_reached("abnormal_delay", on, delays), state__in=LIVE_STATES)
    return waited.filter(is_association=False)


def _reached(code: str, on: date, delays: Iterable[Delays] | None) -> Q:
    """Demands whose delay of that code has ended by `on`; none where no module sets it."""
    chosen = delays_in_force() if delays is None else tuple(delays)
    named = [d.territory for d in chosen if d.territory]
    parts = [
        _placed(held, named) & _within(deadline, on)
        for held in chosen
        for deadline in held.body.deadlines
        if deadline.code == code
    ]
    return reduce(or_, parts, Q(pk__in=[]))


def _placed(held: Delays, named: list[str]) -> Q:
    """The module of a department comes before one that holds everywhere."""
    if held.territory:
        return Q(department=held.territory)
    return ~Q(department__in=named) if named else Q()


def _within(deadline: Deadline, on: date) -> Q:
    """The comparison of one module, with the departments that have a delay of their own."""
    own = sorted({code for part in deadline.elsewhere for code in part.territories})
    apart = [Q(department=code) & _old_enough(deadline.within(code), on) for code in own]
    general = _old_enough(deadline, on)
    return reduce(or_, apart, ~Q(department__in=own) & general if own else general)


def _old_enough(deadline: Deadline, on: date) -> Q:
    limit = latest_start(deadline, on)
    condition, empty = Q(pk__in=[]), Q()
    for column in _COLUMNS.get(deadline.start, ()):
        condition |= empty & Q((f"{column}__lte", limit))
        empty &= Q((f"{column}__isnull", True))
    return condition
