"""Death of the applicant, and transfer of a demand to its co-applicant, who keeps the seniority."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from register import clock
from register.access import Action
from register.codes import (
    DocumentKind,
    DocumentStatus,
    PersonRole,
    StrikeOffReason,
    TransferGround,
)
from register.errors import NotAllowed
from register.form.definition import CO_APPLICANT, CONTACT, QUESTIONS, Question
from register.form.single import Asked, asked_of
from register.form.together import AskedTogether
from register.held import was_identified
from register.models import (
    ChangeSource,
    Contact,
    CorrectionOutcome,
    Demand,
    Document,
    EffectKind,
    Event,
    EventKind,
    FieldChange,
    Mandate,
    Person,
)
from register.principals import Principal, PrincipalKind
from register.selectors.given_answers import kept_answer
from register.selectors.handover import SET_APART
from register.selectors.household_lists import list_asked_on, names_on
from register.selectors.retention import is_held
from register.services import former
from register.services.acts import clean_text
from register.services.application import ContactData
from register.services.changes import Change, begin_change
from register.services.holds import keep_aside
from register.services.modification import Written, keep_changes
from register.services.out_of import check_reachable, co_applicant
from register.services.outbox import enqueue
from register.services.strike_off import strike_off

ONE_DAY = timedelta(days=1)
# In the place of a judgment’s reference that is no longer known.
NOT_KEPT = "–"
WHO_ASKS = ("identite", "identite-situation")
SOURCES = {
    TransferGround.DEATH: ChangeSource.DOCUMENT,
    TransferGround.GIVEN_UP: ChangeSource.APPLICANT,
}


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
    if demand.is_association:
        raise NotAllowed(_("An association has no civil status."))
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
    before, apart = _answers(change.demand), _set_apart(change.demand)
    # Nobody is told in the place of the dead.
    told = former.reached(change.demand) if ground == TransferGround.GIVEN_UP else []
    asked_notes = _hand_over(change, heir, contact)
    moved = "transfer" if was_identified(change.demand, heir.pk) else "transfer_unchecked"
    event = change.commit(
        EventKind.TRANSFERRED,
        moved=moved,
        reason=ground,
        text=text,
        details={**details, SET_APART: apart},
    )
    former.tell(change.demand, event, told, asked_notes=asked_notes)
    keep_changes(event, _changed(change.demand, before), source=SOURCES[ground])
    enqueue(
        kind=EffectKind.REGISTRATION_EMAIL,
        key=f"transferred:{event.pk}",
        demand=change.demand,
        payload={"event": event.pk, "mail": "transfer"},
    )
    return event


def _set_apart(demand: Demand) -> dict[str, int]:
    """How much of the former applicant's the heir is not shown, and what nobody had read."""
    applicant = Q(person__role=PersonRole.APPLICANT)
    hers = demand.documents.filter(applicant | Q(person=None), is_of_former=False)
    unread = Q(status=DocumentStatus.RECEIVED)
    found = {
        "documents": hers.exclude(unread).count(),
        "unread": hers.filter(unread).count(),
        "messages": demand.messages.count(),
    }
    return {name: count for name, count in found.items() if count}


def _hand_over(change: Change, heir: Person, contact: ContactData) -> bool:
    """What was the former applicant's alone leaves the file: account, helpers, ways to write.

    So does what her own answers were: whoever takes the demand over reads its history. A legal hold
    keeps all of it aside (R22). True when she had asked for the notes about her.
    """
    demand = change.demand
    leaving = demand.persons.get(role=PersonRole.APPLICANT)
    ways = [question.key for question in QUESTIONS.values() if question.whose == CONTACT]
    answers = demand.field_changes.filter(Q(person=leaving) | Q(question__in=ways))
    keep_aside(demand, _leaves_with(demand, leaving, answers))
    _take_papers_away(demand, leaving)
    _close_requests(change)
    asked = demand.notes_requests.filter(answered_at=None).update(answered_at=clock.now())
    answers.delete()
    leaving.delete()
    # Each was the link with whoever left: nobody is the heir's spouse or child for that.
    demand.persons.update(link="")
    # The couple's family status is not hers: it is asked of her (`selectors.asked_again`).
    Person.objects.filter(pk=heir.pk).update(
        role=PersonRole.APPLICANT, position=1, family_status=""
    )
    _end_mandates(demand)
    demand.account_codes.all().delete()
    reached = Contact(demand=demand, **vars(contact))
    reached.full_clean(exclude=["demand"])
    reached.save()
    demand.account = None
    demand.save(update_fields=["account"])
    return bool(asked)


