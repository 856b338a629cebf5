"""An identity document refused after it was checked identifies nobody any more (CCH R441-2-3)."""

from typing import Any

import pytest
from django.utils import timezone

from register.access import fields
from register.codes import DocumentKind, DocumentStatus, PersonRole
from register.models import (
    Demand,
    DemandFacts,
    DemandState,
    Document,
    EffectKind,
    EventKind,
    Merge,
    Outbox,
    Role,
    Task,
    TaskKind,
)
from register.principals import Principal
from register.selectors import tasks
from register.selectors.identity import WITHDRAWN, is_withdrawn
from register.selectors.space import pieces_to_send
from register.services.acts import decline_offer, propose_candidate, refuse_candidate
from register.services.documents import refuse_document, verify_document
from tests.factories import (
    make_demand,
    make_member,
    make_organisation,
    make_stored_file,
    make_user,
    principal_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


@pytest.fixture
def lead() -> Principal:
    return principal_of(make_member(make_organisation(), Role.LEAD))


@pytest.fixture
def landlord() -> Principal:
    return principal_of(make_member(make_organisation("bailleur-b", name="Bailleur B"), Role.LEAD))


def checked(lead: Principal) -> Demand:
    demand = make_demand(state=DemandState.AWAITING_CHECK, registered_by=lead.organisation)
    verify_document(principal=lead, demand=demand, document=demand.documents.get())
    Outbox.objects.all().delete()
    demand.refresh_from_db()
    assert demand.state == DemandState.ACTIVE
    return demand


def refuse(lead: Principal, demand: Demand, **told: Any) -> None:
    document = demand.documents.filter(kind=DocumentKind.IDENTITY).first()
    told = told or {"reason": "Faux document"}
    refuse_document(principal=lead, demand=demand, document=document, **told)
    demand.refresh_from_db()


def propose(landlord: Principal, demand: Demand) -> None:
    propose_candidate(principal=landlord, demand=demand, home_type="T3", commune="21231")
    demand.refresh_from_db()


def send_another(demand: Demand, **told: Any) -> Document:
    return Document.objects.create(
        demand=demand,
        kind=DocumentKind.IDENTITY,
        stored_file=make_stored_file(make_user()),
        added_at=timezone.now(),
        **told,
    )


@pytest.mark.parametrize("told", [{"reason": "Faux document"}, {"code": "unasked"}])
def test_the_demand_waits_for_another_she_is_told_and_the_body_has_a_task(
    lead: Principal, told: dict[str, str]
) -> None:
    demand = checked(lead)
    refuse(lead, demand, **told)
    assert demand.state == DemandState.AWAITING_CHECK
    assert DemandFacts.objects.get(pk=demand.pk).identity_verified is False
    event = demand.events.filter(kind=EventKind.DOCUMENT_REFUSED).get()
    assert (event.from_state, event.to_state) == ("active", "awaiting_check")
    assert WITHDRAWN in event.details
    assert Outbox.objects.get(payload__event=event.pk).kind == EffectKind.MESSAGE_EMAIL
    own = fields(principal_of(demand.account), demand)
    assert [piece.kind for piece in pieces_to_send(demand, own)] == [DocumentKind.IDENTITY]
    [line], count = tasks.waiting(lead)
    assert (line.task.kind, count) == (TaskKind.IDENTITY, 1)
    assert line.task.demand_id == demand.pk


def test_another_that_is_checked_makes_it_active_again(lead: Principal) -> None:
    demand = checked(lead)
    refuse(lead, demand)
    verify_document(principal=lead, demand=demand, document=send_another(demand))
    demand.refresh_from_db()
    assert demand.state == DemandState.ACTIVE
    assert not is_withdrawn(demand)


def test_one_of_two_that_were_checked_changes_nothing(lead: Principal) -> None:
    demand = checked(lead)
    verify_document(principal=lead, demand=demand, document=send_another(demand))
    demand.refresh_from_db()
    refuse(lead, demand)
    assert demand.state == DemandState.ACTIVE
    assert not Task.objects.exists()


def test_one_that_nobody_had_checked_or_of_somebody_else_changes_nothing(lead: Principal) -> None:
    demand = make_demand(registered_by=lead.organisation, co_applicant="Durand")
    refuse(lead, demand)
    assert demand.state == DemandState.ACTIVE
    spouse = demand.persons.get(role=PersonRole.CO_APPLICANT)
    other = send_another(demand, person=spouse, status=DocumentStatus.VERIFIED)
    refuse_document(principal=lead, demand=demand, document=other, reason="Illisible")
    demand.refresh_from_db()
    assert demand.state == DemandState.ACTIVE
    assert not Task.objects.exists()


def test_whoever_proposed_a_candidate_is_warned_and_the_candidacy_goes_on(
    lead: Principal, landlord: Principal
) -> None:
    demand = checked(lead)
    propose(landlord, demand)
    refuse(lead, demand)
    assert demand.state == DemandState.UNDER_ALLOCATION
    found = Task.objects.filter(demand=demand, kind=TaskKind.IDENTITY)
    assert {task.organisation for task in found} == {lead.organisation, landlord.organisation}
    [line], _count = tasks.waiting(landlord)
    assert "candidat" in line.title
    assert not demand.events.filter(kind=EventKind.TASK_OPENED, is_public=True).exists()


@pytest.mark.parametrize("is_checked_again", [True, False])
@pytest.mark.parametrize("leave", [refuse_candidate, decline_offer])
def test_a_candidate_who_leaves_unchecked_waits_and_is_no_candidate_again(
    lead: Principal, landlord: Principal, leave: Any, is_checked_again: bool
) -> None:
    demand = checked(lead)
    propose(landlord, demand)
    refuse(lead, demand)
    if is_checked_again:
        verify_document(principal=lead, demand=demand, document=send_another(demand))
        demand.refresh_from_db()
    reason = "rent" if leave is decline_offer else "income_too_low"
    leave(principal=landlord, demand=demand, reason=reason)
    demand.refresh_from_db()
    reached = DemandState.ACTIVE if is_checked_again else DemandState.AWAITING_CHECK
    assert demand.state == reached


def test_one_refused_in_a_demand_that_was_merged_withdraws_it_in_the_one_that_goes_on(
    lead: Principal,
) -> None:
    closed = checked(lead)
    kept = make_demand(
        state=DemandState.AWAITING_CHECK, registered_by=lead.organisation, with_identity=False
    )
    Demand.objects.filter(pk=kept.pk).update(state=DemandState.ACTIVE)
    Demand.objects.filter(pk=closed.pk).update(
        state=DemandState.MERGED, struck_off_on=timezone.localdate()
    )
    Merge.objects.create(
        kept=kept,
        other=closed,
        made_at=timezone.now(),
        made_by=lead.user,
        made_for=lead.organisation,
        until=timezone.localdate(),
    )
    closed.refresh_from_db()
    refuse(lead, closed)
    kept.refresh_from_db()
    assert (closed.state, kept.state) == (DemandState.MERGED, DemandState.AWAITING_CHECK)
    assert is_withdrawn(kept)
