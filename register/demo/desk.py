"""What waits on the desk of the demonstration: tasks, calls, notices that failed, a held round."""

from datetime import datetime, timedelta

from register import clock
from register.demo.accounts import agents_by_organisation
from register.demo.twice import write_people_registered_twice
from register.models import (
    LIVE_STATES,
    Delivery,
    Demand,
    EffectKind,
    Event,
    EventKind,
    Held,
    Outbox,
    Round,
    RoundStep,
)
from register.selectors.renewals import to_announce
from register.services.automation import evaluate_event
from register.services.delivery import give_up, mark_done
from register.services.notices import record_delivery
from register.services.renewal_notices import announce
from rules import registry

TASKS, NOTICES = 4, 6
FAULTS = {
    EffectKind.MESSAGE_EMAIL: "550 5.1.1 mailbox unavailable",
    EffectKind.LETTER: "OSError: no space left on device",
}


def write_desk(*, seed_number: int, now: datetime) -> None:
    """Write a few of each, by the services that write them every day."""
    with registry.remembered():
        agents = agents_by_organisation()
        write_people_registered_twice(seed_number=seed_number, agents=agents, now=now)
        with clock.at(now - timedelta(days=1)):
            _open_tasks()
        with clock.at(now):
            _hold_a_round()
        _announce_in_vain()


def _open_tasks() -> None:
    """The latest demands whose identity nobody checked: the automatic rules give them to bodies."""
    told = Event.objects.filter(
        kind=EventKind.SUBMITTED, demand__state="awaiting_check", demand__department="21"
    )
    for event in told.select_related("demand", "organisation").order_by("-at", "-pk")[:TASKS]:
        evaluate_event(event)


def _announce_in_vain() -> None:
    """Some ends of validity are announced, and some of those notices never arrive.

    Today, and not in the past that is replayed: nothing was sent then.
    """
    for rank, candidate in enumerate(to_announce(clock.today())[:NOTICES]):
        event = announce(candidate)
        for effect in Outbox.objects.filter(demand=event.demand_id, payload__event=event.pk):
            _lose(effect, rank)


def _lose(effect: Outbox, rank: int) -> None:
    """In turn: given up after a day of tries, back from its address, and still on its way."""
    if rank % 3 == 0:
        give_up(effect, FAULTS.get(EffectKind(effect.kind), "OSError"))
    elif rank % 3 == 1:
        mark_done(effect)
        record_delivery(effect, Delivery.BOUNCED)


def _hold_a_round() -> None:
    """The hour was not to be believed when the round came: a person must look first (R22)."""
    found = len(to_announce(clock.today()))
    live = Demand.objects.filter(state__in=LIVE_STATES).count()
    Round.objects.create(
        step=RoundStep.ANNOUNCE,
        day=clock.today(),
        found=found,
        live=live,
        held=Held.CLOCK_AHEAD,
        at=clock.now(),
    )
