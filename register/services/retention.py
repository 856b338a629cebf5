"""Erases what has been kept for its delay, demands apart (`erasure` does those)."""

import logging
from collections import Counter
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from register import retained
from register.codes import UNUSED_DOCUMENTS, ScanStatus
from register.models import AccessLog, Document, Look, StoredFile, Upload
from register.retained import Kept
from register.selectors.retention import holds
from register.selectors.rounds import strange_clock
from register.services import pieces
from register.services.facts import refresh_facts
from register.services.files import discard

logger = logging.getLogger(__name__)
BATCH = 5000


def erase_kept() -> Counter[str]:
    """Erase all that is over, by the code of its delay; nothing when the clock looks wrong."""
    erased: Counter[str] = Counter()
    if held := strange_clock():
        logger.warning("retention: nothing erased, the clock is %s", held)
        return erased
    for kept in retained.declared():
        delay = retained.delay_of(kept)
        if delay is not None:
            erased[kept.code] += kept.erase(retained.over_before(delay))
    return erased


def _uploads(before: datetime) -> QuerySet[Upload]:
    return Upload.objects.filter(begun_at__lt=before)


def _erase_uploads(before: datetime) -> int:
    return pieces.sweep(older_than=timezone.now() - before)


def _refused(before: datetime) -> QuerySet[Document]:
    """Papers of no use, unless a dispute needs the demand as it was."""
    found = Document.objects.filter(status__in=UNUSED_DOCUMENTS, checked_at__lt=before)
    return found.exclude(Exists(holds().filter(demand=OuterRef("demand"))))


def _erase_refused(before: datetime) -> int:
    keys = list(_refused(before).values_list("pk", flat=True))
    return sum(_erase_paper(key, before) for key in keys)


@transaction.atomic
def _erase_paper(key: int, before: datetime) -> bool:
    """The row and its bytes; the step that refused it, and why, stays in the story."""
    document = _refused(before).filter(pk=key).select_related("stored_file", "demand").first()
    if document is None:
        return False  # an agent looked at it again meanwhile
    stored = document.stored_file
    document.delete()
    stored.delete()
    refresh_facts(demand=document.demand)
    transaction.on_commit(partial(discard, stored.file.storage, str(stored.file.name)))
    return True


def _infected(before: datetime) -> QuerySet[StoredFile]:
    found = StoredFile.objects.filter(scan_status=ScanStatus.INFECTED, scanned_at__lt=before)
    return found.exclude(file="").exclude(
        Exists(holds().filter(demand=OuterRef("document__demand")))
    )


def _erase_infected(before: datetime) -> int:
    """The bytes only: what an agent wrote of the paper before they were known stays true."""
    erased = 0
    for stored in list(_infected(before)):
        storage, name = stored.file.storage, str(stored.file.name)
        StoredFile.objects.filter(pk=stored.pk).update(file="")
        discard(storage, name)
        erased += 1
    return erased


def _readings(before: datetime) -> QuerySet[AccessLog]:
    found = AccessLog.objects.filter(at__lt=before)
    return found.exclude(Exists(holds().filter(demand=OuterRef("demand"))))


def _looks(before: datetime) -> QuerySet[Look]:
    """What the manager read as somebody else is told as long as who read files."""
    found = Look.objects.filter(at__lt=before)
    return found.exclude(Exists(holds().filter(demand=OuterRef("demand"))))


def _erase_readings(before: datetime) -> int:
    """In batches, the oldest first: a large register reads a hundred thousand files a month."""
    erased = _looks(before).delete()[0]
    oldest = _readings(before).order_by("at").values_list("pk", flat=True)
    while keys := list(oldest[:BATCH]):
        erased += AccessLog.objects.filter(pk__in=keys).delete()[0]
    return erased


KEPT = (
    Kept(
        "upload_retention",
        _("Uploads that nobody finished"),
        lambda before: _uploads(before).count(),
        _erase_uploads,
    ),
    Kept(
        "refused_paper_retention",
        _("Documents that were refused"),
        lambda before: _refused(before).count(),
        _erase_refused,
    ),
    Kept(
        "infected_file_retention",
        _("Files in which the antivirus found something"),
        lambda before: _infected(before).count(),
        _erase_infected,
    ),
    Kept(
        "reading_log_retention",
        _("Log of who read files"),
        lambda before: _readings(before).count() + _looks(before).count(),
        _erase_readings,
    ),
)
