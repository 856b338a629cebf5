"""Acts recorded on a demand; each leaves an event with who, for whom, why and by which rules."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from register import access, clock, codes, papers
from register.access import Action
from register.errors import NotAllowed
from register.models import (
    DecisionKind,
    Demand,
    Event,
    EventKind,
    Message,
)
from register.principals import Principal, PrincipalKind
from register.selectors import notes
from register.selectors.identity import is_withdrawn
from register.services import grounds
from register.services.changes import Change, begin_change
from register.services.facts import Touched
from register.services.outbox import tell_applicant
from register.territories import territory_tree
from register.text import without_unstorable

TEXT_LIMIT = 2000
RESIDENCE_LIMIT = 150
PRESSED_TWICE = timedelta(minutes=1)


def request_piece(
    *,
    principal: Principal,
    demand: Demand,
    piece: str,
    text: str = "",
    expected_version: int | None = None,
) -> Event:
    """Ask the applicant for a missing paper of the limitative list (R441-2-4-1).

    Raises ValidationError, with the rule's reason, for a paper that may not be asked of her: what
    the rule decided is then kept, and nothing else.
    """
    try:
        return _request_piece(principal, demand, piece, text, expected_version)
    except papers.PaperRefused as refusal:
        grounds.record_refused_paper(demand, refusal)
        raise


@transaction.atomic
def _request_piece(
    principal: Principal, demand: Demand, piece: str, text: str, expected_version: int | None
) -> Event:
    change = _begin(principal, demand, expected_version)
    by_list = papers.check_may_ask(principal, change.demand, piece)
    event = change.commit(
        EventKind.PIECE_REQUESTED,
        reason=piece,
        text=clean_text(text),
        by=[by_list],
        touched=Touched.LIFE,
    )
    tell_applicant(change.demand, event)
    return event


@transaction.atomic
def record_contact(
    *,
    principal: Principal,
    demand: Demand,
    channel: str,
    text: str,
    expected_version: int | None = None,
) -> Event:
    """Record a contact that took place by telephone, at the counter, by letter or by e-mail."""
    _check_choice(codes.ContactChannel, channel, "channel")
    change = _begin(principal, demand, expected_version)
    return change.commit(
        EventKind.CONTACTED,
        reason=channel,
        text=clean_text(text, required=True),
        touched=Touched.LIFE,
    )


@transaction.atomic
def send_message(*, principal: Principal, demand: Demand, body: str) -> Event:
    """Write to the applicant, or, for the applicant, to the organisations that treat the demand.

    The same words sent again within a minute are a button pressed twice: one message is kept.
    """
    by_applicant = principal.kind == PrincipalKind.APPLICANT
    action = Action.EDIT if by_applicant else Action.RECORD_ACT
    change = begin_change(principal=principal, demand=demand, action=action)
    message = Message(
        demand=change.demand,
        author=principal.user,
        organisation=principal.organisation,
        body=clean_text(body, required=True),
        sent_at=clock.now(),
    )
    if again := _just_sent(message):
        return again
    message.full_clean()
    message.save(force_insert=True)
    event = change.commit(
        EventKind.MESSAGE_SENT, details={"message": message.pk}, touched=Touched.LIFE
    )
    if not by_applicant:
        tell_applicant(change.demand, event)
    return event


def _just_sent(message: Message) -> Event | None:
    """The step of the same message, when it was sent a moment ago."""
    same = Message.objects.filter(
        demand=message.demand,
        author=message.author,
        organisation=message.organisation,
        body=message.body,
        sent_at__gt=message.sent_at - PRESSED_TWICE,
    ).first()
    steps = message.demand.events.filter(kind=EventKind.MESSAGE_SENT)
    return steps.filter(details__message=same.pk).first() if same else None


@transaction.atomic
def propose_candidate(
    *,
    principal: Principal,
    demand: Demand,
    home_type: str,
    commune: str,
    residence: str = "",
    expected_version: int | None = None,
) -> Event:
    """Propose the applicant as a candidate for a home; the commission then decides (R441-3)."""
    _check_choice(codes.HomeType, home_type, "home_type")
    if f"dep:{demand.department_id}" not in territory_tree().chain(f"commune:{commune}"):
        raise ValidationError({"commune": _("Choose a commune of the list.")})
    place = without_unstorable(residence).strip()
    _check_length(place, RESIDENCE_LIMIT, "residence")
    change = _begin(principal, demand, expected_version)
    event = change.commit(
        EventKind.CANDIDATE_PROPOSED,
        moved="propose_candidate",
        touched=Touched.LIFE,
        details={"home_type": home_type, "commune": commune, "residence": place},
        deciding=lambda event: grounds.score(
            change.demand, DecisionKind.SCORE, event, figures=change.figures
        ),
    )
    tell_applicant(change.demand, event)
    return event


@transaction.atomic
def refuse_candidate(
    *,
    principal: Principal,
    demand: Demand,
    reason: str,
    text: str = "",
    expected_version: int | None = None,
) -> Event:
    """Record that the home was not allocated, for a legal reason told to the applicant."""
    _check_choice(codes.RefusalReason, reason, "reason")
    change = _begin(principal, demand, expected_version)
    event = change.commit(
        EventKind.CANDIDATE_REFUSED,
        moved=_leaving_allocation("refuse_candidate", change.demand),
        touched=Touched.LIFE,
        reason=reason,
        text=clean_text(text),
        deciding=lambda event: grounds.refusal(change.demand, reason, event, change.figures),
    )
    tell_applicant(change.demand, event)
    return event


@transaction.atomic
def decline_offer(
    *,
    principal: Principal,
    demand: Demand,
    reason: str,
    text: str = "",
    expected_version: int | None = None,
) -> Event:
    """Record that the applicant declined the home, or did not answer in time (R441-10)."""
    _check_choice(codes.DeclineReason, reason, "reason")
    change = _begin(principal, demand, expected_version)
    event = change.commit(
        EventKind.OFFER_DECLINED,
        moved=_leaving_allocation("decline_offer", change.demand),
        reason=reason,
        text=clean_text(text),
    )
    tell_applicant(change.demand, event)
    return event


@transaction.atomic
def add_note(
    *,
    principal: Principal,
    demand: Demand,
    text: str,
    to: str = "",
    expected_version: int | None = None,
) -> Event:
    """Keep an internal note: objective, and readable by the person who asks for her data (R26).

    `to` says who reads it besides her: everybody who reads notes of this demand (""), the body of
    the writer alone, or that body and another which may open the demand (see `selectors.notes`);
    an answer is read by those who read the note that it answers.
    """
    change = _begin(principal, demand, expected_version)
    if not access.fields(principal, change.demand).can_write("notes"):
        raise NotAllowed(_("You cannot do this with this demand."))
    return change.commit(
        EventKind.NOTE,
        text=clean_text(text, required=True),
        details=notes.kept_between(principal, change.demand, to),
        is_public=False,
        touched=Touched.LIFE,
    )


def _begin(principal: Principal, demand: Demand, expected_version: int | None) -> Change:
    return begin_change(
        principal=principal,
        demand=demand,
        action=Action.RECORD_ACT,
        expected_version=expected_version,
    )


def _leaving_allocation(move: str, demand: Demand) -> str:
    """A candidate whose identity document was refused meanwhile waits for another."""
    return f"{move}_unchecked" if is_withdrawn(demand) else move


def _check_choice(choices: type, value: str, field: str) -> None:
    if value not in choices.values:  # type: ignore[attr-defined]
        raise ValidationError({field: _("Choose an answer of the list.")})


def _check_length(text: str, limit: int, field: str) -> None:
    try:
        MaxLengthValidator(limit)(text)
    except ValidationError as refusal:
        raise ValidationError({field: refusal.error_list}) from None


def clean_text(text: str, *, required: bool = False) -> str:
    """What a person wrote, as it can be stored; ValidationError when it is too long or missing."""
    cleaned = without_unstorable(text).strip()
    if required and not cleaned:
        raise ValidationError({"text": _("Write a few words.")})
    if len(cleaned) > TEXT_LIMIT:
        raise ValidationError({"text": _("Write at most 2,000 characters.")})
    return cleaned
