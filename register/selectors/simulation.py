"""Simulations as they are read: the versions that may be simulated, the latest answer."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef

from register import access
from register.models import Demand, Department, Simulation
from register.principals import Principal
from register.services.simulation import can_simulate
from rules.kinds.fields import FieldSet
from rules.models import RuleModuleVersion, VersionState


def version_to_simulate(principal: Principal, version_id: int) -> RuleModuleVersion | None:
    """The version of this identifier, for the manager of the shared file; None otherwise."""
    if not principal.is_manager:
        return None
    found = RuleModuleVersion.objects.select_related("module").filter(pk=version_id).first()
    return found if found and can_simulate(found.module.kind) else None


def latest_simulation(version: RuleModuleVersion) -> Simulation | None:
    """The one under way, else the last that ended."""
    return Simulation.objects.filter(version=version).select_related("version__module").first()


def may_read_exactly(principal: Principal, version: RuleModuleVersion) -> bool:
    """True when exact figures tell the manager nothing that she may not read file by file.

    The stock is then all under her agreements, and what the version changes speaks of no fact about
    health, unless she reads that.
    """
    served = Department.objects.filter(Exists(Demand.objects.filter(department=OuterRef("pk"))))
    if not set(served.values_list("pk", flat=True)) <= principal.facts["organisation.departments"]:
        return False
    if access.may_ever_read(principal, FieldSet.HEALTH):
        return True
    telling = {fact.code for fact in access.vocabulary() if fact.sensitivity == FieldSet.HEALTH}
    return telling.isdisjoint(_changed_words(version))


def _changed_words(version: RuleModuleVersion) -> Iterator[str]:
    """Every word of the rules that the version adds, takes away or changes."""
    in_force = version.module.versions.filter(state=VersionState.IN_FORCE).first()
    before, after = _rules(in_force.body if in_force else {}), _rules(version.body)
    for rule in before:
        if rule not in after:
            yield from _words(rule)
    for rule in after:
        if rule not in before:
            yield from _words(rule)


def _rules(body: Any) -> list[Any]:
    """The items of the lists of a body, and what stands beside them."""
    found: list[Any] = []
    for part in body.values():
        found += part if isinstance(part, list) else [part]
    return found


def _words(written: Any) -> Iterator[str]:
    if isinstance(written, str):
        yield written
    for part in written.values() if isinstance(written, dict) else ():
        yield from _words(part)
    for part in written if isinstance(written, list) else ():
        yield from _words(part)
