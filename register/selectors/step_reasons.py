"""Why a step of a demand was taken, in words."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from register import codes, papers
from register.access import FieldRights
from register.form.together import asked_once
from register.models import CorrectedPart, Event, EventKind, Organisation
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
        return question_words(event) or reason_words(event)
    return "" if steps.withholds_reason(event, rights) else reason_words(event)


def question_words(event: Event) -> str:
    """The questions of the form that a step is about; it names nobody."""
    keys = event.details.get("questions") or [event.details.get("question", "")]
    asked = [asked_once(key, event.demand, None) for key in keys]
    return ", ".join(each.label_for(names=False) for each in asked if each)


def change_words(event: Event, rights: FieldRights) -> str:
    """What each answer was and became, for a reader of every group of data that it tells of."""
    changes = list(event.field_changes.all())
    told = []
    for change in changes:
        asked = asked_once(change.question, event.demand, None)
        if asked and all(map(rights.can_read, asked.question.told_by)):
            was_and_is = f"{_line(asked.said(change.before))} → {_line(asked.said(change.after))}"
            label = asked.label_for(names=False)
            whole = _("%(asked)s: %(told)s") % {"asked": label, "told": was_and_is}
            told.append(was_and_is if len(changes) == 1 else whole)
    return " · ".join(told)


def _line(said: Any) -> str:
    return ", ".join(map(str, said)) if isinstance(said, list) else str(said) or "–"


def reason_words(event: Event) -> str:
    """The reason code of an event, in words."""
    if event.kind == EventKind.TAG_ADDED:
        return str(TAGS.get(event.reason, event.reason))
    if event.kind in (EventKind.WARNED, EventKind.STRUCK_OFF):
        return codes.ending_words(event.reason)
    words = _choice(_REASONS[event.kind], event.reason) if event.kind in _REASONS else event.reason
    proof = carried_words(event)
    return _("%(asked)s: %(told)s") % {"asked": words, "told": proof} if proof else words


def carried_words(event: Event) -> str:
    """Which body compared an identity document that a merge took over, when, and which paper."""
    day, details = event.details.get("checked_on"), event.details
    body = Organisation.objects.filter(pk=details.get("checked_by")).first() if day else None
    if body is None:
        return ""
    checked = _("checked on %(day)s by %(who)s") % {
        "day": date_format(date.fromisoformat(day), "DATE_FORMAT"),
        "who": body.name,
    }
    return ", ".join(filter(None, [papers.label(details.get("paper") or ""), checked]))


def _choice(choices: Any, code: Any) -> str:
    return str(dict(choices.choices).get(code, ""))
