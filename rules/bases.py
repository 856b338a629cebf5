"""Whether a draft still starts from the version in force: another may have come in meanwhile."""

from django.utils.translation import gettext as _

from .errors import MoveRefused
from .life import MOVES
from .models import OPEN_STATES, RuleModuleVersion, VersionState

# Somebody had the version in force before their eyes: they began with it, or compared it.
_COMPARED = ("open", "rebase")
_ENTERED = tuple(move.name for move in MOVES.values() if move.target == VersionState.IN_FORCE)


def overtaken_by(version: RuleModuleVersion) -> RuleModuleVersion | None:
    """The version that came into force since this draft was opened, or last compared; if any."""
    if version.state not in OPEN_STATES:
        return None
    in_force = version.module.versions.filter(state=VersionState.IN_FORCE).first()
    if in_force is None:
        return None
    compared = version.moves.filter(move__in=_COMPARED).order_by("pk").last()
    entered = in_force.moves.filter(move__in=_ENTERED).order_by("pk").last()
    if compared is None or entered is None or entered.pk < compared.pk:
        return None
    return in_force


def check_base(version: RuleModuleVersion) -> None:
    """MoveRefused for a draft that would undo, unseen, what came into force meanwhile."""
    if newer := overtaken_by(version):
        raise MoveRefused(
            _(
                "Version {number} came into force since this draft was opened, which would undo"
                " what it changed: compare them first."
            ).format(number=newer.number)
        )
