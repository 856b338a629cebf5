"""What happens in a demand closed by a merge and counts for the one that goes on (ADR 0022)."""

from typing import Any

from django.utils import timezone

from register import lifecycle
from register.codes import DocumentKind
from register.held import COMPARED, documents_of, is_valid, own_documents, same_of
from register.models import Demand, Event, EventKind, Merge, Organisation
from register.principals import SYSTEM
from register.selectors.identity import WITHDRAWALS, WITHDRAWN, is_identified
from register.selectors.merges import brings_identity, is_one_civil_status
from register.services.changes import LIFE, Change
from register.services.facts import refresh_facts
from register.services.identity_tasks import give_tasks
from register.services.journal import record_event
from register.services.outbox import tell_applicant
from rules.writing import update


def carry_identity(goes_on: Change, closed: Change, merge: int) -> None:
    """In a merge, the identity checked for the closed demand counts for the one that goes on.

    With its proof: which body compared which paper, on which day (R441-2-3). The caller has made
    sure that both are of one civil status.
    """
    if not brings_identity(goes_on.from_state, closed.from_state):
        return
    goes_on.commit(
        EventKind.IDENTITY_VERIFIED,
        moved="verify_identity",
        reason=DocumentKind.IDENTITY,
        details={"merge": merge, **_proof(closed.demand)},
    )


def _proof(checked: Demand) -> dict[str, Any]:
    """Who compared the identity document of this demand, when, and which paper; what is known."""
    step = checked.events.filter(kind=EventKind.IDENTITY_VERIFIED).order_by("-pk").first()
    if step and "checked_on" in step.details:
        # It came from a third demand, merged with this one before.
        return {name: step.details.get(name) for name in ("checked_on", "checked_by", "paper")}
    card = own_documents(checked).filter(kind=DocumentKind.IDENTITY, status__in=COMPARED)
    paper = card.order_by("-checked_at").values_list("paper", flat=True).first() or ""
    if step is None:
        return {"paper": paper}
    day = timezone.localdate(step.at).isoformat()
    return {"checked_on": day, "checked_by": step.organisation_id, "paper": paper}


def count_identity(closed: Demand, checked_by: Organisation | None) -> None:
    """An identity document checked in the closed demand makes the other active (R441-2-3).

    It is the same person's: she is not asked for it again. Under another civil status it proves
    nothing here.
    """
    kept = _kept(closed)
    if kept is None or not lifecycle.can(kept, "verify_identity"):
        return
    if not is_one_civil_status(kept, closed):
        return
    _moved(kept, "verify_identity", EventKind.IDENTITY_VERIFIED, checked_by)


def withdraw_identity(closed: Demand, refused_by: Organisation | None) -> None:
    """One that is refused there identifies nobody here either: this demand waits for another."""
    kept = _kept(closed)
    if kept is None or is_identified(kept) or not is_one_civil_status(kept, closed):
        return
    moved = next((move for move in WITHDRAWALS if lifecycle.can(kept, move)), None)
    if moved is None:
        return
    event = _moved(kept, moved, EventKind.DOCUMENT_REFUSED, refused_by, {WITHDRAWN: True})
    give_tasks(kept, event)


def _moved(
    kept: Demand,
    move: str,
    kind: EventKind,
    body: Organisation | None,
    details: dict[str, Any] | None = None,
) -> Event:
    """What a body found of the closed demand's identity document moves this one; she is told."""
    was = kept.state
    lifecycle.move(kept, move)
    kept.version += 1
    update(kept, LIFE)
    event = record_event(
        principal=SYSTEM,
        demand=kept,
        kind=kind,
        from_state=was,
        reason=DocumentKind.IDENTITY,
        details=details,
        on_behalf_of=body,
    )
    refresh_facts(demand=kept)
    tell_applicant(kept, event)
    return event


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
