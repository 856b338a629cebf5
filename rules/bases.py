"""Whether a version still starts from the one in force: another may have come in meanwhile."""

from collections.abc import Iterable, Mapping

from django.db.models import Max
from django.utils.translation import gettext as _

from .errors import MoveRefused
from .life import MOVES
from .models import OPEN_STATES, RuleModuleVersion, RuleVersionMove, VersionState

# Whoever did this had the version in force before their eyes: they began with it, compared it, or
# set the day on which it would be replaced.
_COMPARED = ("open", "rebase", "schedule")
_ENTERED = tuple(move.name for move in MOVES.values() if move.target == VersionState.IN_FORCE)
COMING_STATES = (*OPEN_STATES, VersionState.SCHEDULED)


def overtaken_by(version: RuleModuleVersion) -> RuleModuleVersion | None:
    """The version that came into force since this one was opened, compared or scheduled; if any."""
    if version.state not in COMING_STATES:
        return None
    in_force = version.module.versions.filter(state=VersionState.IN_FORCE).first()
    if in_force is None or not overtaken_among({version.pk: in_force.pk}):
        return None
    return in_force


def overtaken_among(in_force: Mapping[int, int]) -> set[int]:
    """Among versions to come, each with the one in force, those that would undo it unseen.

    Two queries, however many they are.
    """
    compared = _last(_COMPARED, in_force.keys()) if in_force else {}
    entered = _last(_ENTERED, in_force.values()) if compared else {}
    return {
        version
        for version, current in in_force.items()
        if compared.get(version, 0) < entered.get(current, 0) and version in compared
    }


def given_back() -> list[RuleModuleVersion]:
    """Versions that had their day, and will not come into force as they are."""
    coming = RuleModuleVersion.objects.filter(
        state__in=(VersionState.IN_REVIEW, VersionState.SCHEDULED), moves__move="schedule"
    )
    found = {each.pk: each for each in coming.select_related("module").defer("body", "tests")}
    modules = {each.module_id for each in found.values()}
    current = RuleModuleVersion.objects.filter(state=VersionState.IN_FORCE, module__in=modules)
    in_force = dict(current.values_list("module_id", "pk")) if modules else {}
    pairs = {
        pk: in_force[each.module_id] for pk, each in found.items() if each.module_id in in_force
    }
    return [found[pk] for pk in sorted(overtaken_among(pairs))]


def written_by(version: RuleModuleVersion) -> set[int]:
    """The accounts that wrote in this version."""
    rows = version.moves.filter(move__in=("open", "edit"), person__isnull=False)
    return {person for person in rows.values_list("person", flat=True) if person is not None}


def check_base(version: RuleModuleVersion) -> None:
    """MoveRefused for a version that would undo, unseen, what came into force meanwhile."""
    if newer := overtaken_by(version):
        raise MoveRefused(
            _(
                "Version {number} came into force since this draft was opened, which would undo"
                " what it changed: compare them first."
            ).format(number=newer.number)
        )


def _last(moves: tuple[str, ...], versions: Iterable[int]) -> dict[int, int]:
    rows = RuleVersionMove.objects.filter(move__in=moves, version__in=list(versions))
    return dict(rows.order_by().values_list("version").annotate(last=Max("pk")))
