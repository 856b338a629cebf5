"""The life of a version of a rule module: its states and the only moves between them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .errors import MoveRefused
from .models import RuleModuleVersion, VersionState

State = VersionState


@dataclass(frozen=True)
class Actor:
    """Who takes a move: a name, and for a member the account, the body and what it signs as.

    `person` and `organisation` are identifiers of the register, which alone knows the people.
    """

    name: str
    person: int | None = None
    organisation: str = ""
    party: str = ""


DELIVERY = Actor("delivery", party="delivery")
REGISTER = Actor("register")


@dataclass(frozen=True)
class Move:
    """One legal move. No source: a version begins with it. No target: the state stays."""

    name: str
    label: str | Promise
    sources: tuple[VersionState, ...]
    target: VersionState | None
    actor: str | Promise


MOVES: dict[str, Move] = {
    m.name: m
    for m in (
        Move("open", _("Draft opened"), (), State.DRAFT, _("Editor")),
        Move("edit", _("Draft saved"), (State.DRAFT,), None, _("Editor")),
        Move(
            "rebase",
            _("Compared again with the version in force"),
            (State.DRAFT,),
            None,
            _("Editor, when another version came into force meanwhile"),
        ),
        Move("submit", _("Sent for review"), (State.DRAFT,), State.IN_REVIEW, _("Editor")),
        Move(
            "revise",
            _("Changed during the review: signatures are void"),
            (State.IN_REVIEW,),
            State.DRAFT,
            _("Editor"),
        ),
        Move("sign", _("Signed"), (State.IN_REVIEW,), None, _("Each partner that must sign")),
        Move(
            "refuse",
            _("Refused: signatures are void"),
            (State.IN_REVIEW,),
            State.DRAFT,
            _("A partner that must sign"),
        ),
        Move(
            "schedule",
            _("Scheduled"),
            (State.IN_REVIEW,),
            State.SCHEDULED,
            _("Manager, once everybody has signed"),
        ),
        Move(
            "send_back",
            _("Back to review: another version came into force after it was scheduled"),
            (State.SCHEDULED,),
            State.IN_REVIEW,
            _("Register, when another version comes into force"),
        ),
        Move(
            "publish",
            _("Put in force"),
            (State.IN_REVIEW, State.SCHEDULED),
            State.IN_FORCE,
            _("Manager, once everybody has signed"),
        ),
        Move(
            "come_into_force",
            _("Came into force on its day"),
            (State.SCHEDULED,),
            State.IN_FORCE,
            _("Register, on the day"),
        ),
        Move(
            "supersede",
            _("Superseded"),
            (State.IN_FORCE,),
            State.SUPERSEDED,
            _("Register, when another version comes into force"),
        ),
        Move(
            "withdraw",
            _("Withdrawn"),
            (State.DRAFT, State.IN_REVIEW, State.SCHEDULED),
            State.WITHDRAWN,
            _("Manager or editor"),
        ),
        Move(
            "roll_back",
            _("Put back in force"),
            (),
            State.IN_FORCE,
            _("Manager: a new version with the content of an old one"),
        ),
        Move("deliver", _("Delivered"), (), State.IN_FORCE, _("Delivery of the software")),
        Move(
            "deliver_aside",
            _("Delivered beside a version written here"),
            (),
            State.DELIVERED,
            _("Delivery of the software"),
        ),
        Move(
            "replace_tests",
            _("Test cases replaced by the delivered ones"),
            (State.IN_FORCE, State.SUPERSEDED, State.DELIVERED, State.WITHDRAWN),
            None,
            _("Delivery of the software"),
        ),
        Move(
            "adopt",
            _("Delivered version put in force"),
            (State.DELIVERED,),
            State.IN_FORCE,
            _("Manager, who gives up the version written here"),
        ),
        Move(
            "set_aside",
            _("Delivered version set aside"),
            (State.DELIVERED,),
            State.WITHDRAWN,
            _("Register, when it is merged or a newer one is delivered; or manager"),
        ),
    )
}


def can(version: RuleModuleVersion, name: str) -> bool:
    """True if this move can be taken from the version's present state."""
    return version.state in MOVES[name].sources


def check(version: RuleModuleVersion, name: str) -> Move:
    """The move of that name; MoveRefused when the present state is not one of its sources."""
    move = MOVES[name]
    if version.state not in move.sources:
        raise MoveRefused(
            _("This step cannot be taken while the version is “{state}”.").format(
                state=version.get_state_display()
            )
        )
    return move
