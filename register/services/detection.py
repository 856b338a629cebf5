"""Notices priorities again on the whole stock: each night, and when other rules come into force."""

from collections import defaultdict
from typing import Any

from django.db.models import F, Max, Q

from register import bits, clock
from register.models import Demand, DemandFacts, DemandState, Department
from register.parameters import parameter_bindings
from register.priorities import module_of
from rules import registry
from rules.priority import detected_bits

BATCH = 20_000


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
    noticed = detected_bits(module.body, registry.vocabulary(), figures, today, bits.LABELS)
    read = stock.annotate(noticed=noticed)
    changed = read.exclude(Q(facts__detected_priorities=F("noticed"), facts__detected_by=version))
    return sum(
        _write(changed.filter(pk__gt=start, pk__lte=start + BATCH), version)
        for start in range(0, last, BATCH)
    )


def _write(changed: Any, version: str) -> int:
    by_value: dict[int, list[int]] = defaultdict(list)
    for demand_id, noticed in changed.values_list("pk", "noticed"):
        by_value[noticed].append(demand_id)
    for noticed, ids in by_value.items():
        DemandFacts.objects.filter(pk__in=ids).update(
            detected_priorities=noticed, detected_by=version
        )
    return sum(len(ids) for ids in by_value.values())
