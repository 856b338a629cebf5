"""Who may do what with the versions of the rules: the manager, and the leads who must sign.

The charter is a contract between the partners: its rules change by their signatures, and by
nobody's alone. Partners have no editors' admin: they read and sign at the desk.
"""

from collections.abc import Mapping
from enum import StrEnum

from register.models import Role
from register.principals import Principal
from rules import signatures
from rules.life import MOVES
from rules.manifest import SIGNATORIES
from rules.models import RuleModuleVersion, VersionState


class CharterAction(StrEnum):
    """What may be done with a version at the desk."""

    READ = "read"
    SIGN = "sign"
    REFUSE = "refuse"
    SCHEDULE = "schedule"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    ADOPT = "adopt"
    SET_ASIDE = "set_aside"
    ROLL_BACK = "roll_back"


SIGNING = frozenset({CharterAction.SIGN, CharterAction.REFUSE})
# The manager reads everything; a partner what is to be signed, what governs and what governed.
PARTNERS_READ = frozenset(
    {
        VersionState.IN_REVIEW,
        VersionState.SCHEDULED,
        VersionState.IN_FORCE,
        VersionState.SUPERSEDED,
    }
)
# From which states each action is taken; for the moves of `rules/life.py`, what that table says.
STATES: Mapping[CharterAction, frozenset[VersionState]] = {
    **{
        action: frozenset(MOVES[action.value].sources)
        for action in CharterAction
        if action not in (CharterAction.READ, CharterAction.ROLL_BACK)
    },
    CharterAction.READ: frozenset(VersionState),
    CharterAction.ROLL_BACK: frozenset({VersionState.SUPERSEDED}),
}


def can_use_charter(principal: Principal) -> bool:
    """True for the manager, and for the lead of a body that may be asked to sign.

    The body needs an agreement in force: with its agreement ends its say.
    """
    return principal.is_manager or _is_signing_lead(principal)


def may(principal: Principal, action: CharterAction, version: RuleModuleVersion) -> bool:
    """Whether the principal may do this with the version as it stands."""
    if not can_use_charter(principal) or version.state not in STATES[action]:
        return False
    if action is CharterAction.READ:
        return principal.is_manager or version.state in PARTNERS_READ
    if action in SIGNING:
        return _party(principal) in signatures.required(version)
    return principal.is_manager


def allowed(principal: Principal, version: RuleModuleVersion) -> list[CharterAction]:
    """What the principal may do with the version, reading aside."""
    return [
        action
        for action in CharterAction
        if action is not CharterAction.READ and may(principal, action, version)
    ]


def _party(principal: Principal) -> str:
    return principal.organisation.kind if principal.organisation else ""


def _is_signing_lead(principal: Principal) -> bool:
    return (
        principal.role == Role.LEAD
        and _party(principal) in SIGNATORIES
        and bool(principal.facts["organisation.codes"])
    )
