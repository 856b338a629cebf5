"""The life of a demand: its states, the only moves between them, and their plain words."""

from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from register.errors import TransitionRefused
from register.models import LIVE_STATES, Demand, DemandState, EventKind

State = DemandState
# What is written and not sent yet: no row of the register is ever in this state (ADR 0008).
DRAFT = "draft"
# No article of the code speaks of it: what is wrong is put right without delay.
GDPR_ACCURACY = "RGPD, art. 5-1 d et 16"


class HasState(Protocol):
    """A demand, or what is not one yet."""

    @property
    def state(self) -> str: ...


@dataclass(frozen=True)
class Transition:
    """One legal move: from which states, to which (None: the state stays), and who takes it.

    Without an `event`: nothing is left on which one could be told.
    """

    name: str
    sources: tuple[str, ...]
    target: DemandState | None
    event: EventKind | None
    actor: str | Promise
    legal_basis: str


TRANSITIONS: dict[str, Transition] = {
    t.name: t
    for t in (
        Transition(
            "submit",
            (DRAFT,),
            State.AWAITING_CHECK,
            EventKind.SUBMITTED,
            _(
                "Applicant online, or a counter: on paper, or out of another demand; register, when"
                " it takes over an earlier demand"
            ),
            "CCH R441-2-1 to R441-2-4",
        ),
        Transition(
            "submit_association",
            (DRAFT,),
            State.ACTIVE,
            EventKind.SUBMITTED,
            _("The same; an association has no identity document to be checked"),
            "CCH R441-2-2, last paragraph",
        ),
        Transition(
            "abandon",
            (DRAFT,),
            State.ERASED,
            None,
            _("Register, when nobody took the draft up during its delay of retention"),
            "RGPD, art. 5-1 e",
        ),
        Transition(
            "verify_identity",
            (State.AWAITING_CHECK,),
            State.ACTIVE,
            EventKind.IDENTITY_VERIFIED,
            _("Counter or landlord"),
            "CCH R441-2-3",
        ),
        Transition(
            "propose_candidate",
            (State.ACTIVE,),
            State.UNDER_ALLOCATION,
            EventKind.CANDIDATE_PROPOSED,
            _("Landlord or reservation holder"),
            "CCH R441-3",
        ),
        Transition(
            "refuse_candidate",
            (State.UNDER_ALLOCATION,),
            State.ACTIVE,
            EventKind.CANDIDATE_REFUSED,
            _("Landlord, after its commission"),
            "CCH R441-3 d, L441-2-2",
        ),
        Transition(
            "decline_offer",
            (State.UNDER_ALLOCATION,),
            State.ACTIVE,
            EventKind.OFFER_DECLINED,
            _("Landlord, on the applicant’s answer"),
            "CCH R441-10",
        ),
        Transition(
            "refuse_candidate_unchecked",
            (State.UNDER_ALLOCATION,),
            State.AWAITING_CHECK,
            EventKind.CANDIDATE_REFUSED,
            _("The same; the identity document was refused meanwhile"),
            "CCH R441-3 d, R441-2-3",
        ),
        Transition(
            "decline_offer_unchecked",
            (State.UNDER_ALLOCATION,),
            State.AWAITING_CHECK,
            EventKind.OFFER_DECLINED,
            _("The same; the identity document was refused meanwhile"),
            "CCH R441-10, R441-2-3",
        ),
        Transition(
            "withdraw_identity",
            (State.ACTIVE,),
            State.AWAITING_CHECK,
            EventKind.DOCUMENT_REFUSED,
            _("Counter or landlord, when the identity document that was checked is refused"),
            "CCH R441-2-3",
        ),
        Transition(
            "withdraw_identity_candidate",
            (State.UNDER_ALLOCATION,),
            None,
            EventKind.DOCUMENT_REFUSED,
            _("The same; the body that proposed the candidate is warned"),
            "CCH R441-2-3",
        ),
        Transition(
            "renew",
            LIVE_STATES,
            None,
            EventKind.RENEWED,
            _("Applicant or counter"),
            "CCH R441-2-7",
        ),
        Transition(
            "strike_off",
            LIVE_STATES,
            State.STRUCK_OFF,
            EventKind.STRUCK_OFF,
            _("Landlord, counter, manager or applicant, by reason"),
            "CCH R441-2-8",
        ),
        Transition(
            "separate",
            LIVE_STATES,
            None,
            EventKind.SEPARATED,
            _("Counter; the co-applicant’s demand begins with the same seniority"),
            "SNE, message CRS",
        ),
        Transition(
            "transfer",
            LIVE_STATES,
            None,
            EventKind.TRANSFERRED,
            _("Counter, when the applicant died or gave the demand over in writing"),
            "No article: usage of the counters",
        ),
        Transition(
            "transfer_unchecked",
            LIVE_STATES,
            State.AWAITING_CHECK,
            EventKind.TRANSFERRED,
            _("The same; the co-applicant’s identity document was never checked"),
            "CCH R441-2-3",
        ),
        Transition(
            "register_elsewhere",
            LIVE_STATES,
            None,
            EventKind.DEPARTMENT_CHANGED,
            _("Counter; the other demand begins its own seniority"),
            "Notice of the form 14069*05",
        ),
        Transition(
            "reactivate",
            (State.STRUCK_OFF,),
            State.ACTIVE,
            EventKind.REACTIVATED,
            _("Counter, within the tolerance"),
            "Arrêté du 23 mars 2015, annexe",
        ),
        Transition(
            "reactivate_unchecked",
            (State.STRUCK_OFF,),
            State.AWAITING_CHECK,
            EventKind.REACTIVATED,
            _("Counter, within the tolerance; the identity document was never checked"),
            "Arrêté du 23 mars 2015, annexe; CCH R441-2-3",
        ),
        Transition(
            "take_back_death",
            (State.STRUCK_OFF,),
            State.ACTIVE,
            EventKind.DEATH_TAKEN_BACK,
            _("Counter, when a death was recorded by mistake, until the data is erased"),
            GDPR_ACCURACY,
        ),
        Transition(
            "take_back_death_unchecked",
            (State.STRUCK_OFF,),
            State.AWAITING_CHECK,
            EventKind.DEATH_TAKEN_BACK,
            _("The same; the identity document was never checked"),
            GDPR_ACCURACY,
        ),
        Transition(
            "take_back_death_candidate",
            (State.STRUCK_OFF,),
            State.UNDER_ALLOCATION,
            EventKind.DEATH_TAKEN_BACK,
            _("The same; the demand was a candidate for a home"),
            GDPR_ACCURACY,
        ),
        Transition(
            "correct_death",
            LIVE_STATES,
            None,
            EventKind.DEATH_TAKEN_BACK,
            _("The same, when the co-applicant took the demand over: it stays hers"),
            GDPR_ACCURACY,
        ),
        Transition(
            "merge",
            (State.AWAITING_CHECK, State.ACTIVE),
            State.MERGED,
            EventKind.MERGED,
            _("Manager, or the counter that registered both demands"),
            "CCH R441-2-3",
        ),
        Transition(
            "part",
            (State.MERGED,),
            State.ACTIVE,
            EventKind.PARTED,
            _("Manager or counter, until the last day to undo a merge"),
            "CCH R441-2-3",
        ),
        Transition(
            "part_unchecked",
            (State.MERGED,),
            State.AWAITING_CHECK,
            EventKind.PARTED,
            _("The same; the identity document was never checked"),
            "CCH R441-2-3",
        ),
        Transition(
            "part_kept_unchecked",
            (State.ACTIVE,),
            State.AWAITING_CHECK,
            EventKind.PARTED,
            _("The same; the document that was checked is that of the other demand"),
            "CCH R441-2-3",
        ),
        Transition(
            "erase",
            (State.STRUCK_OFF, State.MERGED),
            State.ERASED,
            EventKind.ERASED,
            _("Register, once the delay of retention or of undoing a merge has passed"),
            "Décret 2017-917, art. 4",
        ),
    )
}

