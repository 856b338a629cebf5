"""Erases what has been kept for its delay, demands apart (`erasure` does those)."""

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from register import retained
from register.codes import UNUSED_DOCUMENTS, ScanStatus
from register.models import (
    AccessLog,
    Document,
    Held,
    Look,
    Round,
    RoundStep,
    StoredFile,
    Upload,
)
from register.retained import Kept
from register.selectors.accounts import to_erase
from register.selectors.retention import holds
from register.selectors.usual import is_unusual
from register.services import pieces
from register.services.accounts import erase_accounts
from register.services.facts import refresh_facts
from register.services.files import discard
from register.services.rounds import confirmed, open_round

logger = logging.getLogger(__name__)
BATCH = 5000


def erase_kept() -> Counter[str]:
    """Erase all that is over, by the code of its delay.

    Nothing when the clock looks wrong, and of no kind of which far more is over than a night
    usually erases: a wrong delay or a wrong day waits for a person (R22).
    """
    return _erase(retained.declared())


def resume_erasing() -> Counter[str]:
    """Go on with what the manager allowed today since it was held."""
    steps = set(confirmed().values_list("step", flat=True))
    return _erase(kept for kept in retained.declared() if kept.step in steps)


def _erase(kinds: Iterable[Kept]) -> Counter[str]:
    erased: Counter[str] = Counter()
    for kept in kinds:
        delay = retained.delay_of(kept)
        if delay is not None:
            erased[kept.code] += _take(kept, retained.over_before(delay))
    return +erased


def _take(kept: Kept, before: datetime) -> int:
    waiting = kept.count(before)
    if not waiting:
        return 0
    current = open_round(kept.step, waiting, _unusual)
    if current.held and current.allowed is None:
        logger.warning("retention: %s held, %s found", kept.code, current.found)
        return 0
    most = None if current.allowed is None else max(current.allowed - current.done, 0)
    done = kept.erase(before, most)
    Round.objects.filter(pk=current.pk).update(done=F("done") + done)
    return done


def _unusual(current: Round) -> str:
    step = RoundStep(current.step)
    return Held.UNUSUAL if is_unusual(step, current.found, current.day) else ""


def _uploads(before: datetime) -> QuerySet[Upload]:
    return Upload.objects.filter(begun_at__lt=before)


def _erase_uploads(before: datetime, most: int | None) -> int:
    return pieces.sweep(older_than=timezone.now() - before, most=most)


def _refused(before: datetime) -> QuerySet[Document]:
    """Papers of no use, unless a dispute needs the demand as it was."""
    found = Document.objects.filter(status__in=UNUSED_DOCUMENTS, checked_at__lt=before)
    return found.exclude(Exists(holds().filter(demand=OuterRef("demand"))))


def _erase_refused(before: datetime, most: int | None) -> int:
    keys = list(_refused(before).values_list("pk", flat=True)[:most])
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


def _erase_infected(before: datetime, most: int | None) -> int:
    """The bytes only: what an agent wrote of the paper before they were known stays true."""
    erased = 0
    for stored in list(_infected(before)[:most]):
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


def _erase_readings(before: datetime, most: int | None) -> int:
    """In batches, the oldest first: a large register reads a hundred thousand files a month."""
    erased = 0
    for found in (_looks(before), _readings(before)):
        oldest = found.order_by("at").values_list("pk", flat=True)
        while keys := list(oldest[: BATCH if most is None else min(BATCH, most - erased)]):
            erased += found.model._default_manager.filter(pk__in=keys).delete()[0]
    return erased


KEPT = (
    Kept(
        "upload_retention",
        RoundStep.UPLOADS,
        lambda before: _uploads(before).count(),
        _erase_uploads,
    ),
    Kept(
        "refused_paper_retention",
        RoundStep.REFUSED,
        lambda before: _refused(before).count(),
        _erase_refused,
    ),
    Kept(
        "infected_file_retention",
        RoundStep.INFECTED,
        lambda before: _infected(before).count(),
        _erase_infected,
    ),
    Kept(
        "reading_log_retention",
        RoundStep.READINGS,
        lambda before: _readings(before).count() + _looks(before).count(),
        _erase_readings,
    ),
    Kept(
        "account_retention",
        RoundStep.ACCOUNTS,
        lambda before: to_erase(before).count(),
        erase_accounts,
    ),
)
