"""Documents that were asked for and did not come."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from register.models import Event, EventKind

AWAITED_DAYS = 90


def awaiting_a_piece(now: datetime) -> Q:
    """Demands asked for a piece in the last 90 days, to which no document was added since.

    A transfer ends the wait: it was somebody else who was asked.
    """
    answer = Event.objects.filter(
        demand=OuterRef("demand"),
        kind__in=(EventKind.DOCUMENT_ADDED, EventKind.TRANSFERRED),
        at__gt=OuterRef("at"),
    )
    asked = Event.objects.filter(
        ~Exists(answer),
        demand=OuterRef("pk"),
        kind=EventKind.PIECE_REQUESTED,
        at__gte=now - timedelta(days=AWAITED_DAYS),
    )
    return Q(Exists(asked))
