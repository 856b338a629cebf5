"""Documents of the shared file that prove something today: none is asked for twice (R441-2-4-1)."""

from collections.abc import Sequence
from datetime import date

from register import clock, codes
from register.models import Demand, Document
from rules.kinds.documents import Provider, RequiredDocument, Stage


def valid_documents(demand: Demand) -> list[Document]:
    """Those that somebody checked and whose last day, if they have one, has not passed."""
    return [document for document in documents_of(demand) if is_valid(document)]


def documents_of(demand: Demand) -> list[Document]:
    """Every document of the shared file, the first received first."""
    told = demand.documents.select_related("stored_file", "checked_by", "person")
    return list(told.order_by("added_at", "pk"))


def is_valid(document: Document) -> bool:
    """True when it was checked, is readable, and its last day has not passed."""
    is_past = document.valid_until is not None and document.valid_until < clock.today()
    is_readable = document.stored_file.scan_status != codes.ScanStatus.INFECTED
    return document.status == codes.DocumentStatus.VERIFIED and is_readable and not is_past


def covering(
    paper: RequiredDocument, documents: Sequence[Document], adults: int
) -> Document | None:
    """The document that makes a paper useless to ask for, the first to lapse; None without any.

    A paper asked of each adult is there once each has hers. One identity document of the two kinds
    is enough to register.
    """
    proving = [document for document in documents if _proves(document, paper)]
    people = {document.person_id for document in proving}
    if not proving or (paper.provider is Provider.EACH_ADULT and len(people) < adults):
        return None
    return min(proving, key=lambda document: document.valid_until or date.max)


def _proves(document: Document, paper: RequiredDocument) -> bool:
    if paper.stage is Stage.REGISTRATION:
        return document.kind == codes.DocumentKind.IDENTITY
    return document.paper == paper.code
