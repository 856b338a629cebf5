"""Opening the round of a day: what it found, by which clock, and what holds it for a person."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import F, Q, QuerySet

from register import clock
from register.machine import uptime
from register.models import LIVE_STATES, Demand, Round, RoundStep
from register.selectors.rounds import strange_clock


@transaction.atomic
def open_round(step: RoundStep, waiting: int, too_many: Callable[[Round], str]) -> Round:
    """The round of today with `waiting` rows still to touch; what it did today already counts.

    Held while the clock is strange, or for the reason that `too_many` gives (code of `Held`, empty
    for none), until the manager allows it. Once the day is believed, or confirmed by her, the hour
    is kept by both clocks: the next round compares them.
    """
    strange, told = strange_clock(), uptime()
    current, _is_new = Round.objects.select_for_update().get_or_create(
        step=step, day=clock.today(), defaults={"at": clock.now(), "held": strange}
    )
    if current.allowed is None:
        current.found = current.done + waiting
        current.live = Demand.objects.filter(state__in=LIVE_STATES).count()
        current.held = strange or too_many(current)
    if told and (current.allowed is not None or not strange):
        current.at, current.boot, current.up_for = clock.now(), told.boot, told.seconds
    current.save(update_fields=["at", "boot", "up_for", "found", "live", "held"])
    return current


def confirmed() -> QuerySet[Round]:
    """The rounds of today that the manager allowed, and that have not gone on since."""
    mine = Round.objects.filter(day=clock.today(), allowed__isnull=False)
    return mine.filter(Q(allowed__gt=F("done")) | Q(boot=""))
