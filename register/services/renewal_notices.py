"""Announces the end of validity of a demand, recalls it, and strikes off what nobody renewed."""

from django.db import transaction

from register import clock
from register.access import Action
from register.codes import StrikeOffReason
from register.models import Demand, Event, EventKind, NoticeKind, RenewalNotice
from register.principals import SYSTEM
from register.selectors.channels import WRITTEN, channels
from register.selectors.renewals import Candidate, effects_of
from register.services.changes import begin_change
from register.services.decisions import keep_delay
from register.services.facts import Touched
from register.services.notices import send_by, to_call
from register.services.strike_off import strike_off

_TOLD = {
    NoticeKind.NOTICE: (EventKind.RENEWAL_ANNOUNCED, "renewal_notice"),
    NoticeKind.REMINDER: (EventKind.RENEWAL_REMINDED, "renewal_reminder"),
}


def announce(candidate: Candidate) -> Event:
    """Tell an applicant that the validity of the demand ends, a month before at least.

    By the channels of article R441-2-7; when there is none, the counter must call. Raises Conflict
    when the demand changed since it was looked at.
    """
    return _tell(candidate, NoticeKind.NOTICE)


def remind(candidate: Candidate) -> Event:
    """Tell an applicant whose validity is over that the demand is about to be struck off."""
    return _tell(candidate, NoticeKind.REMINDER)


@transaction.atomic
def strike_off_lapsed(candidate: Candidate) -> Event:
    """End a demand that nobody renewed (R441-2-8 e), and tell it as its end was announced.

    Raises Conflict when the demand changed since it was looked at.
    """
    demand = Demand.objects.get(pk=candidate.demand_id)
    ways = list(channels(demand))
    event = strike_off(
        principal=SYSTEM,
        demand=demand,
        reason=StrikeOffReason.NOT_RENEWED,
        expected_version=candidate.version,
        is_told=False,
    )
    start = demand.last_renewed_on or demand.received_on
    keep_delay(demand, "strike_off", start, event)
    send_by(ways, demand, event, key=f"struck_off:{event.pk}:", letter="not_renewed")
    return event


@transaction.atomic
def strike_off_unanswered(candidate: Candidate) -> Event:
    """End a demand whose warning stayed without answer (R441-2-8 c), and tell it by every way.

    Raises Conflict when the demand changed since it was looked at.
    """
    demand = Demand.objects.get(pk=candidate.demand_id)
    ways = list(channels(demand))
    event = strike_off(
        principal=SYSTEM,
        demand=demand,
        reason=StrikeOffReason.UNREACHABLE,
        expected_version=candidate.version,
        is_told=False,
    )
    send_by(ways, demand, event, key=f"struck_off:{event.pk}:", letter="unanswered")
    return event


@transaction.atomic
def _tell(candidate: Candidate, kind: NoticeKind) -> Event:
    event_kind, letter = _TOLD[kind]
    change = begin_change(
        principal=SYSTEM,
        demand=Demand(pk=candidate.demand_id),
        action=Action.RECORD_ACT,
        expected_version=candidate.version,
    )
    demand = change.demand
    notice = RenewalNotice.objects.create(
        demand=demand, kind=kind, expires_on=demand.expires_on, announced_on=clock.today()
    )
    ways = list(channels(demand))
    event = change.commit(
        event_kind,
        details={"notice": notice.pk, "expires_on": demand.expires_on.isoformat()},
        touched=Touched.LIFE,
    )
    keep_delay(demand, "renewal_notice", demand.expires_on, event)
    send_by(ways, demand, event, key=effects_of(notice), letter=letter, notice=notice.pk)
    if not WRITTEN & set(ways):
        to_call(notice)
    return event
