"""Notices priorities again on the whole stock: each night, and when other rules come into force."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import Case, IntegerField, Max, Q, Value, When

from register import bits, clock
from register.models import Demand, DemandFacts, DemandState, Department
from register.parameters import parameter_bindings
from register.priorities import module_of
from register.services import turn
from rules import registry
from rules.priority import conditions

BATCH = 20_000
KEYS = 5_000


class Place(NamedTuple):
    """How far a reading of the stock went: department by department, then by key."""

    department: str = ""
    after: int = 0


def detect_again(*, only_other_rules: bool = False) -> int:
    """Write what the rules in force notice today on every demand; returns how many rows changed.

    With `only_other_rules`, only demands last read by other versions: what a new version needs.
    """
    return sum(changed for _place, changed in _batches(Place(), only_other_rules))


def take_turn(place: Place, *, only_other_rules: bool = False) -> Place | None:
    """The same for one turn, at least one batch, from a place on; where to go on from."""
    is_over = turn.begin()
    for reached, _changed in _batches(place, only_other_rules):
        if is_over():
            return reached
    return None


def _batches(place: Place, only_other_rules: bool) -> Iterator[tuple[Place, int]]:
    """Where each batch ends, and how many rows it changed."""
    left = Department.objects.filter(code__gte=place.department).order_by("code")
    for code in left.values_list("code", flat=True):
        start = place.after if code == place.department else 0
        for after, changed in _detect_in(code, start, only_other_rules):
            yield Place(code, after), changed


def _detect_in(department: str, start: int, only_other_rules: bool) -> Iterator[tuple[int, int]]:
    module = module_of(department)
    people = Demand.objects.filter(is_association=False)
    stock = people.filter(facts__department=department, pk__gt=start)
    stock = stock.exclude(state=DemandState.ERASED)
    version = str(module.version_id) if module else ""
    if only_other_rules or module is None:
        stock = stock.exclude(facts__detected_by=version)
    last = stock.aggregate(last=Max("pk"))["last"]
    if last is None:
        return
    if module is None:
        for after in range(start, last, BATCH):
            batch = stock.filter(pk__gt=after, pk__lte=after + BATCH).values("pk")
            rows = DemandFacts.objects.filter(pk__in=batch)
            yield after + BATCH, rows.update(detected_priorities=0, detected_by="")
        return
    today = clock.today()
    figures = parameter_bindings(department, today)
    holds = conditions(module.body, registry.vocabulary(), figures, today)
    # One column per priority: their sum as one expression is too deep for SQLite's parser.
    flags = {f"holds_{code}": _yes(where) for code, where in holds.items()}
    read = stock.annotate(**flags).values_list(
        "pk", "facts__detected_priorities", "facts__detected_by", *flags
    )
    bits_held = [1 << bits.LABELS[code] for code in holds]
    for after in range(start, last, BATCH):
        batch = read.filter(pk__gt=after, pk__lte=after + BATCH)
        yield after + BATCH, _write(batch, bits_held, version)


def _yes(where: Q) -> Case:
    return Case(When(where, then=Value(1)), default=Value(0), output_field=IntegerField())


def _write(read: Any, bits_held: list[int], version: str) -> int:
    """Write the rows of a batch that say otherwise; returns how many."""
    by_value: dict[int, list[int]] = defaultdict(list)
    for demand_id, stored, stored_by, *flags in read:
        noticed = sum(bit for bit, held in zip(bits_held, flags, strict=True) if held)
        if (noticed, version) != (stored, stored_by):
            by_value[noticed].append(demand_id)
    for noticed, ids in by_value.items():
        for place in range(0, len(ids), KEYS):
            DemandFacts.objects.filter(pk__in=ids[place : place + KEYS]).update(
                detected_priorities=noticed, detected_by=version
            )
    return sum(len(ids) for ids in by_value.values())
