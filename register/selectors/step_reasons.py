"""Why a step of a demand was taken, in words."""

from typing import Any

from register import codes, papers
from register.access import FieldRights
from register.form.single import QUESTIONS, Asked
from register.models import CorrectedPart, Event, EventKind
from register.selectors import steps
from register.vocabulary.lists import TAGS

_REASONS: dict[str, Any] = {
    EventKind.SUBMITTED: codes.DemandOrigin,
    EventKind.TRANSFERRED: codes.TransferGround,
    EventKind.CONTACTED: codes.ContactChannel,
    EventKind.CANDIDATE_REFUSED: codes.RefusalReason,
    EventKind.OFFER_DECLINED: codes.DeclineReason,
    EventKind.LABEL_GRANTED: codes.PriorityLabel,
    EventKind.LABEL_REFUSED: codes.PriorityLabel,
    EventKind.IDENTITY_VERIFIED: codes.DocumentKind,
    EventKind.DOCUMENT_VERIFIED: codes.DocumentKind,
    EventKind.DOCUMENT_REFUSED: codes.DocumentKind,
    EventKind.DOCUMENT_UNLISTED: codes.DocumentKind,
    EventKind.DOCUMENT_OBSOLETE: codes.DocumentKind,
    EventKind.DOCUMENT_ADDED: codes.DocumentKind,
    EventKind.CORRECTION_ASKED: CorrectedPart,
    EventKind.CORRECTION_ANSWERED: CorrectedPart,
    EventKind.CORRECTION_CLOSED: CorrectedPart,
    EventKind.MODIFIED: CorrectedPart,
}


def reason_known(event: Event, rights: FieldRights) -> str:
    """The reason of an event, without what the reader may not know; the question if it has one."""
    if event.kind == EventKind.PIECE_REQUESTED:
        return papers.name_for(event.reason, rights)
    if event.kind in steps.ABOUT_THE_DECLARATION and rights.can_read(event.reason):
        return question_words(event) or _words(event)
    return "" if steps.withholds_reason(event, rights) else _words(event)


def question_words(event: Event) -> str:
    """The question of the form that a step is about; it names nobody."""
    question = QUESTIONS.get(event.details.get("question", ""))
    return Asked(question, event.demand).label_for(names=False) if question else ""


def change_words(event: Event, rights: FieldRights) -> str:
    """What an answer was and became, for a reader of every group of data that it tells of."""
    change = getattr(event, "field_change", None)
    question = QUESTIONS.get(change.question) if change else None
    if change is None or question is None or not all(map(rights.can_read, question.told_by)):
        return ""
    asked = Asked(question, event.demand)
    return f"{_line(asked.said(change.before))} → {_line(asked.said(change.after))}"


def _line(said: Any) -> str:
    return ", ".join(map(str, said)) if isinstance(said, list) else str(said) or "–"


def _words(event: Event) -> str:
    """The reason code of an event, in words."""
    if event.kind == EventKind.TAG_ADDED:
        return str(TAGS.get(event.reason, event.reason))
    if event.kind in (EventKind.WARNED, EventKind.STRUCK_OFF):
        return codes.ending_words(event.reason)
    return _choice(_REASONS[event.kind], event.reason) if event.kind in _REASONS else event.reason


def _choice(choices: Any, code: Any) -> str:
    return str(dict(choices.choices).get(code, ""))
