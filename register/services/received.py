"""Papers that an applicant brings to a counter or sends by post, put in the shared file.

One file for every landlord (CCH R441-2-4-1): what one of them received is there for the others.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from register import clock, papers
from register.access import Action
from register.codes import SCANNED_KINDS, ContactChannel
from register.errors import Conflict, UploadRefused
from register.models import Demand, Document, Event, EventKind, StoredFile
from register.principals import Principal
from register.services.changes import Change, begin_change
from register.services.documents import (
    is_full,
    person_of,
    sent_already,
    verify_document,
)
from register.services.files import delete_stored_file, sent_for
from register.services.outbox import tell_applicant

# How a paper comes that she does not send online.
WAYS = (ContactChannel.COUNTER, ContactChannel.LETTER)


@dataclass(frozen=True)
class Receipt:
    """A paper as it came: which one of the list, whose, how and on which day."""

    paper: str
    came_by: str
    received_on: date
    person: int | None = None


@transaction.atomic
def receive_document(
    *,
    principal: Principal,
    demand: Demand,
    receipt: Receipt,
    file: UUID,
    conforms: bool = False,
    valid_until: date | None = None,
    expected_version: int | None = None,
) -> Document | None:
    """Put a paper in the shared file, and check it at once if it `conforms`; None if it is there.

    For whoever may check documents: she answers for what the others then rely on. `file` is one
    that this very person sent and that nothing else holds. Only what the list opens to this demand
    is kept; it answers a request for that very paper, and the applicant is told.
    Raises NotAllowed, TransitionRefused after a merge, UploadRefused when the file is gone or there
    are too many, Conflict when `conforms` was said of a demand that changed since
    `expected_version`, ValidationError by the field.
    """
    change = begin_change(principal=principal, demand=demand, action=Action.VERIFY_DOCUMENT)
    listed = papers.check_may_receive(principal, change.demand, receipt.paper)
    [stored] = sent_for(principal=principal, demand=change.demand, keys=[file])
    same = sent_already(change.demand, listed.document.kind, stored)
    if same.filter(paper__in=["", listed.code]).exists():
        delete_stored_file(principal=principal, stored_file_id=stored.pk)
        return None
    if conforms and expected_version not in (None, change.demand.version):
        raise Conflict(_("Somebody changed this demand since you opened it."))
    document, step = _kept(change, listed, receipt, stored)
    if not conforms:
        tell_applicant(change.demand, step)
    else:
        # She is told once, of both.
        verify_document(
            principal=principal,
            demand=change.demand,
            document=document,
            valid_until=valid_until,
        )
    return document


def _kept(
    change: Change, listed: papers.Paper, receipt: Receipt, stored: StoredFile
) -> tuple[Document, Event]:
    demand, today = change.demand, clock.today()
    if receipt.came_by not in WAYS:
        raise ValidationError({"came_by": _("Choose an answer of the list.")})
    if not demand.received_on <= receipt.received_on <= today:
        raise ValidationError(
            {"received_on": _("Give a day between that of the demand and today.")}
        )
    scans = demand.documents.exclude(put_in_by=None).exclude(kind__in=SCANNED_KINDS)
    if is_full(scans, stored):
        raise UploadRefused(_("This file already holds as many scans as it can."))
    document = Document(
        demand=demand,
        kind=listed.document.kind,
        paper=listed.code,
        person=person_of(demand, receipt.person),
        stored_file=stored,
        added_at=clock.now(),
        put_in_by=change.principal.organisation,
        came_by=receipt.came_by,
        received_on=receipt.received_on,
    )
    document.full_clean()
    document.save(force_insert=True)
    told = {
        "document": document.pk,
        "paper": listed.code,
        "came_by": receipt.came_by,
        "received_on": receipt.received_on.isoformat(),
    }
    by_list = [listed.version_id]
    step = change.commit(EventKind.DOCUMENT_ADDED, reason=document.kind, by=by_list, details=told)
    return document, step
