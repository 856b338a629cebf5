"""Notices priorities again on the whole stock: each night, and when other rules come into force."""

from collections import defaultdict
from typing import Any

from django.db.models import Case, IntegerField, Max, Q, Value, When

from register import bits, clock
from register.models import Demand, DemandFacts, DemandState, Department
from register.parameters import parameter_bindings
from register.priorities import module_of
from rules import registry
from rules.priority import conditions

BATCH = 20_000
KEYS = 5_000


def detect_again(*, only_other_rules: bool = False) -> int:
    """Write what the rules in force notice today on every demand; returns how many rows changed.

    With `only_other_rules`, only demands last read by other versions: what a new version needs.
    """
    return sum(
        _detect_in(department, only_other_rules)
        for department in Department.objects.order_by("code").values_list("code", flat=True)
    )


def _detect_in(department: str, only_other_rules: bool) -> int:
    module = module_of(department)
    stock = Demand.objects.filter(facts__department=department).exclude(state=DemandState.ERASED)
    version = str(module.version_id) if module else ""
    if only_other_rules or module is None:
        stock = stock.exclude(facts__detected_by=version)
    last = stock.aggregate(last=Max("pk"))["last"]
    if last is None:
        return 0
    if module is None:
        return DemandFacts.objects.filter(pk__in=stock.values("pk")).update(
            detected_priorities=0, detected_by=""
        )
    today = clock.today()
    figures = parameter_bindings(department, today)
    holds = conditions(module.body, registry.vocabulary(), figures, today)
    # One column per priority: their sum as one expression is too deep for SQLite's parser.
    flags = {f"holds_{code}": _yes(where) for code, where in holds.items()}
    read = stock.annotate(**flags).values_list(
        "pk", "facts__detected_priorities", "facts__detected_by", *flags
    )
    bits_held = [1 << bits.LABELS[code] for code in holds]
    return sum(
        _write(read.filter(pk__gt=start, pk__lte=start + BATCH), bits_held, version)
        for start in range(0, last, BATCH)
    )


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
