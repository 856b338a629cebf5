"""Supporting documents of the shared file: received, checked once for all, or not used, and why."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from register import clock, codes, lifecycle, papers
from register.access import Action
from register.errors import UploadRefused
from register.held import own_documents
from register.models import Demand, Document, Event, EventKind, Person, StoredFile
from register.principals import Principal
from register.selectors.identity import WITHDRAWALS, WITHDRAWN, identifies_alone
from register.services.carried import count_identity, withdraw_identity
from register.services.changes import Change, begin_change
from register.services.files import delete_stored_file, store_upload
from register.services.identity_tasks import give_tasks
from register.services.outbox import tell_applicant
from register.text import without_unstorable
from rules.kinds.documents import Mark

MAX_DOCUMENTS = 30
MAX_TOTAL_BYTES = 100 * 1024 * 1024
LONGEST_WORDS = 300
# What an agent writes of a document.
FOUND = [
    "status",
    "paper",
    "person",
    "valid_until",
    "refusal_code",
    "refusal_reason",
    "checked_by",
    "checked_at",
]
_UNUSED = {
    Mark.UNUSABLE: (codes.DocumentStatus.REFUSED, EventKind.DOCUMENT_REFUSED),
    Mark.UNLISTED: (codes.DocumentStatus.UNLISTED, EventKind.DOCUMENT_UNLISTED),
}


def add_document(
    *, principal: Principal, demand: Demand, kind: str, upload: UploadedFile
) -> Document:
    """Keep an uploaded piece with the demand, sent by its applicant or by her helper.

    The file is written before the transaction; it is removed again if the demand refuses it. The
    same bytes sent again are the same document: nothing is added.
    """
    if kind not in dict(papers.offered_kinds()):
        raise ValidationError({"kind": _("Choose an answer of the list.")})
    stored = store_upload(principal=principal, upload=upload)
    try:
        with transaction.atomic():
            change = begin_change(principal=principal, demand=demand, action=Action.ANSWER)
            same = sent_already(change.demand, kind, stored)
            document = same.first()
            if document is None:
                return _keep(change, kind, stored)
    except Exception:
        delete_stored_file(principal=principal, stored_file_id=stored.pk)
        raise
    delete_stored_file(principal=principal, stored_file_id=stored.pk)
    return document


def _keep(change: Change, kind: str, stored: StoredFile) -> Document:
    # Her room is hers: what agents scan is counted apart.
    sent = own_documents(change.demand).filter(put_in_by=None)
    sent = sent.exclude(kind__in=codes.SCANNED_KINDS)
    if is_full(sent, stored):
        raise UploadRefused(_("Your file already holds as many documents as it can."))
    document = Document(
        demand=change.demand,
        kind=kind,
        paper=papers.answered_by(change.demand, kind),
        stored_file=stored,
        added_at=clock.now(),
    )
    document.full_clean()
    document.save(force_insert=True)
    change.commit(EventKind.DOCUMENT_ADDED, reason=kind)
    return document


def sent_already(demand: Demand, kind: str, stored: StoredFile) -> QuerySet[Document]:
    """Documents of the same bytes that still wait, or prove something."""
    same = own_documents(demand).filter(
        kind=kind, stored_file__original_sha256=stored.original_sha256
    )
    return same.filter(status__in=(codes.DocumentStatus.RECEIVED, codes.DocumentStatus.VERIFIED))


@transaction.atomic
def verify_document(
    *,
    principal: Principal,
    demand: Demand,
    document: Document,
    paper: str = "",
    person: int | None = None,
    valid_until: date | None = None,
    expected_version: int | None = None,
) -> Event:
    """Record that a document was read and conforms; an identity document activates the demand.

    `paper` is that of the list, `person` whose it is, `valid_until` the last day written on it.
    Without it, the list says how long it is valid (from the day it was received), or it has no end.
    Raises ValidationError when the last day has passed.
    """
    change = begin_change(
        principal=principal,
        demand=demand,
        action=Action.VERIFY_DOCUMENT,
        expected_version=expected_version,
        of_merged=True,
    )
    document.paper = _paper(document, paper)
    document.person = person_of(change.demand, person) or document.person
    document.valid_until = valid_until or _usual_end(document)
    if document.valid_until and document.valid_until < clock.today():
        told = _("It was valid until %(day)s: give a later day, or say that it cannot be used.")
        day = date_format(document.valid_until, "DATE_FORMAT")
        raise ValidationError({"valid_until": told % {"day": day}})
    _close(change.demand, document, principal, codes.DocumentStatus.VERIFIED)
    moved = None
    if document.kind == codes.DocumentKind.IDENTITY and lifecycle.can(
        change.demand, "verify_identity"
    ):
        moved = "verify_identity"
    kind = EventKind.IDENTITY_VERIFIED if moved else EventKind.DOCUMENT_VERIFIED
    event = change.commit(kind, moved=moved, reason=document.kind)
    tell_applicant(change.demand, event)
    if lifecycle.goes_on_elsewhere(change.demand) and document.kind == codes.DocumentKind.IDENTITY:
        count_identity(change.demand, principal.organisation)
    return event


@transaction.atomic
def refuse_document(
    *,
    principal: Principal,
    demand: Demand,
    document: Document,
    reason: str = "",
    code: str = "",
    expected_version: int | None = None,
) -> Event:
    """Record that a document is not used, by a reason of the list (`code`), in words, or both.

    The applicant is asked for another, unless it is none of the limitative list: it should not have
    been asked for, and nothing is sent in its place. Her only identity document that was checked is
    one that she is not identified by any more: the demand waits for another (R441-2-3), and who has
    to see to it is given a task.
    """
    listed = next((each for each in papers.reasons() if each.code == code), None)
    if code and listed is None:
        raise ValidationError({"code": _("Choose an answer of the list.")})
    words = _short(reason)
    if listed is None and not words:
        raise ValidationError({"reason": _("Say why the document cannot be used.")})
    change = begin_change(
        principal=principal,
        demand=demand,
        action=Action.VERIFY_DOCUMENT,
        expected_version=expected_version,
        of_merged=True,
    )
    with override(change.demand.language):
        told = " ".join(filter(None, [f"{capfirst(str(listed.title))}." if listed else "", words]))
    document.refusal_code, document.valid_until = code, None
    # Whatever is wrong with it, another one is to be sent in the place of such a document.
    is_lost = identifies_alone(change.demand, document)
    status, kind = _UNUSED[listed.marks if listed and not is_lost else Mark.UNUSABLE]
    _close(change.demand, document, principal, status, told)
    moved = next((m for m in WITHDRAWALS if is_lost and lifecycle.can(change.demand, m)), None)
    event = change.commit(
        kind,
        moved=moved,
        reason=document.kind,
        text=told,
        details={WITHDRAWN: True} if moved else {},
    )
    tell_applicant(change.demand, event)
    if moved:
        give_tasks(change.demand, event)
    elif is_lost and lifecycle.goes_on_elsewhere(change.demand):
        withdraw_identity(change.demand, principal.organisation)
    return event


def is_full(documents: QuerySet[Document], stored: StoredFile) -> bool:
    """True when one more would make more than 30 documents or 100 MB (R4)."""
    kept = documents.aggregate(count=Count("pk"), size=Sum("stored_file__size"))
    return bool(
        kept["count"] >= MAX_DOCUMENTS or (kept["size"] or 0) + stored.size > MAX_TOTAL_BYTES
    )


def _close(
    demand: Demand, document: Document, principal: Principal, status: str, reason: str = ""
) -> None:
    if document.demand_id != demand.pk:
        raise ValidationError({"document": _("This document belongs to another demand.")})
    if document.is_of_former:
        raise ValidationError(
            _("This document is the former applicant’s: it proves nothing in this demand.")
        )
    document.status = status
    document.refusal_reason = reason
    document.checked_by = principal.user
    document.checked_at = clock.now()
    if not reason:
        document.refusal_code = ""
    document.full_clean()
    document.save(update_fields=FOUND)


def _paper(document: Document, code: str) -> str:
    """The paper of the list that an agent recognised, or that it was sent for."""
    possible = {paper.code for paper in papers.of_kind(document.kind)}
    if code and code not in possible:
        raise ValidationError({"paper": _("Choose an answer of the list.")})
    return code or document.paper or (possible.pop() if len(possible) == 1 else "")


def person_of(demand: Demand, key: int | None) -> Person | None:
    """The person of this demand; None when it is not said."""
    if key is None:
        return None
    found = demand.persons.filter(pk=key).first()
    if found is None:
        raise ValidationError({"person": _("Choose an answer of the list.")})
    return found


def _usual_end(document: Document) -> date | None:
    listed = {paper.code: paper for paper in papers.of_kind(document.kind)}
    paper = listed.get(document.paper)
    return paper.valid_until(document.received_day) if paper else None


def _short(words: str) -> str:
    cleaned = without_unstorable(words).strip()
    if len(cleaned) > LONGEST_WORDS:
        raise ValidationError({"reason": _("Write at most 300 characters.")})
    return cleaned
