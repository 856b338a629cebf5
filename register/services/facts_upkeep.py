"""Keeps facts rows true as days pass, and checks each night that they agree with the tables."""

import random

from django.db import transaction
from django.db.models import F, QuerySet

from register import clock
from register.models import Demand, DemandState, FactsCheck
from register.services import turn
from register.services.facts import compute_facts, differing_columns, refresh_facts

SAMPLE = 500


def refresh_due_facts() -> int:
    """Compute again the rows that something changes today: a birthday, the end of a label.

    Each demand in its own transaction; returns how many. Running it twice changes nothing.
    """
    return sum(_refresh(demand_id) for demand_id in _due(0))


def take_turn(after: int) -> int | None:
    """The same for one turn, at least one row, beyond a key; the key to go on from."""
    is_over = turn.begin()
    for demand_id in _due(after):
        _refresh(demand_id)
        if is_over():
            return demand_id
    return None


def _due(after: int) -> list[int]:
    due = _kept().filter(facts__recompute_on__lte=clock.today(), pk__gt=after)
    return list(due.order_by("pk").values_list("pk", flat=True))


def check_facts(*, sample: int = SAMPLE) -> FactsCheck:
    """Compute a random sample again from the source tables; keep what differed, then mend it."""
    wrong: dict[str, list[str]] = {}
    chosen = _sample(sample)
    for demand in Demand.objects.filter(pk__in=chosen).select_related("facts"):
        columns = differing_columns(demand.facts, compute_facts(demand))
        if columns:
            wrong[str(demand.pk)] = columns
    check = FactsCheck.objects.create(at=clock.now(), checked=len(chosen), wrong=wrong)
    for demand_id in wrong:
        _refresh(int(demand_id))
    return check


def _kept() -> QuerySet[Demand]:
    return Demand.objects.exclude(state=DemandState.ERASED)


def _sample(size: int) -> list[int]:
    """Keys of demands drawn at random: places on the line of keys, then who stands there."""
    last = _kept().order_by("-pk").values_list("pk", flat=True).first()
    if last is None:
        return []
    if last <= size * 2:
        return list(_kept().order_by("pk").values_list("pk", flat=True)[:size])
    places = random.SystemRandom().sample(range(1, last + 1), size)
    return list(_kept().filter(pk__in=places).values_list("pk", flat=True))


def _refresh(demand_id: int) -> bool:
    with transaction.atomic():
        # Writing first locks the row on both engines, as acts do.
        if not _kept().filter(pk=demand_id).update(version=F("version")):
            return False
        refresh_facts(demand=Demand.objects.get(pk=demand_id))
    return True
