"""Looking versions up: one by its number, the history of a module, what to compare with what."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from .difference import Difference, compare
from .disk import Package
from .errors import RuleError
from .models import OPEN_STATES, RuleModuleVersion, VersionQuerySet, VersionState
from .moves import CONTENT, come_into_force, package_of
from .registry import vocabulary

# What somebody most likely wants to compare with the version in force, in this order.
WAITING = (VersionState.DELIVERED, *OPEN_STATES, VersionState.SCHEDULED)
PUBLIC_STATES = (VersionState.IN_FORCE, VersionState.SUPERSEDED)


def find(code: str, number: int) -> RuleModuleVersion:
    """The version of that number; RuleError when there is none."""
    found = _of(code).filter(number=number).first()
    if found is None:
        raise RuleError(code, _("it has no version {number}").format(number=number))
    return found


def in_force(code: str) -> RuleModuleVersion | None:
    """The version written down as in force, if any."""
    return _of(code).filter(state=VersionState.IN_FORCE).first()


def listed(states: Iterable[VersionState] = tuple(VersionState)) -> list[RuleModuleVersion]:
    """Versions in these states by module, newest first, without their rules.

    Those whose day has come are written down as in force first.
    """
    come_into_force()
    rows = RuleModuleVersion.objects.filter(state__in=tuple(states)).select_related("module")
    return list(rows.defer(*CONTENT).order_by("module__code", "-number"))


def published_history() -> list[RuleModuleVersion]:
    """Versions in force and superseded, latest first: what anybody may read of the past."""
    rows = RuleModuleVersion.objects.filter(state__in=PUBLIC_STATES).select_related("module")
    return list(rows.defer(*CONTENT).order_by("-effective_from", "-in_force_at", "module__code"))


def before(version: RuleModuleVersion) -> RuleModuleVersion | None:
    """What a version is compared with: the one in force, or for a past one, the one it replaced."""
    if version.state not in PUBLIC_STATES:
        return in_force(version.module.code)
    governed = _of(version.module.code).filter(state__in=PUBLIC_STATES).exclude(pk=version.pk)
    earlier = governed.filter(in_force_at__lte=version.in_force_at, number__lt=version.number)
    return earlier.order_by("-effective_from", "-in_force_at", "-number").first()


def difference(earlier: RuleModuleVersion | None, later: RuleModuleVersion) -> Difference:
    """What changes from one to the other; RuleError when one of them cannot be read."""
    return compare(package(earlier) if earlier else None, package(later), vocabulary())


def package(version: RuleModuleVersion) -> Package:
    """The module as this version says it; RuleError when it cannot be read."""
    return package_of(version.manifest, version.body, version.tests)


def pair(
    code: str, first: int | None = None, second: int | None = None
) -> tuple[RuleModuleVersion | None, RuleModuleVersion]:
    """Two versions to compare: those asked for, else the one in force and the one that waits.

    With one number, that version and the one in force. Without anything that waits, the version
    in force and the one it replaced.
    """
    if first is not None and second is not None:
        return find(code, first), find(code, second)
    current = in_force(code)
    if first is not None:
        chosen = find(code, first)
        return (chosen, current) if current else (None, chosen)
    waiting = {version.state: version for version in _of(code).filter(state__in=WAITING)}
    for state in WAITING:
        if state in waiting:
            return current, waiting[state]
    if current is None:
        raise RuleError(code, _("this module is not installed"))
    return before(current), current


def _of(code: str) -> VersionQuerySet:
    return RuleModuleVersion.objects.filter(module__code=code).select_related("module")