PLAIN_WORDS: dict[str, str | Promise] = {
    DRAFT: _("You have begun a demand. It counts from the day on which you send it."),
    State.AWAITING_CHECK: _(
        "Your demand is registered. A counter still has to check your identity document."
    ),
    State.ACTIVE: _("Your demand is active. Landlords can propose you for a home."),
    State.UNDER_ALLOCATION: _(
        "You are a candidate for a home. The allocation commission will decide."
    ),
    State.STRUCK_OFF: _("Your demand is no longer active."),
    State.MERGED: _(
        "This demand was merged with another demand of yours, which goes on with the oldest date."
    ),
    State.ERASED: _("Your data has been erased."),
}


def transition(name: str) -> Transition:
    """The transition of that name; KeyError if there is none (a programming error)."""
    return TRANSITIONS[name]


def goes_on_elsewhere(demand: Demand) -> bool:
    """True for a demand closed by a merge: whatever happens is written in the one that goes on."""
    return demand.state == State.MERGED


def can(demand: HasState, name: str) -> bool:
    """True if this move can be taken from the present state of a demand, or of a draft."""
    return demand.state in transition(name).sources


def available(demand: Demand) -> list[Transition]:
    """Moves that can be taken from the demand's present state, in the order of the table."""
    return [t for t in TRANSITIONS.values() if demand.state in t.sources]


def move(demand: Demand, name: str) -> Transition:
    """Put the demand in the target state of a move; the calling service saves it and its event.

    Raises TransitionRefused when the present state is not a source of the move.
    """
    taken = transition(name)
    if not can(demand, name):
        raise TransitionRefused(
            _("This step cannot be taken while the demand is “%(state)s”.")
            % {"state": demand.get_state_display()}
        )
    demand.state = taken.target or demand.state
    return taken


def plain_words(demand: Demand) -> str:
    """The state told to the applicant in one or two sentences."""
    return str(PLAIN_WORDS[demand.state])
