"""Resumes a demand that was struck off too early: same number, same seniority (CCH R441-2-8)."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from register import clock
from register.access import Action
from register.errors import Conflict, NotAllowed, TransitionRefused
from register.models import LIVE_STATES, Demand, DemandState, Event, EventKind
from register.principals import Principal, PrincipalKind
from register.selectors.next_dates import Resumption, resumption
from register.services.changes import begin_change
from register.services.decisions import record_delay
from register.services.facts import Touched
from register.services.outbox import tell_applicant
from register.services.renewal import extend
from rules.formatting import day


@transaction.atomic
def reactivate_demand(
    *, principal: Principal, demand: Demand, expected_version: int | None = None
) -> Event:
    """Make a struck-off demand live again, renewed for one year from today.

    Only a service that received the renewal may ask for it, as long as the delays allow: never for
    a home allocated, a withdrawal or a demand found inadmissible (arrêté du 23 mars 2015, annexe).
    Raises NotAllowed, TransitionRefused, Conflict, or ValidationError with the day that has passed.
    """
    if principal.kind is PrincipalKind.APPLICANT:
        raise NotAllowed(_("Only a counter can resume a demand."))
    change = begin_change(
        principal=principal,
        demand=demand,
        action=Action.RENEW,
        expected_version=expected_version,
    )
    current = change.demand
    allowed = _allowed(current)
    was = {"because": current.strike_off_reason, "struck_off_on": str(current.struck_off_on)}
    current.strike_off_reason, current.struck_off_on = "", None
    # NULL for an association: there is none to check.
    is_checked = change.facts.identity_verified is not False
    try:
        validity = extend(current)
        event = change.commit(
            EventKind.REACTIVATED,
            moved="reactivate" if is_checked else "reactivate_unchecked",
            touched=Touched.LIFE,
            details=was,
        )
    except IntegrityError as fault:
        raise Conflict(_("This person sent another demand meanwhile.")) from fault
    record_delay(
        demand=current, delay=allowed.delay, start=allowed.start, end=allowed.last_day, event=event
    )
    record_delay(
        demand=current, delay=validity, start=clock.today(), end=current.expires_on, event=event
    )
    tell_applicant(current, event)
    return event


def _allowed(demand: Demand) -> Resumption:
    """The delay that still allows it; a demand that is alone in its department."""
    if demand.state != DemandState.STRUCK_OFF:
        raise TransitionRefused(_("This demand is not struck off."))
    found = resumption(demand)
    if found is None:
        raise ValidationError(
            _("A demand that ended for this reason cannot be resumed: register a new one.")
        )
    if found.last_day < clock.today():
        raise ValidationError(
            _("This demand could be resumed until %(day)s: register a new one.")
            % {"day": day(found.last_day)}
        )
    check_alone(demand)
    return found


def check_alone(demand: Demand) -> None:
    """ValidationError when the account of a demand that ended has a live one in its department.

    An association makes several, which are no person's (R441-2-3; arrêté of 7 November 2000).
    """
    rivals = Demand.objects.filter(
        account=demand.account_id,
        department=demand.department_id,
        state__in=LIVE_STATES,
        is_association=False,
    )
    if demand.account_id and not demand.is_association and rivals.exists():
        raise ValidationError(_("This person has another demand in this department."))
