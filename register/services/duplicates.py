"""Pairs of demands that may be one person's: noticed at once, looked for every night, judged.

One demand per applicant and department (CCH R441-2-3). What is found is for agents who may open
both files; the person who sends a demand is answered the same bytes whether or not she has another.
"""

import hashlib
import logging
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from register import clock
from register.duplicates.comparison import Agreement
from register.duplicates.identity import COMPARED
from register.duplicates.linkage import COLUMNS, Linked, link
from register.duplicates.model import compare, model, probability
from register.models import (
    LIVE_STATES,
    Contact,
    Demand,
    Department,
    DuplicatePair,
    Identity,
    Linkage,
    PairStatus,
    Person,
)
from register.services import turn
from register.services.identities import (
    ASKING,
    Met,
    compared,
    identity_row,
    people_like,
    territory_of,
)

logger = logging.getLogger(__name__)
BATCH = 500
# Until a territory was linked once, it counts as so many people.
USUAL_PEOPLE = 50_000
OLD = timedelta(hours=20)


def note_duplicates(demand: Demand) -> None:
    """Keep the pairs that a new demand makes, in its own transaction.

    The person is told nothing of it: she is answered the same bytes whoever else is registered.
    """
    territory = territory_of(demand.department_id)
    people = known_people(territory)
    for row in Identity.objects.filter(demand=demand):
        met = people_like(compared(row), territory, apart_from=demand.pk)
        likely = {each.person: each for each in met if _is_likely(each, people)}
        rows = Identity.objects.filter(pk__in=likely, demand__state__in=LIVE_STATES)
        for other in rows:
            weight = likely[other.pk].comparison.weight
            _propose(row, other, probability(weight, people))


def known_people(territory: str) -> int:
    """How many people were compared there the last time."""
    last = Linkage.objects.filter(pk=territory).values_list("people", flat=True).first()
    return last or USUAL_PEOPLE


def _is_likely(met: Met, people: int) -> bool:
    return probability(met.comparison.weight, people) >= model().threshold


def take_turn(now: datetime | None = None) -> bool:
    """One turn of the night: people never compared yet, or else one territory; True if more waits.

    A territory is a turn, however many people it has: a hundred thousand take about ten seconds.
    """
    if not index_people():
        return True
    waiting = _waiting(now or clock.now())
    if waiting:
        link_territory(waiting[0])
    return len(waiting) > 1


def index_people() -> bool:
    """Write the identities that are missing, for the seconds of a turn; True when none is.

    Files taken over in bulk have none yet.
    """
    is_over = turn.begin()
    missing = Person.objects.filter(
        ~Exists(Identity.objects.filter(pk=OuterRef("pk"))),
        role__in=ASKING,
        demand__state__in=LIVE_STATES,
    ).select_related("demand__contact")
    while found := list(missing.order_by("pk")[:BATCH]):
        rows = [
            identity_row(
                person,
                getattr(person.demand, "contact", None) or Contact(),
                territory_of(person.demand.department_id),
            )
            for person in found
        ]
        # A service may have written one meanwhile.
        Identity.objects.bulk_create(rows, ignore_conflicts=True)
        if is_over():
            return False
    return True


def _waiting(now: datetime) -> list[str]:
    """Territories with demands that were not linked these last hours, by code."""
    codes = Department.objects.filter(Exists(Demand.objects.filter(department=OuterRef("pk"))))
    done = Linkage.objects.filter(ran_at__gt=now - OLD).values_list("territory", flat=True)
    return sorted({territory_of(code) for code in codes.values_list("code", flat=True)} - {*done})


def link_territory(territory: str) -> Linkage:
    """Compare all people of a territory, and keep the pairs: the night's work."""
    started = time.monotonic()
    people = people_of(territory)
    found = link(people.values_list("person_id", *COLUMNS[1:]).iterator(chunk_size=10_000))
    count = people.count()
    with transaction.atomic():
        kept = keep_pairs(found)
        stale = DuplicatePair.objects.filter(
            status=PairStatus.TO_REVIEW, first__identities__territory=territory
        ).exclude(pk__in=kept)
        DuplicatePair.objects.filter(pk__in=list(stale.values_list("pk", flat=True))).delete()
        run, _created = Linkage.objects.update_or_create(
            territory=territory,
            defaults={
                "ran_at": clock.now(),
                "people": count,
                "pairs": len(kept),
                "seconds": round(time.monotonic() - started, 3),
            },
        )
    return run


def people_of(territory: str) -> QuerySet[Identity]:
    """Those who have a live demand there."""
    return Identity.objects.filter(territory=territory, demand__state__in=LIVE_STATES)


def keep_pairs(found: Iterable[Linked]) -> list[int]:
    """Write what the linkage found; the keys of the pairs that it found, whatever their status."""
    kept: list[int] = []
    for batch in _batches(found):
        rows = Identity.objects.in_bulk({key for each in batch for key in (each.left, each.right)})
        for each in batch:
            left, right = rows.get(each.left), rows.get(each.right)
            # A demand may be struck off, and a person of it corrected, while others are compared.
            if left and right and left.demand_id != right.demand_id:
                kept.append(_propose(left, right, each.probability).pk)
    return kept


def _batches(found: Iterable[Linked]) -> Iterator[list[Linked]]:
    # The least likely first, so that two couples end as their most likely pair.
    ordered = sorted(found, key=lambda each: each.probability)
    yield from (ordered[at : at + BATCH] for at in range(0, len(ordered), BATCH))


def _propose(left: Identity, right: Identity, likelihood: float) -> DuplicatePair:
    """The pair of two people's demands, to be reviewed unless it was judged on the same data."""
    first, second = sorted((left, right), key=lambda row: row.demand_id)
    told = {
        "probability": likelihood,
        "evidence": evidence(first, second),
        "compared": _digest(first, second),
        "found_at": clock.now(),
    }
    pair, created = DuplicatePair.objects.get_or_create(
        first_id=first.demand_id, second_id=second.demand_id, defaults=told
    )
    if created or pair.status == PairStatus.MERGED:
        return pair
    if pair.status == PairStatus.TO_REVIEW or pair.compared != told["compared"]:
        pair.status = PairStatus.TO_REVIEW
        for name, value in told.items():
            setattr(pair, name, value)
        pair.save()
    return pair


def evidence(first: Identity, second: Identity) -> dict[str, Agreement]:
    """What speaks for and against it, field by field, without any value."""
    return compare(compared(first), compared(second)).agreements()


def _digest(first: Identity, second: Identity) -> str:
    """What was compared, in so few letters: changes with any of the data, and tells none."""
    told: list[Mapping[str, Any]] = [
        {name: getattr(row, name) for name in COMPARED} for row in (first, second)
    ]
    return hashlib.blake2b(repr(told).encode(), digest_size=16).hexdigest()
