"""Simulations on the whole stock: how long each kind takes, beside one bare reading of the facts.

Of each module in force, the version without its first rule is simulated: something moves.
"""

import resource
import sys
from dataclasses import fields, replace
from functools import partial
from typing import Any

from django.db import connection

from register import access, clock
from register.models import Demand, DemandFacts
from register.parameters import parameter_bindings
from register.services.simulation import SIMULATORS
from register.simulation.frame import Bodies, Outcome, Placed, reading_only
from rules import registry
from rules.installed import Installed

from .measures import Options, Report, seconds

BARE = "one reading of the facts of every demand, by hand-written SQL"


def measure(options: Options) -> Report:
    """Each kind once, whatever the rounds: it reads every demand."""
    report = Report("simulation", "what a version would change on the whole stock, kind by kind")
    report.size = {"demands": Demand.objects.count()}
    report.time(BARE, _bare, min(3, options.rounds))
    steps: dict[str, int] = {}
    for module in registry.all_in_force():
        if module.kind in SIMULATORS and module.kind not in steps:
            report.record(module.kind, [seconds(partial(_simulate, module, steps))])
            report.compare(module.kind, module.kind, BARE)
    report.results = {
        "simulation_seconds": {kind: round(report.medians_ms[kind] / 1000, 2) for kind in steps},
        "simulation_steps": steps,
        "most_memory_mb": _most_memory(),
    }
    return report


def _simulate(module: Installed[Any], told: dict[str, int]) -> None:
    """Carry it out, and count how often it said how far it was."""
    outcome = Outcome()
    with reading_only():
        steps = SIMULATORS[module.kind](_bodies(module), outcome)
        told[module.kind] = sum(1 for _step in steps)


def _bodies(module: Installed[Any]) -> Bodies:
    same_kind = [each for each in registry.all_in_force() if each.kind == module.kind]
    changed, today = _without_first_rule(module.body), clock.today()
    return Bodies(
        before=tuple(Placed(each.territory, each.body) for each in same_kind),
        after=tuple(
            Placed(each.territory, changed if each is module else each.body) for each in same_kind
        ),
        own_before=module.body,
        own_after=changed,
        figures=parameter_bindings(module.territory, today),
        vocabulary=access.vocabulary(),
        today=today,
    )


def _without_first_rule(body: Any) -> Any:
    for field in fields(body):
        rules = getattr(body, field.name)
        if isinstance(rules, tuple) and rules:
            return replace(body, **{field.name: rules[1:]})
    raise LookupError("a module in force has no rule")


def _bare() -> None:
    table = connection.ops.quote_name(DemandFacts._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*), SUM(household_size) FROM {table}")  # noqa: S608
        cursor.fetchone()


def _most_memory() -> int:
    """Of this process since it began; kilobytes are told everywhere but on macOS."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1024 * 1024 if sys.platform == "darwin" else 1024)