def _leaves_with(
    demand: Demand, leaving: Person, answers: QuerySet[FieldChange]
) -> Iterator[Model]:
    yield from (demand, leaving, *leaving.incomes.all(), *leaving.needs.all(), *answers)
    yield from (*demand.documents.all(), *demand.mandates.all(), *demand.account_codes.all())
    yield from Contact.objects.filter(demand=demand)


def _end_mandates(demand: Demand) -> None:
    """Who helped the former applicant stays named; how, on which paper and where does not."""
    given = Mandate.objects.filter(demand=demand)
    given.filter(revoked_at__isnull=True).update(revoked_at=clock.now())
    recorded = given.filter(recorded_by__isnull=False)
    recorded.update(email="", phone="", address="", postal_code="", city="", reference=NOT_KEPT)
    if not is_held(demand):
        Document.objects.filter(demand=demand, kind=DocumentKind.MANDATE).delete()


def _take_papers_away(demand: Demand, leaving: Person) -> None:
    """Agents keep those that were read; the heir opens none, and they prove nothing any more.

    A paper that names nobody is the applicant's: so are all that the online form sends.
    """
    hers = Document.objects.filter(Q(person=leaving) | Q(person=None), demand=demand)
    # What nobody read yet of somebody who left proves nothing to come: the sweep takes its bytes,
    # unless a legal hold keeps them (R22).
    if not is_held(demand):
        hers.filter(status=DocumentStatus.RECEIVED).delete()
    hers.filter(status__in=(DocumentStatus.RECEIVED, DocumentStatus.VERIFIED)).update(
        status=DocumentStatus.OBSOLETE, valid_until=clock.today() - ONE_DAY
    )
    hers.update(person=None, is_of_former=True)


def _close_requests(change: Change) -> None:
    """Nobody answers in the former applicant's place; whoever still needs it asks the heir."""
    with override(change.demand.language):
        reasons = str(_("The demand changed hands before this was closed."))
    change.demand.corrections.filter(closed_at=None).update(
        outcome=CorrectionOutcome.KEPT,
        reasons=reasons,
        closed_at=clock.now(),
        closed_by=change.principal.user,
    )


def _answers(demand: Demand) -> dict[str, tuple[Asked, Any]]:
    """Who asks, with whom, and how to reach her: what changes when somebody else asks."""
    asked = [each for each in asked_of(demand) if _tells_who_asks(each.question)]
    found = {each.question.key: (each, kept_answer(each)) for each in asked}
    together = list_asked_on(CO_APPLICANT)
    people = names_on(demand, CO_APPLICANT)
    return {**found, together.key: (AskedTogether(together, demand), people)}


def _tells_who_asks(question: Question) -> bool:
    is_hers = question.whose == PersonRole.APPLICANT and question.page in WHO_ASKS
    return is_hers or question.whose == CONTACT


def _changed(demand: Demand, before: Mapping[str, tuple[Asked, Any]]) -> Iterator[Written]:
    """Both values of each answer; where the former applicant was reached leaves the file."""
    for key, (asked, now) in _answers(demand).items():
        _former, was = before[key]
        if now != was:
            told = None if asked.question.whose == CONTACT else was
            yield Written(asked.question, told, now, asked.person)


def _check_agent(principal: Principal) -> None:
    if principal.kind is PrincipalKind.APPLICANT:
        raise NotAllowed(_("Only a counter can do this."))
