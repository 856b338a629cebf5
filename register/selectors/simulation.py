"""Simulations as they are read: the versions that may be simulated, the latest answer."""

from register.models import Simulation
from register.principals import Principal
from register.services.simulation import can_simulate
from rules.models import RuleModuleVersion


def version_to_simulate(principal: Principal, version_id: int) -> RuleModuleVersion | None:
    """The version of this identifier, for the manager of the shared file; None otherwise."""
    if not principal.is_manager:
        return None
    found = RuleModuleVersion.objects.select_related("module").filter(pk=version_id).first()
    return found if found and can_simulate(found.module.kind) else None


def latest_simulation(version: RuleModuleVersion) -> Simulation | None:
    """The one under way, else the last that ended."""
    return Simulation.objects.filter(version=version).select_related("version__module").first()
