"""Builds in the background the audience of a body whose demands cannot be counted at once.

An agreement is effective at the next request whatever happens here: until the audience is ready,
lists are read from the territories one by one, and a count may stop at its cap.
"""

import logging
import time
from collections.abc import Callable, Iterable

from django.db import OperationalError, connection, transaction
from django.db.models import Exists, F, OuterRef

from register import access, clock, writers
from register.audiences import MOST_KEYS, plan_of_keys, under_any
from register.models import (
    LIVE_STATES,
    BuildState,
    BuiltAudience,
    Demand,
    DemandAudience,
    Membership,
    Organisation,
    OrganisationKind,
    Role,
)
from register.principals import Principal, PrincipalKind
from register.selectors.audience_list import IndexedList, Wanted
from register.selectors.worklist import COUNT_CAP
from register.services import turn
from register.services.audiences import COPIED
from register.vocabulary.lookups import audiences_of
from rules.plan import alternatives

logger = logging.getLogger(__name__)
BATCH = 2000
# Seconds that a batch waits for a demand somebody holds, while it holds those before.
HELD = 0.5
MOST_REFUSED = 5

_wake_up_calls: list[Callable[[], None]] = []


def on_asked(call: Callable[[], None]) -> None:
    """Register what wakes the worker (`exchange` does, at start); calling twice changes nothing."""
    if call not in _wake_up_calls:
        _wake_up_calls.append(call)


def follow_all() -> None:
    """Follow what dates and rules changed since: agreements that began or ended by themselves."""
    BuiltAudience.objects.filter(state=BuildState.UNNEEDED).update(state=BuildState.WAITING)
    for organisation in Organisation.objects.select_related("commune", "epci"):
        follow(organisation)


def mend_all() -> None:
    """Build again an audience that lacks a demand; meanwhile the territories are read."""
    for built in BuiltAudience.objects.filter(state=BuildState.READY):
        if _lacks_some(built):
            # Unless it was retired meanwhile.
            BuiltAudience.objects.filter(pk=built.pk, state=BuildState.READY).update(
                state=BuildState.BUILDING, position=0, done=0
            )


@transaction.atomic
def follow(organisation: Organisation) -> None:
    """Ask for the audience that the rights of this body need today, retire every other."""
    # One at a time for each body: two agreements of it changed at once would not see each other.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    wanted = sorted(audience_keys(organisation))
    standing = BuiltAudience.objects.filter(organisation=organisation)
    found = False
    for built in standing.exclude(state=BuildState.RETIRED):
        if built.keys == wanted and not found:
            found = True
            continue
        built.state = BuildState.RETIRED
        built.save(update_fields=["state"])
        transaction.on_commit(_wake_up)
    if wanted and not found:
        BuiltAudience.objects.create(organisation=organisation, keys=wanted, asked_at=clock.now())
        transaction.on_commit(_wake_up)


def audience_keys(organisation: Organisation) -> frozenset[str]:
    """The audiences that the rights of this body speak of together; none if each counts alone."""
    manages = organisation.kind == OrganisationKind.MANAGER
    role = Role.MANAGER if manages else Role.AGENT
    membership = Membership(organisation=organisation, role=role)
    reader = Principal(PrincipalKind.MEMBERSHIP, membership=membership)
    ways = alternatives(access.reach(reader, access.Action.LIST).formula) or ()
    spoken = [
        lookup.keys
        for way in ways
        for lookup in way.lookups
        if lookup.relation == "audience" and not lookup.absent
    ]
    largest = max(spoken, key=len, default=frozenset())
    keys = frozenset(each for key in largest for each in audiences_of(key))
    return frozenset() if plan_of_keys(keys).is_quick else keys


def build_waiting() -> None:
    """Build all that waits, for as long as it takes."""
    while take_turn():
        pass


def take_turn() -> bool:
    """Build what waits, go on with what a dead worker left, remove what was retired.

    For one turn, at least one batch; True when there is more to do at once.
    """
    is_over = turn.begin()
    for built in BuiltAudience.objects.filter(state=BuildState.WAITING):
        _begin(built)
    begun = list(BuiltAudience.objects.filter(state=BuildState.BUILDING))
    removable = list(BuiltAudience.objects.filter(state=BuildState.RETIRED))
    # Whoever began to write before a generation could be seen, or still sees one as kept: whoever
    # built its first batch waited for them.
    is_new = any(built.position == 0 for built in begun)
    if (is_new or removable) and not writers.are_done():
        logger.warning("somebody has been writing for long: audiences are built later")
        return False
    return any(_build(each.pk, is_over) for each in begun) or any(
        _remove(each, is_over) for each in removable
    )


