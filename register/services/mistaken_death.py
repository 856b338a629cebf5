"""Takes back a death that was recorded by mistake: what is wrong is put right without delay.

The law on social housing is silent; the rules on data are not (GDPR art. 5-1 d and 16).
"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from register import lifecycle
from register.access import Action
from register.errors import Conflict, NotAllowed, TransitionRefused
from register.models import Demand, DemandState, Event, EventKind
from register.principals import Principal, PrincipalKind
from register.selectors.deaths import death_told
from register.services.acts import clean_text
from register.services.changes import begin_change
from register.services.facts import Touched
from register.services.outbox import tell_applicant
from register.services.reactivation import check_alone

# The move back to where the death found the demand.
BACK_TO: dict[str, str] = {
    DemandState.AWAITING_CHECK: "take_back_death_unchecked",
    DemandState.ACTIVE: "take_back_death",
    DemandState.UNDER_ALLOCATION: "take_back_death_candidate",
}


@transaction.atomic
def take_back_death(
    *, principal: Principal, demand: Demand, text: str, expected_version: int | None = None
) -> Event:
    """Say that a death was told by mistake, and why (`text`, which the applicant reads).

    A demand that it ended is again what it was: state, number, dates, helpers; nothing of it had
    left the file. It is not renewed, and what was not sent meanwhile is not sent. One that it gave
    to the co-applicant stays hers, since what was the former applicant's alone is gone: the step is
    written, and she may be declared there again, then take the demand over in writing.
    Raises NotAllowed, TransitionRefused without such a death or once the data is erased, Conflict,
    or ValidationError without a reason or when this person has another demand by now.
    """
    if principal.kind is PrincipalKind.APPLICANT:
        raise NotAllowed(_("Only a counter can do this."))
    change = begin_change(
        principal=principal,
        demand=demand,
        action=Action.WITHDRAW,
        expected_version=expected_version,
    )
    current, told = change.demand, death_told(change.demand)
    if told is None:
        raise TransitionRefused(_("No death is recorded in this file."))
    text = clean_text(text, required=True)
    has_ended = told.kind == EventKind.STRUCK_OFF
    move = BACK_TO[told.from_state] if has_ended else "correct_death"
    if not lifecycle.can(current, move):
        raise TransitionRefused(_("This demand has ended since for another reason."))
    details = {"ended": str(current.struck_off_on)} if has_ended else {}
    if has_ended:
        check_alone(current)
        current.strike_off_reason, current.struck_off_on = "", None
    try:
        event = change.commit(
            EventKind.DEATH_TAKEN_BACK,
            moved=move,
            text=text,
            details=details,
            touched=Touched.LIFE,
        )
    except IntegrityError as fault:
        raise Conflict(_("This person sent another demand meanwhile.")) from fault
    tell_applicant(current, event)
    return event
