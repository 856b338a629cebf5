"""What the steps of a demand tell a reader: never more than the groups of data that she reads.

One answer for the file at the desk, the helper's page and the letters.
"""

from collections.abc import Iterable

from register import papers
from register.access import FieldRights, FieldSet
from register.codes import SENSITIVE_LABELS, InadmissibleReason, RefusalReason
from register.models import Event, EventKind
from register.principals import Principal
from register.selectors import notes

# The work between agents: who may not read their notes does not read it either.
INTERNAL = (
    EventKind.NOTE,
    EventKind.TASK_OPENED,
    EventKind.TASK_TAKEN,
    EventKind.TASK_DONE,
    EventKind.TAG_ADDED,
    EventKind.NOTICE_FAILED,
    EventKind.NOTHING_TO_ANSWER,
)
ABOUT_PRIORITIES = (EventKind.LABEL_GRANTED, EventKind.LABEL_REFUSED)
ABOUT_DOCUMENTS = (
    EventKind.IDENTITY_VERIFIED,
    EventKind.DOCUMENT_VERIFIED,
    EventKind.DOCUMENT_REFUSED,
    EventKind.DOCUMENT_UNLISTED,
    EventKind.DOCUMENT_OBSOLETE,
    EventKind.DOCUMENT_ADDED,
)
# Their reason is the group of data that they speak of.
ABOUT_THE_DECLARATION = (
    EventKind.CORRECTION_ASKED,
    EventKind.CORRECTION_ANSWERED,
    EventKind.CORRECTION_CLOSED,
    EventKind.MODIFIED,
)
ABOUT_GROUNDS = (EventKind.CANDIDATE_REFUSED, EventKind.WARNED, EventKind.STRUCK_OFF)
# Grounds of a commission whose very name says what another group of data holds.
TELLING_GROUNDS = {
    RefusalReason.INCOME_TOO_LOW.value: FieldSet.RESOURCES,
    RefusalReason.INCOME_TOO_HIGH.value: FieldSet.RESOURCES,
    RefusalReason.SIZE_UNSUITED.value: FieldSet.HOUSEHOLD,
    RefusalReason.SUITABLE_OWNER.value: FieldSet.HOUSEHOLD,
    RefusalReason.NOT_ADAPTED.value: FieldSet.HEALTH,
    InadmissibleReason.RESOURCES.value: FieldSet.RESOURCES,
    InadmissibleReason.STAY.value: FieldSet.IDENTITY,
}


def known(
    events: Iterable[Event], rights: FieldRights, principal: Principal | None = None
) -> list[Event]:
    """The steps that the reader may know of at all, in the same order.

    A note kept between bodies is known to their members alone.
    """
    if not rights.can_read(FieldSet.HEALTH):
        events = [event for event in events if not _tells_of_health(event)]
    hidden: set[str] = set()
    hidden.update(() if rights.can_read(FieldSet.NOTES) else INTERNAL)
    hidden.update(() if rights.can_read(FieldSet.SCORE) else ABOUT_PRIORITIES)
    return [
        event for event in events if event.kind not in hidden and notes.is_for(event, principal)
    ]


def _tells_of_health(event: Event) -> bool:
    """A change of what concerns a disability, whose existence alone says that there is one."""
    return event.kind in ABOUT_THE_DECLARATION and event.reason == FieldSet.HEALTH


def withholds_reason(event: Event, rights: FieldRights) -> bool:
    """True when the reason of a step names what the reader may not know."""
    if event.kind in ABOUT_PRIORITIES:
        return event.reason in SENSITIVE_LABELS and not rights.can_read(FieldSet.HEALTH)
    if event.kind in ABOUT_GROUNDS:
        told = TELLING_GROUNDS.get(event.reason)
        return told is not None and not rights.can_read(told)
    return False


def withholds_text(event: Event, rights: FieldRights) -> bool:
    """True when what was written about a step speaks of what the reader may not know."""
    if event.kind in ABOUT_DOCUMENTS:
        return not rights.can_read_document(event.reason)
    if event.kind in ABOUT_THE_DECLARATION:
        return not rights.can_read(event.reason)
    if event.kind == EventKind.PIECE_REQUESTED:
        return papers.tells_more_than(event.reason, rights)
    if event.kind == EventKind.CONTACTED:
        return not rights.can_read(FieldSet.CONTACT)
    return withholds_reason(event, rights)
