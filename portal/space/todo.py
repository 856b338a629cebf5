"""What the applicant has to do now: usually nothing, and then it says so."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import ways
from portal.space.corrections import address
from portal.space.modifying import address as page_address
from portal.space.words import day_of
from register import clock
from register.access import Action, FieldRights
from register.form.single import Asked
from register.household import overdue_birth
from register.models import Correction, Demand, DemandState
from register.selectors import space
from register.selectors.asked_again import asked_again
from register.selectors.corrections import is_read, title_of, waiting_for_applicant
from register.selectors.given_answers import may_modify
from register.selectors.next_dates import may_renew
from register.selectors.space import PieceToSend


@dataclass(frozen=True)
class Task:
    """One thing to do, why, and where."""

    title: str
    text: str
    url: str
    link_text: str
    quote: str = ""


def tasks(demand: Demand, rights: FieldRights, may: frozenset[Action], *, own: bool) -> list[Task]:
    """Things to do, the most pressing first: for a helper, those that her mandate lets her do."""
    found: list[Task] = []
    if not demand.is_live:
        return found
    if Action.ANSWER in may:
        found += [send_task(demand, piece) for piece in space.pieces_to_send(demand, rights)]
        waiting = waiting_for_applicant(demand)
        found += [_correction(each) for each in waiting if is_read(each, rights)]
    if Action.MODIFY in may:
        found += [
            _again(demand, each)
            for each in asked_again(demand)
            if may_modify(rights, each, own=own)
        ]
    if Action.RENEW in may:
        found += _renewal(demand)
    if own:
        found += [*_birth(demand), *_unread(demand)]
    return found


def meanwhile(demand: Demand, rights: FieldRights) -> str:
    """What happens while there is nothing to do, and how she will know of what follows.

    The ways in which she is reached are told with her contact details alone.
    """
    knows = rights.can_read("contact")
    if demand.state == DemandState.AWAITING_CHECK:
        told = ways.once_checked(demand) if knows else ways.read_here()
        return _("A counter checks your identity document. %(told)s") % {"told": told}
    if demand.state == DemandState.ACTIVE:
        told = ways.each_step(demand) if knows else ways.read_here()
        words = _("Landlords look for the demands that suit the homes that become free. %(told)s")
        return words % {"told": told}
    if demand.state == DemandState.UNDER_ALLOCATION:
        return _("The allocation commission examines your demand. You will read its decision here.")
    if demand.state == DemandState.MERGED:
        return _("Your other demand goes on: everything happens there.")
    return _("A counter can tell you whether your demand can be resumed.")


def send_task(demand: Demand, piece: PieceToSend) -> Task:
    """A document somebody waits for, and where to send it."""
    url = f"{reverse('space:documents', args=[demand.number])}?piece={piece.kind}#send"
    if piece.was_refused:
        return Task(
            _("Send another document: %(document)s") % {"document": piece.name},
            _("The one you sent could not be used. The reason is below."),
            url,
            _("Send this document"),
            piece.why,
        )
    who = piece.organisation.name if piece.organisation else _("the register service")
    return Task(
        _("Send a document: %(document)s") % {"document": piece.name},
        _("%(who)s asked you for it on %(day)s.") % {"who": who, "day": day_of(piece.since)},
        url,
        _("Send this document"),
        piece.why,
    )


def _correction(asked: Correction) -> Task:
    return Task(
        _("Answer a request to correct: %(part)s") % {"part": title_of(asked)},
        _("%(who)s asked you for it on %(day)s.")
        % {"who": asked.organisation, "day": day_of(asked.asked_at)},
        address(asked.demand, asked.pk),
        _("Answer this request"),
        asked.text,
    )


def _again(demand: Demand, asked: Asked) -> Task:
    """What the couple had declared together is of nobody alone."""
    return Task(
        _("Update your declaration: %(asked)s") % {"asked": asked.title},
        _("The household of this demand changed. What was declared before was the couple’s."),
        page_address(demand, asked.question.page),
        _("Answer"),
    )


def _renewal(demand: Demand) -> list[Task]:
    if not may_renew(demand):
        return []
    return [
        Task(
            _("Renew your demand by %(day)s") % {"day": day_of(demand.expires_on)},
            _("Without renewal your demand ends, and with it the waiting time you have gained."),
            reverse("space:renewal", args=[demand.number]),
            _("Renew my demand"),
        )
    ]


def _birth(demand: Demand) -> list[Task]:
    """A child to be born counts until she says otherwise: asked a month after the day."""
    due = overdue_birth(demand, clock.today())
    if due is None:
        return []
    return [
        Task(
            _("Is the child born?"),
            _(
                "You expected a birth on %(day)s. The child still counts as to be born: add the"
                " child among the people who depend on you, then empty this page."
            )
            % {"day": day_of(due)},
            reverse("space:modify", args=[demand.number, "foyer-naissance"]),
            _("Update the expected birth"),
        )
    ]


def _unread(demand: Demand) -> list[Task]:
    waiting = space.unread_messages(demand)
    if not waiting:
        return []
    senders = sorted({str(message.organisation) for message in waiting})
    return [
        Task(
            ngettext("Read a message", "Read %(count)s messages", len(waiting))
            % {"count": len(waiting)},
            _("From: %(senders)s") % {"senders": ", ".join(senders)},
            reverse("space:messages", args=[demand.number]),
            _("Read and answer"),
        )
    ]
