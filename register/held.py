"""Documents of the shared file that prove something today: none is asked for twice (R441-2-4-1)."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from register import clock, codes
from register.models import Demand, Document
from rules.kinds.documents import Provider, RequiredDocument, Stage


def valid_documents(demand: Demand) -> list[Document]:
    """Those that somebody checked and whose last day, if they have one, has not passed."""
    lasting = Q(valid_until__isnull=True) | Q(valid_until__gte=clock.today())
    checked = demand.documents.filter(lasting, status=codes.DocumentStatus.VERIFIED)
    readable = checked.exclude(stored_file__scan_status=codes.ScanStatus.INFECTED)
    return list(readable.select_related("checked_by"))


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