def _build(generation: int, is_over: turn.IsOver) -> bool:
    """The next batches, until the turn is over; True when it ended first.

    What somebody holds for long is left to the next time.
    """
    refused = 0
    while refused < MOST_REFUSED:
        try:
            if not build_batch(generation):
                return False
            refused = 0
        except OperationalError:
            refused += 1
            time.sleep(HELD)
        if not refused and is_over():
            return True
    logger.warning("a demand is held for long: its audience is built later", exc_info=False)
    return False


def build_batch(generation: int) -> bool:
    """Index the next demands, and say how far it is; False when there is nothing left to do.

    Rows and position are written together: a worker killed meanwhile loses one batch, and two
    workers never do the same one.
    """
    built = BuiltAudience.objects.filter(pk=generation, state=BuildState.BUILDING).first()
    if built is None:
        return False
    ahead = Demand.objects.filter(pk__gt=built.position).order_by("pk")
    numbers = list(ahead.values_list("pk", flat=True)[:BATCH])
    state = BuildState.BUILDING if numbers else BuildState.READY
    upto = numbers[-1] if numbers else built.position
    with transaction.atomic():
        # Writing first locks the generation on both engines.
        mine = BuiltAudience.objects.filter(
            pk=generation, state=BuildState.BUILDING, position=built.position
        ).update(position=upto, done=F("done") + len(numbers), state=state)
        if mine and numbers:
            _index(built, built.position, upto)
    return bool(numbers)


def _begin(built: BuiltAudience) -> None:
    needed = _stops_at_cap(built.keys)
    BuiltAudience.objects.filter(pk=built.pk, state=BuildState.WAITING).update(
        state=BuildState.BUILDING if needed else BuildState.UNNEEDED,
        total=Demand.objects.count() if needed else 0,
    )


def _lacks_some(built: BuiltAudience) -> bool:
    """True when a demand of its territories is missing: loaded in bulk, or lost."""
    kept = DemandAudience.objects.filter(audience=built.audience, demand=OuterRef("demand"))
    return DemandAudience.objects.filter(~Exists(kept), under_any(built.keys)).exists()


def _stops_at_cap(keys: Iterable[str]) -> bool:
    """True when counting these territories one by one stops before the end."""
    plan = plan_of_keys(frozenset(keys))
    if plan.overlapping > MOST_KEYS:
        return True
    listed = IndexedList(plan, Wanted(tuple(LIVE_STATES), (), ""))
    return listed.count(COUNT_CAP)[1]


def _index(built: BuiltAudience, after: int, upto: int) -> None:
    _hold(after, upto)
    rows = DemandAudience.objects.filter(under_any(built.keys), demand__gt=after, demand__lte=upto)
    copies = {row.pop("demand_id"): row for row in rows.values("demand_id", *COPIED)}
    DemandAudience.objects.bulk_create(
        [
            DemandAudience(demand_id=demand, audience=built.audience, **copied)
            for demand, copied in copies.items()
        ],
        update_conflicts=True,
        unique_fields=["demand", "audience"],
        update_fields=COPIED,
    )


def _hold(after: int, upto: int) -> None:
    """Until the end, so that no write comes between what is read then and what is written.

    Acts lock their demand as strongly; what only points at it goes on.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = %s", [f"{HELD * 1000:.0f}ms"])
    held = Demand.objects.filter(pk__gt=after, pk__lte=upto).order_by("pk")
    list(held.select_for_update(no_key=True).values_list("pk", flat=True))


def _remove(built: BuiltAudience, is_over: turn.IsOver) -> bool:
    """Its next rows, until the turn is over; True when it ended first."""
    rows = DemandAudience.objects.filter(audience=built.audience)
    while demands := list(rows.values_list("demand_id", flat=True)[:BATCH]):
        rows.filter(demand__in=demands).delete()
        if is_over():
            return True
    built.delete()
    return False


def _wake_up() -> None:
    """A queue that is down must not fail the request; the sweep builds what this missed."""
    for call in _wake_up_calls:
        try:
            call()
        except Exception:  # any broker error
            logger.warning("the worker could not be woken; the sweep will build", exc_info=False)
