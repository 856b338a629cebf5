"""What is valid in a demand closed by a merge is not asked for again in the one that goes on."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from register import papers
from register.codes import DocumentStatus, PersonRole
from register.held import valid_documents
from register.models import (
    AutomationRun,
    Demand,
    DemandState,
    Document,
    EventKind,
    Merge,
    Person,
    Role,
    RunOutcome,
)
from register.principals import Principal
from register.selectors.file import read_file
from register.selectors.renewals import Candidate
from register.selectors.space import pieces_to_send
from register.services import validity
from register.services.acts import request_piece
from register.services.documents import refuse_document, verify_document
from register.services.erasure import erase
from register.services.facts import compute_facts, differing_columns, refresh_facts
from register.services.merging import part
from register.services.moments import evaluate_moments
from tests.factories import make_member, make_organisation, make_stored_file, principal_of
from tests.register.duplicates.test_merging import make_pair, merged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


@pytest.fixture
def manager() -> Principal:
    return principal_of(make_member(make_organisation(kind="manager"), Role.MANAGER))


@pytest.fixture
def landlord() -> Principal:
    return principal_of(make_member(make_organisation("gdh", name="Grand Dijon Habitat")))


def given(demand: Demand, kind: str, **more: Any) -> Document:
    stored = make_stored_file(demand.account)
    now = timezone.now()
    return Document.objects.create(
        demand=demand, kind=kind, stored_file=stored, added_at=now, **more
    )


def checked(who: Principal, document: Document, **found: Any) -> Document:
    verify_document(principal=who, demand=document.demand, document=document, **found)
    return document


def in_step(demand: Demand) -> bool:
    fresh = Demand.objects.get(pk=demand.pk)
    return differing_columns(fresh.facts, compute_facts(fresh)) == []


def a_merge(manager: Principal, **newer: Any) -> tuple[Merge, Demand, Demand]:
    """The merge, the demand that goes on, and the closed one."""
    made = merged(manager, make_pair(manager, **newer), kept="first")
    return made, made.kept, made.other


def test_a_paper_valid_in_either_is_not_asked_for_again_until_the_merge_is_undone(
    manager: Principal, landlord: Principal
) -> None:
    pair = make_pair(manager)
    first, second = pair.first, pair.second
    checked(manager, given(second, "tax_notice"))
    request_piece(principal=landlord, demand=first, piece="tax_notice")
    own = read_file(principal_of(first.account), first).rights
    assert [each.kind for each in pieces_to_send(first, own)] == ["tax_notice"]
    made = merged(manager, pair, kept="first")
    kept = Demand.objects.get(pk=made.kept_id)
    assert "tax_notice" not in {p.code for p in papers.requestable(landlord, kept)}
    with pytest.raises(ValidationError, match="R441-2-4-1"):
        request_piece(principal=landlord, demand=kept, piece="tax_notice")
    assert pieces_to_send(kept, own) == []
    notice = papers.label("tax_notice")
    assert notice not in read_file(landlord, kept).missing
    assert "tax_notice" not in {p.code for p in papers.expected(kept, own)}
    assert kept.facts.verified_documents
    assert in_step(kept)
    part(principal=manager, made=made, reason="Deux sœurs.")
    kept = Demand.objects.get(pk=made.kept_id)
    assert [each.kind for each in pieces_to_send(kept, own)] == ["tax_notice"]
    assert notice in read_file(landlord, kept).missing
    assert not kept.facts.verified_documents
    assert in_step(kept)
    request_piece(principal=landlord, demand=kept, piece="tax_notice")


def test_what_is_checked_refused_or_lapses_in_the_closed_one_counts_at_once(
    manager: Principal, landlord: Principal
) -> None:
    _made, kept, closed = a_merge(manager)
    document = given(closed, "tax_notice")
    checked(manager, document)
    assert valid_documents(kept) == [document]
    assert Demand.objects.get(pk=kept.pk).facts.verified_documents
    assert in_step(kept)
    Document.objects.filter(pk=document.pk).update(valid_until=date(2020, 1, 1))
    assert "tax_notice" in {p.code for p in papers.requestable(landlord, kept)}
    validity.take_turn()
    document.refresh_from_db()
    assert document.status == DocumentStatus.OBSOLETE
    assert in_step(kept)
    assert not Demand.objects.get(pk=kept.pk).facts.verified_documents
    refuse_document(principal=manager, demand=closed, document=document, code="illegible")
    assert in_step(kept)


def test_an_identity_document_checked_in_the_closed_one_makes_the_other_active(
    manager: Principal,
) -> None:
    made, kept, closed = a_merge(manager, state="awaiting_check")
    Demand.objects.filter(pk=kept.pk).update(state=DemandState.AWAITING_CHECK)
    made.before["kept"]["state"] = DemandState.AWAITING_CHECK
    made.save()
    checked(manager, closed.documents.get())
    kept.refresh_from_db()
    assert kept.state == DemandState.ACTIVE
    step = kept.events.get(kind=EventKind.IDENTITY_VERIFIED)
    assert (step.user, step.organisation) == (None, manager.organisation)
    assert in_step(kept)
    assert kept.facts.identity_verified
    part(principal=manager, made=made, reason="Deux sœurs.")
    kept.refresh_from_db()
    assert kept.state == DemandState.AWAITING_CHECK, "the card was her sister’s"
    closed.refresh_from_db()
    assert closed.state == DemandState.ACTIVE
    assert in_step(kept)
    assert in_step(closed)


def test_a_paper_of_each_adult_is_counted_by_adult_across_both(
    manager: Principal, landlord: Principal
) -> None:
    pair = make_pair(manager)
    wanted = []
    for demand in (pair.first, pair.second):
        Person.objects.create(
            demand=demand,
            role=PersonRole.CO_APPLICANT,
            birth_name="Petit",
            first_names="Dominique",
            birth_date=date(1984, 2, 3),
            search_name="petit dominique",
        )
        refresh_facts(demand=demand)
        wanted.append(demand.persons.order_by("pk"))
    checked(manager, given(pair.first, "tax_notice"), person=wanted[0][1].pk)
    checked(manager, given(pair.second, "tax_notice"), person=wanted[1][1].pk)
    made = merged(manager, pair, kept="first")
    kept = Demand.objects.get(pk=made.kept_id)
    codes = {p.code for p in papers.requestable(landlord, kept)}
    assert "tax_notice" in codes, "both are of the same adult"
    closed = Demand.objects.get(pk=made.other_id)
    asker = closed.persons.get(role=PersonRole.APPLICANT)
    checked(manager, given(closed, "tax_notice"), person=asker.pk)
    assert "tax_notice" not in {p.code for p in papers.requestable(landlord, kept)}
    # Somebody who is of the other household alone proves nothing here.
    kept.persons.filter(role=PersonRole.CO_APPLICANT).delete()
    assert {document.person for document in valid_documents(kept)} == {asker}


def test_when_the_closed_one_is_erased_what_is_valid_goes_with_the_other(
    manager: Principal,
) -> None:
    pair = make_pair(manager)
    Demand.objects.filter(pk=pair.first_id).update(account=None)
    document = checked(manager, given(pair.second, "tax_notice"))
    lost = given(pair.second, "housing")
    made = merged(manager, pair, kept="first")
    closed = Demand.objects.get(pk=made.other_id)
    erase(Candidate(closed.pk, closed.version))
    document.refresh_from_db()
    assert document.demand_id == made.kept_id
    assert not Document.objects.filter(pk=lost.pk).exists()
    assert in_step(made.kept)


def test_the_papers_of_another_account_are_erased_with_it_and_no_longer_counted(
    manager: Principal,
) -> None:
    pair = make_pair(manager)
    checked(manager, given(pair.second, "tax_notice"))
    made = merged(manager, pair, kept="first")
    closed = Demand.objects.get(pk=made.other_id)
    erase(Candidate(closed.pk, closed.version))
    assert valid_documents(made.kept) == []
    assert in_step(made.kept)


def test_nobody_is_reminded_of_a_paper_that_the_merge_brought(
    manager: Principal, landlord: Principal
) -> None:
    pair = make_pair(manager)
    checked(manager, given(pair.second, "tax_notice"))
    for piece in ("tax_notice", "income"):
        request_piece(principal=landlord, demand=pair.first, piece=piece)
    made, later = merged(manager, pair, kept="first"), timezone.localdate() + timedelta(days=15)

    def recalled() -> list[str]:
        evaluate_moments(later)
        done = AutomationRun.objects.filter(rule="automation-21/piece-reminder")
        return [run.event.reason for run in done.exclude(outcome=RunOutcome.SKIPPED) if run.event]

    assert recalled() == ["income"]
    part(principal=manager, made=made, reason="Deux sœurs.")
    AutomationRun.objects.update(at=timezone.now() - timedelta(days=2))
    assert sorted(recalled()) == ["income", "tax_notice"]
