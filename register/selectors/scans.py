"""Scans of the desk in which the antivirus found something since: to be made again (R5)."""

from django.db.models import Exists, OuterRef, QuerySet

from register import access
from register.access import Action
from register.codes import ScanStatus
from register.models import Document
from register.principals import Principal

MOST_SHOWN = 100


def to_scan_again(principal: Principal) -> list[Document]:
    """Those of the organisation, on files whose documents the agent may check, the oldest first.

    One that was scanned again since is not among them, nor one that she may not read.
    """
    if principal.organisation is None:
        return []
    infected = _scans().filter(
        put_in_by=principal.organisation,
        stored_file__scan_status=ScanStatus.INFECTED,
        demand__in=access.scope(principal, Action.VERIFY_DOCUMENT),
    )
    again = (
        _scans()
        .filter(
            demand=OuterRef("demand"),
            kind=OuterRef("kind"),
            paper=OuterRef("paper"),
            added_at__gt=OuterRef("added_at"),
        )
        .exclude(stored_file__scan_status=ScanStatus.INFECTED)
    )
    waiting = infected.exclude(Exists(again)).select_related("demand", "stored_file")
    return [
        document
        for document in waiting.order_by("added_at", "pk")[:MOST_SHOWN]
        if access.fields(principal, document.demand).can_read_document(document.kind)
    ]


def _scans() -> QuerySet[Document]:
    return Document.objects.exclude(put_in_by=None)
