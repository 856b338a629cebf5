"""What must reach somebody in danger and may not be written to her: a body tells it.

A warning, a striking off, a certificate are never dropped because the safe way cannot carry them:
each becomes a task of the body in charge, which tells it by that way alone.
"""

from register import access, clock
from register.access import Action
from register.letters.former import FORMER
from register.letters.sending import is_discreet
from register.models import (
    Demand,
    EffectKind,
    Event,
    EventKind,
    Membership,
    Organisation,
    OrganisationKind,
    Outbox,
    Role,
    Task,
    TaskKind,
)
from register.principals import Principal, PrincipalKind
from register.selectors.account_codes import CODE
from register.selectors.channels import matters
from register.selectors.deaths import has_died
from register.selectors.in_charge import body_in_charge


def tell_safely(demand: Demand, event: Event) -> None:
    """Give a step of a sealed file to a body, to be told today; asked for again, it is one task."""
    Task.objects.get_or_create(
        event=event,
        defaults={
            "demand": demand,
            "organisation": who_tells(demand),
            "kind": TaskKind.TELL,
            "due_on": clock.today(),
            "created_at": clock.now(),
        },
    )


def hand_over(effect: Outbox) -> None:
    """A body tells what was to be sent to somebody in danger and did not, or says too little.

    An announcement has the call list for that, and a code the page that prints it again. Nothing
    is told of somebody who died.
    """
    demand = Demand.objects.get(pk=effect.demand_id)
    event = _told_by(effect)
    if not demand.is_sealed or event is None or has_died(demand):
        return
    is_letter = effect.kind == EffectKind.LETTER or "letter" in effect.payload
    is_registration = effect.kind == EffectKind.REGISTRATION_EMAIL
    if is_letter or is_registration or matters(event.kind, event.reason):
        tell_safely(demand, event)


def hand_over_unread(effect: Outbox) -> None:
    """A body tells what the discreet mail leaves to be read in a space that she does not have."""
    if is_discreet(effect) and effect.demand.account_id is None:
        hand_over(effect)


def _told_by(effect: Outbox) -> Event | None:
    """The step that an effect tells: the registration for the first certificate."""
    if {"notice", CODE, FORMER} & effect.payload.keys():
        return None
    steps = Event.objects.filter(demand=effect.demand_id)
    if "event" in effect.payload:
        return steps.filter(pk=effect.payload["event"]).first()
    return steps.filter(kind=EventKind.SUBMITTED).first()


def who_tells(demand: Demand) -> Organisation:
    """The body in charge, if its team leads open the sealed file; else the manager, who does."""
    body = body_in_charge(demand)
    if body.kind == OrganisationKind.MANAGER:
        return body
    lead = Membership(organisation=body, role=Role.LEAD)
    somebody = Principal(PrincipalKind.MEMBERSHIP, membership=lead)
    if access.decide(somebody, Action.RECORD_ACT, demand).allowed:
        return body
    managers = Organisation.objects.filter(kind=OrganisationKind.MANAGER)
    return managers.order_by("pk").first() or body
