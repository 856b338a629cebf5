"""Has kept files read by the antivirus: those it missed, and all of them again each month (R5)."""

from datetime import timedelta
from itertools import chain

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from register import antivirus, clock, codes
from register.models import Demand, Document, EventKind, StoredFile
from register.principals import SYSTEM
from register.services import turn
from register.services.facts import refresh_facts
from register.services.journal import record_event
from register.services.outbox import tell_applicant

AGAIN_AFTER = timedelta(days=30)  # new signatures know what older ones did not
RETRY_AFTER = timedelta(hours=1)
BATCH = 500


def take_turn() -> bool:
    """Scan for one turn what is due; True when some is left for the next.

    A file in which something is found is opened by nobody from then on.
    """
    if not antivirus.is_answering():
        return False
    is_over = turn.begin()
    due = chain(_missed()[:BATCH], _to_read_again()[:BATCH])
    for stored in due:
        _write(stored, _verdict(stored))
        if is_over():
            return True
    return False


def _missed() -> QuerySet[StoredFile]:
    files = StoredFile.objects.filter(scan_status=codes.ScanStatus.NOT_SCANNED)
    return _not_since(files, RETRY_AFTER)


def _to_read_again() -> QuerySet[StoredFile]:
    return _not_since(StoredFile.objects.filter(scan_status=codes.ScanStatus.CLEAN), AGAIN_AFTER)


def _not_since(files: QuerySet[StoredFile], delay: timedelta) -> QuerySet[StoredFile]:
    limit = timezone.now() - delay
    return files.filter(Q(scanned_at__isnull=True) | Q(scanned_at__lt=limit)).order_by("scanned_at")


def _verdict(stored: StoredFile) -> str:
    try:
        with stored.file.open("rb") as kept:
            return antivirus.scan(kept.read())
    except FileNotFoundError:
        return codes.ScanStatus.NOT_SCANNED


@transaction.atomic
def _write(stored: StoredFile, status: str) -> None:
    row = StoredFile.objects.filter(pk=stored.pk)
    if status == codes.ScanStatus.INFECTED:
        _set_apart(stored)
    elif stored.scan_status == codes.ScanStatus.CLEAN and status == codes.ScanStatus.NOT_SCANNED:
        status = codes.ScanStatus.CLEAN  # an antivirus that falls silent takes no verdict back
    row.update(scan_status=status, scanned_at=timezone.now())


def _set_apart(stored: StoredFile) -> None:
    """The applicant is asked for another, unless an agent had already read this one.

    What an agent scanned waits for her organisation (`selectors.scans`), not for the applicant.
    """
    found = Document.objects.filter(stored_file=stored, status=codes.DocumentStatus.RECEIVED)
    document = found.select_related("demand").first()
    if document is None:
        return
    demand = Demand.objects.select_for_update(no_key=True).get(pk=document.demand_id)
    with override(demand.language):
        told = (
            _("The antivirus refused this scan: the paper is to be scanned again.")
            if document.put_in_by_id
            else _("The antivirus refused this document. Send another one.")
        )
    found.update(status=codes.DocumentStatus.REFUSED, refusal_reason=told, checked_at=clock.now())
    event = record_event(
        principal=SYSTEM,
        demand=demand,
        kind=EventKind.DOCUMENT_REFUSED,
        reason=document.kind,
        text=told,
        is_public=document.put_in_by_id is None,
    )
    refresh_facts(demand=demand)
    if event.is_public:
        tell_applicant(demand, event)
