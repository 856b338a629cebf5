"""What a counter scans and keeps with a demand: the signed paper form, a mandate, a judgment."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from register import clock, codes
from register.access import Action
from register.errors import UploadRefused
from register.models import Demand, Document, Event, EventKind, StoredFile
from register.principals import Principal
from register.services.changes import Change, begin_change
from register.services.documents import MAX_TOTAL_BYTES
from register.services.facts import Touched
from register.services.files import sent_for

MAX_SCANS = 20


@transaction.atomic
def keep_form(*, principal: Principal, demand: Demand, files: Sequence[UUID]) -> Event | None:
    """Keep the scan of the signed form, file by file in this order; None when all was there.

    Whoever may put the demand right may add it: it proves nothing, nobody may ask for it
    (CCH R441-2-4-1 lists what may be), and it is erased with the demand. The `files` are those that
    this very person sent and that nothing else holds; the same bytes are kept once.
    Raises NotAllowed, TransitionRefused after a merge, UploadRefused when a file is gone or there
    are too many.
    """
    change = begin_change(principal=principal, demand=demand, action=Action.EDIT)
    if not keep_scans(change, codes.DocumentKind.FORM, files):
        return None
    return change.commit(EventKind.FORM_KEPT, touched=Touched.LIFE)


def keep_scans(change: Change, kind: codes.DocumentKind, files: Sequence[UUID]) -> int:
    """Keep the files in the transaction of an act at the counter; how many were not there yet.

    UploadRefused as `keep_form`.
    """
    kept = change.demand.documents.filter(kind=kind)
    sent = sent_for(principal=change.principal, demand=change.demand, keys=files)
    new = _new(kept, sent)
    _check_room(kept, new)
    now = clock.now()
    for stored in new:
        document = Document(
            demand=change.demand,
            kind=kind,
            status=codes.DocumentStatus.KEPT,
            stored_file=stored,
            added_at=now,
            put_in_by=change.principal.organisation,
        )
        document.full_clean()
        document.save(force_insert=True)
    return len(new)


def _new(kept: QuerySet[Document], sent: Iterable[StoredFile]) -> list[StoredFile]:
    known = set(kept.values_list("stored_file__original_sha256", flat=True))
    return list({f.original_sha256: f for f in sent if f.original_sha256 not in known}.values())


def _check_room(kept: QuerySet[Document], new: list[StoredFile]) -> None:
    """20 files and 100 MB at most, besides what the applicant may send (R4)."""
    held = kept.aggregate(count=Count("pk"), size=Sum("stored_file__size"))
    size = (held["size"] or 0) + sum(stored.size for stored in new)
    if held["count"] + len(new) > MAX_SCANS or size > MAX_TOTAL_BYTES:
        raise UploadRefused(
            _("A scan holds 20 files and 100 MB at most. Scan its pages in one PDF.")
        )
