"""Requests for papers of the list, and which of them something in the file answers."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from register import papers
from register.codes import DocumentStatus, ScanStatus
from register.held import is_valid
from register.models import Document, Event, EventKind

# The paper of the list that these prove was named by an agent; of the others it is supposed.
_READ = frozenset({DocumentStatus.VERIFIED, DocumentStatus.OBSOLETE})


def requests_in(demands: Iterable[int]) -> QuerySet[Event]:
    """What was asked of the applicants of these demands, and when a demand changed hands."""
    kinds = (EventKind.PIECE_REQUESTED, EventKind.TRANSFERRED)
    asked = Event.objects.filter(demand__in=list(demands), kind__in=kinds, is_public=True)
    return asked.order_by("at", "pk")


def unanswered(events: Iterable[Event], documents: Sequence[Document]) -> list[Event]:
    """Requests that still wait, in the order given.

    A paper that came since answers, unless it was none of the list; so does one that is valid,
    whenever it came. What was asked before the demand changed hands was asked of somebody else.
    """
    steps = list(events)
    handed_over = [each.at for each in steps if each.kind == EventKind.TRANSFERRED]
    return [
        event
        for event in steps
        if event.kind == EventKind.PIECE_REQUESTED
        and not any(event.at < moment for moment in handed_over)
        and not any(_answers(document, event) for document in documents)
    ]


def to_send_again(documents: Iterable[Document]) -> list[Document]:
    """The last document of each kind, where it could not be used and is hers to send again."""
    listed = (each for each in documents if each.status != DocumentStatus.UNLISTED)
    latest = {document.kind: document for document in listed}
    return [
        document
        for document in latest.values()
        if document.status == DocumentStatus.REFUSED and not is_scan_lost(document)
    ]


def is_scan_lost(document: Document) -> bool:
    """True of a scan of an agent that the antivirus refused: it is hers to make again."""
    is_infected = document.stored_file.scan_status == ScanStatus.INFECTED
    return document.put_in_by_id is not None and is_infected


def is_for(document: Document, code: str) -> bool:
    """True when a document may be the paper of this code: another one if an agent said so."""
    is_named = document.put_in_by_id is not None or document.status in _READ
    if document.paper and is_named:
        return document.paper == code
    return document.kind == papers.kind_of(code)


def _answers(document: Document, event: Event) -> bool:
    came_since = document.added_at > event.at and document.status != DocumentStatus.UNLISTED
    return (came_since or is_valid(document)) and is_for(document, event.reason)
