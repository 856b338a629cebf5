"""The life of a demand told in sentences: what, who, for which organisation, under which rule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from register.codes import ContactChannel, TransferGround
from register.models import ChangeSource, EventKind
from register.selectors.deliveries import Sending
from register.selectors.file import DemandFile, EventView
from register.selectors.strike_off_warnings import letter_words
from register.selectors.to_take_up import Words
from register.templatetags.shell import date_long

_LOOKS: dict[str, tuple[str, str]] = {
    EventKind.SUBMITTED: ("flag", "accent"),
    EventKind.IDENTITY_VERIFIED: ("person-check", "success"),
    EventKind.DOCUMENT_VERIFIED: ("file-earmark-check", "success"),
    EventKind.DOCUMENT_REFUSED: ("file-earmark-x", "danger"),
    EventKind.DOCUMENT_UNLISTED: ("file-earmark-x", "neutral"),
    EventKind.DOCUMENT_OBSOLETE: ("hourglass-split", "warning"),
    EventKind.DOCUMENT_ADDED: ("file-earmark-arrow-up", "neutral"),
    EventKind.PIECE_REQUESTED: ("paperclip", "warning"),
    EventKind.CONTACTED: ("telephone", "neutral"),
    EventKind.MESSAGE_SENT: ("envelope", "neutral"),
    EventKind.CANDIDATE_PROPOSED: ("house-door", "success"),
    EventKind.CANDIDATE_REFUSED: ("x-circle-fill", "danger"),
    EventKind.OFFER_DECLINED: ("house", "warning"),
    EventKind.NOTE: ("journal-text", "neutral"),
    EventKind.RENEWED: ("arrow-repeat", "success"),
    EventKind.WARNED: ("envelope", "warning"),
    EventKind.STRUCK_OFF: ("slash-circle", "danger"),
    EventKind.REACTIVATED: ("arrow-counterclockwise", "success"),
    EventKind.DEATH_TAKEN_BACK: ("arrow-counterclockwise", "success"),
    EventKind.SHARED: ("people", "warning"),
    EventKind.SHARE_REVOKED: ("lock-fill", "neutral"),
    EventKind.LABEL_GRANTED: ("star-fill", "accent"),
    EventKind.LETTER_SENT: ("envelope", "neutral"),
    EventKind.TASK_OPENED: ("list-check", "neutral"),
    EventKind.TASK_TAKEN: ("hand-index", "neutral"),
    EventKind.TASK_DONE: ("check-circle", "success"),
    EventKind.TAG_ADDED: ("tag", "neutral"),
    EventKind.LABEL_REFUSED: ("star", "neutral"),
    EventKind.RENEWAL_ANNOUNCED: ("envelope", "neutral"),
    EventKind.RENEWAL_REMINDED: ("envelope", "warning"),
    EventKind.NOTICE_FAILED: ("telephone", "warning"),
    EventKind.SEPARATED: ("people", "neutral"),
    EventKind.TRANSFERRED: ("person-check", "neutral"),
    EventKind.DEPARTMENT_CHANGED: ("geo-alt", "neutral"),
    EventKind.CHANNELS_CHOSEN: ("bell", "neutral"),
    EventKind.CORRECTION_ASKED: ("pencil", "warning"),
    EventKind.CORRECTION_ANSWERED: ("chat-left-text", "neutral"),
    EventKind.CORRECTION_CLOSED: ("check-circle", "success"),
    EventKind.MODIFIED: ("pencil", "accent"),
    EventKind.MERGED: ("people", "warning"),
    EventKind.JOINED: ("people", "accent"),
    EventKind.PARTED: ("arrow-counterclockwise", "warning"),
    EventKind.ACCOUNT_OFFERED: ("person-check", "neutral"),
    EventKind.ACCOUNT_LINKED: ("person-check", "accent"),
    EventKind.FORM_KEPT: ("file-earmark-text", "neutral"),
    EventKind.MANDATE_GIVEN: ("person-plus", "neutral"),
    EventKind.MANDATE_REVOKED: ("person-x", "neutral"),
    EventKind.NOTHING_TO_ANSWER: ("check-circle", "neutral"),
}


@dataclass(frozen=True)
class Step:
    """One line of the timeline. `waits`: the anchor of a message that nobody took up."""

    at: datetime
    text: str
    symbol: str
    tone: str
    by: str
    detail: str
    quote: str
    rules: str
    is_internal: bool
    sendings: tuple[Sending, ...] = ()
    waits: str = ""


def timeline(file: DemandFile, waiting: Iterable[Words] = ()) -> list[Step]:
    """The events of a file, newest first; `waiting` are the words that nobody has taken up."""
    anchors = {words.key: words.anchor for words in waiting}
    return [_step(view, anchors) for view in file.events]


def _step(view: EventView, anchors: Mapping[int, str]) -> Step:
    event = view.event
    symbol, tone = _LOOKS.get(event.kind, ("circle", "neutral"))
    return Step(
        at=event.at,
        text=_headline(view),
        symbol=symbol,
        tone=tone,
        by=_author(view),
        detail=_detail(view),
        quote=view.message or view.text,
        rules=", ".join(view.rules),
        is_internal=not event.is_public,
        sendings=view.sendings,
        waits=anchors.get(event.details.get("message", 0), ""),
    )


def _headline(view: EventView) -> str:
    title = view.event.get_kind_display()
    if not view.reason:
        return title
    return _("%(what)s: %(reason)s") % {"what": title, "reason": view.reason}


def _author(view: EventView) -> str:
    """Colleagues and helpers are named; the applicant alone is not, nor is the register itself."""
    event = view.event
    if view.under and event.organisation:
        return _("%(agent)s, at the request of: %(helper)s") % {
            "agent": f"{event.user}, {event.organisation.short_name}",
            "helper": view.under,
        }
    if view.under:
        return view.under
    if event.organisation is None:
        return _("The applicant") if event.user_id else _("The register")
    if event.user is None:
        return _("%(organisation)s, automatically") % {
            "organisation": event.organisation.short_name
        }
    return f"{event.user}, {event.organisation.short_name}"


def _detail(view: EventView) -> str:
    if view.home_type:
        place = ", ".join(part for part in (view.residence, view.commune) if part)
        return _("%(size)s, %(place)s") % {"size": view.home_type, "place": place}
    if view.event.kind == EventKind.STRUCK_OFF and view.event.details.get("because"):
        return str(TransferGround(view.event.details["because"]).label).capitalize()
    if view.event.kind == EventKind.DOCUMENT_ADDED:
        return _received_detail(view)
    if view.event.kind == EventKind.WARNED:
        return letter_words(view.event)
    if view.event.kind == EventKind.DEPARTMENT_CHANGED:
        return view.commune
    if view.event.kind == EventKind.MODIFIED:
        source = dict(ChangeSource.choices).get(view.event.details.get("source"))
        return " · ".join(str(each) for each in (view.change, source) if each)
    if view.event.kind == EventKind.NOTE:
        return _note_detail(view)
    if view.set_apart:
        return view.set_apart
    if view.partner:
        return _("With %(organisation)s") % {"organisation": view.partner}
    return ""


def _received_detail(view: EventView) -> str:
    """How a paper came that was not sent online, and on which day."""
    details = view.event.details
    if "came_by" not in details:
        return ""
    way = dict(ContactChannel.choices).get(details["came_by"], "")
    return f"{way}, {date_long(date.fromisoformat(details['received_on']))}"


def _note_detail(view: EventView) -> str:
    """Which note it answers, and the bodies that read it when not all do."""
    told = []
    if view.answers:
        told.append(_("Answer to the note of %(day)s") % {"day": date_long(view.answers)})
    if view.readers:
        told.append(_("Read by %(bodies)s alone") % {"bodies": ", ".join(view.readers)})
    return " · ".join(told)
