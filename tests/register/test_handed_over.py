"""What an heir takes over: a number and a seniority, not the papers and letters of whoever left."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from exchange.delivery import deliver_pending
from register.codes import DocumentKind, DocumentStatus, PersonRole
from register.models import (
    Demand,
    DemandFacts,
    DemandState,
    Document,
    EventKind,
    LegalHold,
    Outbox,
    Person,
    Role,
    StoredFile,
    User,
)
from register.principals import Principal, applicant_principal
from register.selectors import space
from register.selectors.corrections import corrections_of, subjects, waiting_for_applicant
from register.selectors.file import read_file
from register.services import retention
from register.services.acts import request_piece, send_message
from register.services.application import ContactData
from register.services.corrections import ask_correction
from register.services.documents import add_document, verify_document
from register.services.succession import record_death, transfer_to_co_applicant
from tests.factories import (
    make_commune,
    make_counter,
    make_demand,
    make_member,
    make_organisation,
    make_stored_file,
    make_user,
    principal_of,
)
from tests.faults.pdfs import plain
from tests.register.demands import complete, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
HOME = ContactData(email="dominique@example.org", address="9 rue Neuve", city="Beaune")
SECRET = "Mon secret"


@pytest.fixture
def lead() -> Principal:
    return principal_of(make_member(make_organisation(), Role.LEAD))


def couple(lead: Principal, **told: Any) -> Demand:
    return make_demand(registered_by=lead.organisation, co_applicant="Durand", **told)


def heir_of(demand: Demand) -> int:
    return demand.persons.get(role=PersonRole.CO_APPLICANT).pk


def hand_over(lead: Principal, demand: Demand) -> Demand:
    transfer_to_co_applicant(
        principal=lead, demand=demand, successor=heir_of(demand), contact=HOME, text="Lettre"
    )
    return Demand.objects.get(pk=demand.pk)


def taken_up(demand: Demand) -> tuple[User, Client]:
    """The heir, signed in, once she reached the demand from an account of her own."""
    heir, client = make_user(), Client()
    Demand.objects.filter(pk=demand.pk).update(account=heir)
    client.force_login(heir)
    return heir, client


def test_the_heir_opens_no_paper_and_reads_no_letter_of_whoever_left(lead: Principal) -> None:
    make_counter()
    make_commune()
    make_commune("21515", "Quetigny")
    account = make_user()
    demand = submit(account, complete(account))
    document = demand.documents.get()
    assert document.person is None
    verify_document(principal=lead, demand=demand, document=document)
    demand.refresh_from_db()
    send_message(principal=applicant_principal(account), demand=demand, body=SECRET)
    send_message(principal=lead, demand=demand, body=f"{SECRET} aussi")
    demand = hand_over(lead, demand)
    _heir, client = taken_up(demand)
    here = f"/mon-espace/{demand.number}"
    opened = client.get(f"{here}/documents/{document.stored_file_id}/")
    unknown = client.get(f"{here}/documents/{make_stored_file(account).pk}/")
    assert (opened.status_code, opened.content) == (404, unknown.content)
    for page in ("", "/documents/", "/messages/", "/mes-donnees/"):
        shown = client.get(f"{here}{page}").content.decode()
        assert SECRET not in shown
        assert document.stored_file.original_name not in shown
        assert str(document.stored_file_id) not in shown
    assert (space.messages(demand), space.unread_messages(demand)) == ([], [])
    send_message(principal=lead, demand=demand, body="Bienvenue")
    assert [each.body for each in space.messages(demand)] == ["Bienvenue"]


def test_agents_keep_the_story_and_the_papers_that_were_read(lead: Principal) -> None:
    demand = couple(lead)
    verify_document(principal=lead, demand=demand, document=demand.documents.get())
    send_message(principal=lead, demand=demand, body=SECRET)
    demand = hand_over(lead, demand)
    shown = read_file(lead, demand)
    assert SECRET in {view.message for view in shown.events}
    [paper] = shown.documents
    assert (paper.status, paper.is_of_former) == (DocumentStatus.OBSOLETE, True)
    with pytest.raises(ValidationError, match=r"former|ancien"):
        verify_document(principal=lead, demand=demand, document=paper)


@pytest.mark.parametrize(
    "state", [DemandState.AWAITING_CHECK, DemandState.ACTIVE, DemandState.UNDER_ALLOCATION]
)
def test_an_heir_whose_identity_was_never_checked_waits_for_it(
    lead: Principal, state: DemandState
) -> None:
    demand = couple(lead, state=state)
    demand.documents.update(status=DocumentStatus.VERIFIED)
    demand = hand_over(lead, demand)
    assert demand.state == DemandState.AWAITING_CHECK
    assert DemandFacts.objects.get(pk=demand.pk).identity_verified is False
    heir, client = taken_up(demand)
    told = client.get(f"/mon-espace/{demand.number}/").content.decode()
    assert "pièce d’identité" in told
    sent = add_document(
        principal=principal_of(heir),
        demand=Demand.objects.get(pk=demand.pk),
        kind=DocumentKind.IDENTITY,
        upload=SimpleUploadedFile("carte.pdf", plain(), "application/pdf"),
    )
    verify_document(principal=lead, demand=demand, document=sent)
    demand.refresh_from_db()
    assert demand.state == DemandState.ACTIVE


@pytest.mark.parametrize("status", [DocumentStatus.VERIFIED, DocumentStatus.OBSOLETE])
def test_an_heir_whose_own_card_was_compared_waits_for_nothing(
    lead: Principal, status: DocumentStatus
) -> None:
    demand = couple(lead)
    own = Document.objects.create(
        demand=demand,
        person_id=heir_of(demand),
        kind=DocumentKind.IDENTITY,
        stored_file=make_stored_file(make_user()),
        status=status,
        added_at=demand.received_at,
    )
    demand = hand_over(lead, demand)
    assert demand.state == DemandState.ACTIVE
    assert DemandFacts.objects.get(pk=demand.pk).identity_verified is True
    assert [each.pk for each in space.documents(demand)] == [own.pk]


def test_the_card_of_whoever_died_does_not_stand_for_the_heirs(lead: Principal) -> None:
    demand = couple(lead)
    demand.documents.update(status=DocumentStatus.VERIFIED)
    record_death(
        principal=lead,
        demand=demand,
        died_on=date(2026, 1, 2),
        text="Acte",
        successor=heir_of(demand),
        contact=HOME,
    )
    demand.refresh_from_db()
    assert demand.state == DemandState.AWAITING_CHECK


def test_nobody_is_the_heirs_spouse_for_having_been_that_of_whoever_left(lead: Principal) -> None:
    demand = couple(lead, dependants=1)
    demand.persons.filter(role=PersonRole.DEPENDANT).update(link="E")
    son = Person.objects.create(
        demand=demand,
        role=PersonRole.CO_APPLICANT,
        position=2,
        birth_name="Martin",
        first_names="Fils",
        birth_date=date(2000, 1, 1),
        link="DESC",
        search_name="martin fils",
    )
    transfer_to_co_applicant(
        principal=lead, demand=demand, successor=son.pk, contact=HOME, text="Lettre"
    )
    assert set(demand.persons.values_list("link", flat=True)) == {""}
    assert DemandFacts.objects.get(pk=demand.pk).is_couple is False


@pytest.mark.parametrize("is_held", [True, False])
def test_a_legal_hold_keeps_the_papers_of_whoever_left_from_the_heir_and_from_erasure(
    lead: Principal, is_held: bool
) -> None:
    demand = couple(lead)
    if is_held:
        LegalHold.objects.create(
            demand=demand, reason="Litige", placed_at=timezone.now(), placed_by=lead.user
        )
    hand_over(lead, demand)
    kept = list(demand.documents.values_list("status", "is_of_former"))
    assert kept == ([(DocumentStatus.OBSOLETE, True)] if is_held else [])
    assert space.documents(demand) == []
    assert DemandFacts.objects.get(pk=demand.pk).identity_verified is False
    # What the antivirus finds in it later is kept as long.
    now = timezone.now()
    demand_files = StoredFile.objects.filter(document__demand=demand)
    demand_files.update(scan_status="infected", scanned_at=now)
    assert not retention._infected(now + timedelta(days=1)).exists()


def test_what_was_asked_of_whoever_left_is_not_asked_of_the_heir(lead: Principal) -> None:
    demand = couple(lead)
    rights = read_file(lead, demand).rights
    for piece in ("tax_notice", "identity"):
        request_piece(principal=lead, demand=demand, piece=piece, text=SECRET)
    about = next(each.ref for each in subjects(demand, rights) if each.part == "resources")
    ask_correction(principal=lead, demand=demand, about=about, text=SECRET)
    demand = hand_over(lead, demand)
    _heir, client = taken_up(demand)
    assert space.pieces_to_send(demand, rights) == []
    assert (corrections_of(demand), waiting_for_applicant(demand)) == ([], [])
    closed = demand.corrections.get()
    assert (closed.outcome, closed.closed_by) == ("kept", lead.user)
    assert closed.reasons
    assert len(read_file(lead, demand).missing) == 1
    steps = space.public_events(demand)
    assert {each.text for each in steps} == {"", "Lettre"}
    assert EventKind.PIECE_REQUESTED in {each.kind for each in steps}
    assert SECRET not in client.get(f"/mon-espace/{demand.number}/mes-donnees/").content.decode()
    request_piece(principal=lead, demand=demand, piece="tax_notice")
    assert len(space.pieces_to_send(demand, rights)) == 1


def test_a_notice_to_whoever_left_does_not_open_at_the_heirs(
    lead: Principal, mailoutbox: Any
) -> None:
    demand = couple(lead)
    send_message(principal=lead, demand=demand, body=SECRET)
    hand_over(lead, demand)
    deliver_pending()
    assert [mail.to for mail in mailoutbox if mail.attachments] == [[HOME.email]]
    assert [mail for mail in mailoutbox if not mail.attachments and mail.to == [HOME.email]] == []
    assert not Outbox.objects.filter(demand=demand, done_at=None).exists()
