"""Death of the applicant, and transfer of a demand to its co-applicant, who keeps the seniority."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from register import clock
from register.access import Action
from register.codes import DocumentStatus, PersonRole, StrikeOffReason, TransferGround
from register.errors import NotAllowed
from register.models import Contact, Demand, Document, EffectKind, Event, EventKind, Mandate, Person
from register.principals import Principal, PrincipalKind
from register.services.acts import clean_text
from register.services.application import ContactData
from register.services.changes import Change, begin_change
from register.services.out_of import check_reachable, co_applicant
from register.services.outbox import enqueue
from register.services.strike_off import strike_off

ONE_DAY = timedelta(days=1)


def record_death(
    *,
    principal: Principal,
    demand: Demand,
    died_on: date,
    text: str,
    successor: int | None = None,
    contact: ContactData | None = None,
    expected_version: int | None = None,
) -> Event:
    """Record that the applicant died: the demand becomes the co-applicant's, or else ends.

    The law names no reason of its own: without a co-applicant it ends as a withdrawal (RADABA,
    R441-2-8 b), and the register writes to that address no more. `text` says what proves it.
    ValidationError by the field, among others without a successor where somebody could be one.
    """
    if not died_on <= clock.today():
        raise ValidationError({"died_on": _("Give a day that is not to come.")})
    told = {"died_on": died_on.isoformat()}
    if demand.persons.filter(role=PersonRole.CO_APPLICANT).exists():
        return _transfer(
            principal,
            demand,
            successor=successor,
            contact=contact or ContactData(),
            ground=TransferGround.DEATH,
            text=text,
            details=told,
            expected_version=expected_version,
        )
    _check_agent(principal)
    return strike_off(
        principal=principal,
        demand=demand,
        reason=StrikeOffReason.RENOUNCED,
        text=clean_text(text, required=True),
        details={"because": TransferGround.DEATH.value, **told},
        expected_version=expected_version,
        is_told=False,
    )


def transfer_to_co_applicant(
    *,
    principal: Principal,
    demand: Demand,
    successor: int | None,
    contact: ContactData,
    text: str,
    expected_version: int | None = None,
) -> Event:
    """Give a demand over to its co-applicant, as its applicant asks in writing.

    Same number, same seniority. `text` says which writing. Raises NotAllowed, TransitionRefused,
    Conflict, or ValidationError by the field.
    """
    return _transfer(
        principal,
        demand,
        successor=successor,
        contact=contact,
        ground=TransferGround.GIVEN_UP,
        text=text,
        details={},
        expected_version=expected_version,
    )


@transaction.atomic
def _transfer(
    principal: Principal,
    demand: Demand,
    *,
    successor: int | None,
    contact: ContactData,
    ground: TransferGround,
    text: str,
    details: dict[str, Any],
    expected_version: int | None,
) -> Event:
    _check_agent(principal)
    change = begin_change(
        principal=principal,
        demand=demand,
        action=Action.WITHDRAW,
        expected_version=expected_version,
    )
    if change.demand.is_sealed:
        raise ValidationError(
            _("This file is sealed against the co-applicant: record the separation first.")
        )
    heir = co_applicant(change.demand, successor, "successor")
    check_reachable(contact)
    text = clean_text(text, required=True)
    _hand_over(change, heir, contact)
    event = change.commit(
        EventKind.TRANSFERRED, moved="transfer", reason=ground, text=text, details=details
    )
    enqueue(
        kind=EffectKind.REGISTRATION_EMAIL,
        key=f"transferred:{event.pk}",
        demand=change.demand,
        payload={"event": event.pk, "mail": "transfer"},
    )
    return event


def _hand_over(change: Change, heir: Person, contact: ContactData) -> None:
    """What was the former applicant's alone leaves the file: account, helpers, ways to write."""
    demand = change.demand
    former = demand.persons.get(role=PersonRole.APPLICANT)
    papers = Document.objects.filter(demand=demand, person=former)
    # What nobody read yet of somebody who left proves nothing to come: the sweep takes its bytes.
    papers.filter(status=DocumentStatus.RECEIVED).delete()
    papers.filter(status=DocumentStatus.VERIFIED).update(
        status=DocumentStatus.OBSOLETE, valid_until=clock.today() - ONE_DAY
    )
    papers.update(person=None)
    former.delete()
    Person.objects.filter(pk=heir.pk).update(role=PersonRole.APPLICANT, position=1, link="")
    Mandate.objects.filter(demand=demand, revoked_at__isnull=True).update(revoked_at=clock.now())
    reached = Contact(demand=demand, **vars(contact))
    reached.full_clean(exclude=["demand"])
    reached.save()
    demand.account = None
    demand.save(update_fields=["account"])


def _check_agent(principal: Principal) -> None:
    if principal.kind is PrincipalKind.APPLICANT:
        raise NotAllowed(_("Only a counter can do this."))
