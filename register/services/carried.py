"""What happens in a demand closed by a merge and counts for the one that goes on (ADR 0022)."""

from register import lifecycle
from register.codes import DocumentKind
from register.held import documents_of, is_valid, same_of
from register.models import Demand, EventKind, Merge, Organisation
from register.principals import SYSTEM
from register.services.changes import LIFE
from register.services.facts import refresh_facts
from register.services.journal import record_event
from register.services.outbox import tell_applicant
from rules.writing import update


def count_identity(closed: Demand, checked_by: Organisation | None) -> None:
    """An identity document checked in the closed demand makes the other active (R441-2-3).

    It is the same person's: she is not asked for it again.
    """
    kept = _kept(closed)
    if kept is None or not lifecycle.can(kept, "verify_identity"):
        return
    was = kept.state
    lifecycle.move(kept, "verify_identity")
    kept.version += 1
    update(kept, LIFE)
    event = record_event(
        principal=SYSTEM,
        demand=kept,
        kind=EventKind.IDENTITY_VERIFIED,
        from_state=was,
        reason=DocumentKind.IDENTITY,
        on_behalf_of=checked_by,
    )
    refresh_facts(demand=kept)
    tell_applicant(kept, event)


def hand_over(closed: Demand) -> Demand | None:
    """Before the closed demand is erased, what is still valid goes to the one that goes on.

    The merge can no longer be undone. Only where both have one account, or the closed one none:
    documents follow nobody to a file that their sender may not open. Returns the live demand that
    goes on, whose facts no longer count the others.
    """
    kept = _kept(closed)
    if kept is None or not kept.is_live:
        return None
    if closed.account_id in (None, kept.account_id):
        people = list(kept.persons.all())
        for document in documents_of(kept):
            if document.demand_id == closed.pk and is_valid(document):
                document.demand = kept
                document.person = document.person and same_of(document.person, people)
                document.save(update_fields=["demand", "person"])
    return kept


def _kept(closed: Demand) -> Demand | None:
    """The demand that goes on, locked; None when the merge was undone."""
    made = Merge.objects.filter(other=closed, undone_at=None).first()
    if made is None:
        return None
    return Demand.objects.select_for_update(no_key=True).get(pk=made.kept_id)
