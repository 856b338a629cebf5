"""Whether the applicant’s identity, once checked, is so no more (CCH R441-2-3)."""

from django.db.models import Q

from register.codes import DocumentKind, PersonRole
from register.held import COMPARED, documents_of
from register.models import Demand, Document, EventKind

# In the details of the refusal of the document by which the identity was checked.
WITHDRAWN = "withdrawn"
_REFUSED = Q(kind=EventKind.DOCUMENT_REFUSED, details__has_key=WITHDRAWN)
_CHECKED = Q(
    kind__in=(EventKind.IDENTITY_VERIFIED, EventKind.DOCUMENT_VERIFIED),
    reason=DocumentKind.IDENTITY,
)
WITHDRAWALS = ("withdraw_identity", "withdraw_identity_candidate")


def is_identified(demand: Demand) -> bool:
    """True while a document of hers was compared and is not refused, whatever time did to it."""
    return bool(_cards(demand))


def identifies_alone(demand: Demand, document: Document) -> bool:
    """True of the only document by which she is identified."""
    return {card.pk for card in _cards(demand)} == {document.pk}


def _cards(demand: Demand) -> list[Document]:
    """Identity documents of hers that were compared; one that names nobody is hers."""
    return [
        document
        for document in documents_of(demand)
        if document.kind == DocumentKind.IDENTITY
        and document.status in COMPARED
        and (document.person is None or document.person.role == PersonRole.APPLICANT)
    ]


def is_withdrawn(demand: Demand) -> bool:
    """True from such a refusal until her identity is checked again, or somebody else asks."""
    told = demand.events.filter(_REFUSED | _CHECKED | Q(kind=EventKind.TRANSFERRED))
    last = told.order_by("-at", "-pk").first()
    return last is not None and WITHDRAWN in last.details
