"""Whoever gives her demand over is told so, and what leaves with her is neither shown nor lost."""

from typing import Any

import pytest
from django.utils import timezone

from exchange.delivery import deliver_pending
from exchange.sms import MemoryBackend
from register import access, clock
from register.codes import DocumentKind, DocumentStatus, PersonRole
from register.letters.former import FORMER
from register.letters.sending import letter_of
from register.models import (
    AccountCode,
    Contact,
    Demand,
    Document,
    EffectKind,
    LegalHold,
    Mandate,
    MandateKind,
    NotesRequest,
    Outbox,
    Role,
)
from register.principals import Principal, applicant_principal
from register.selectors.deliveries import sendings_of
from register.selectors.file import read_file
from register.selectors.handover import SET_APART
from register.selectors.notes_requests import waiting
from register.selectors.own_data import own_data
from register.selectors.space import names_in, public_events
from register.services.acts import send_message
from register.services.application import ContactData
from register.services.holds import release_hold
from register.services.notes_requests import ask_for_notes
from register.services.printing import ask_run, mark_printed, take_turn
from register.services.succession import record_death, transfer_to_co_applicant
from tests.factories import (
    make_counter,
    make_demand,
    make_member,
    make_organisation,
    make_user,
    principal_of,
)
from tests.register.pdf_text import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
HOME = ContactData(email="dominique@example.org", address="9 rue Neuve", city="Beaune")


@pytest.fixture
def lead() -> Principal:
    return principal_of(make_member(make_organisation(), Role.LEAD))


@pytest.fixture
def manager() -> Principal:
    return principal_of(make_member(make_counter().organisation, Role.MANAGER))


@pytest.fixture
def demand(lead: Principal) -> Demand:
    return make_demand(registered_by=lead.organisation, co_applicant="Durand")


def hand_over(lead: Principal, demand: Demand) -> Demand:
    transfer_to_co_applicant(
        principal=lead,
        demand=demand,
        successor=demand.persons.get(role=PersonRole.CO_APPLICANT).pk,
        contact=HOME,
        text="Lettre",
    )
    return Demand.objects.get(pk=demand.pk)


def to_former() -> list[Outbox]:
    return list(Outbox.objects.filter(payload__has_key=FORMER).order_by("pk"))


def test_she_is_told_by_e_mail_and_the_heir_not_how(
    lead: Principal, demand: Demand, mailoutbox: list[Any]
) -> None:
    hers = demand.contact.email
    demand = hand_over(lead, demand)
    deliver_pending()
    [told] = [mail for mail in mailoutbox if mail.to == [hers]]
    assert "remise à son codemandeur" in told.body
    for secret in ("Dominique", HOME.email, HOME.address, demand.number):
        assert secret not in str(told.message())
    [effect] = to_former()
    assert hers not in repr(effect.payload), "nothing keeps the address once it was sent"
    event = demand.events.latest("pk")
    ways = {each.is_to_former for each in sendings_of([event])[event.pk]}
    assert ways == {True, False}
    demand.account = make_user()
    demand.save(update_fields=["account"])
    rights = access.fields(applicant_principal(demand.account), demand)
    heirs = names_in(public_events(demand), rights).sendings[event.pk]
    assert [each.is_to_former for each in heirs] == [False]


def test_by_post_at_her_own_address_when_she_has_no_e_mail(
    lead: Principal, manager: Principal, demand: Demand, settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    Contact.objects.filter(demand=demand).update(accepts_email=False)
    hand_over(lead, demand)
    deliver_pending()
    [letter] = to_former()
    assert letter.kind == EffectKind.LETTER
    words = text_of(letter_of(letter))
    assert "CamilleMartin" in words.replace(" ", "")
    assert "1ruedesExemples" in words.replace(" ", "")
    assert "Dominique" not in words
    assert "Neuve" not in words
    run = ask_run(principal=manager)
    assert run is not None
    while take_turn():
        pass
    mark_printed(principal=manager, run=run)
    assert "Exemples" not in repr(to_former()[0].payload)


def test_by_text_message_when_nothing_else_reaches_her(lead: Principal, demand: Demand) -> None:
    MemoryBackend.sent.clear()
    Contact.objects.filter(demand=demand).update(
        accepts_email=False, address="", city="", accepts_sms=True, phone="0612345678"
    )
    hand_over(lead, demand)
    deliver_pending()
    [(to, text, _key)] = MemoryBackend.sent
    MemoryBackend.sent.clear()
    assert (to, "codemandeur" in text) == ("0612345678", True)


def test_nobody_is_told_in_the_place_of_the_dead(lead: Principal, demand: Demand) -> None:
    record_death(
        principal=lead,
        demand=demand,
        died_on=clock.today(),
        text="Acte",
        successor=demand.persons.get(role=PersonRole.CO_APPLICANT).pk,
        contact=HOME,
    )
    assert to_former() == []


def test_her_guardian_is_told_by_post_too(lead: Principal, demand: Demand) -> None:
    today = clock.today()
    Mandate.objects.create(
        demand=demand,
        kind=MandateKind.CURATOR,
        name="Anne Tutrice",
        address="3 rue du Palais",
        postal_code="21000",
        city="Dijon",
        reference="RG 26/1",
        recorded_by=lead.organisation,
        starts_on=today,
        ends_on=today.replace(year=today.year + 1),
    )
    hand_over(lead, demand)
    [_hers, letter] = to_former()
    assert letter.kind == EffectKind.LETTER
    assert "AnneTutrice" in text_of(letter_of(letter)).replace(" ", "")


def test_a_request_for_notes_leaves_the_list_and_is_never_answered_to_the_heir(
    lead: Principal, manager: Principal, demand: Demand, mailoutbox: list[Any]
) -> None:
    hers = demand.contact.email
    ask_for_notes(principal=applicant_principal(demand.account), demand=demand)
    assert waiting(manager).count() == 1
    demand = hand_over(lead, demand)
    assert not waiting(manager).exists()
    deliver_pending()
    [told] = [mail for mail in mailoutbox if mail.to == [hers]]
    assert "redemandez" in told.body
    heir = make_user()
    Demand.objects.filter(pk=demand.pk).update(account=heir)
    again = ask_for_notes(principal=applicant_principal(heir), demand=Demand.objects.get())
    assert NotesRequest.objects.filter(answered_at=None).get() == again
    assert NotesRequest.objects.count() == 2


def test_agents_read_how_much_was_set_apart_and_the_heir_does_not(
    lead: Principal, manager: Principal, demand: Demand
) -> None:
    send_message(principal=lead, demand=demand, body="Bonjour")
    demand = hand_over(lead, demand)
    [step] = [each for each in read_file(manager, demand).events if each.set_apart]
    assert "1" in step.set_apart
    assert step.event.details[SET_APART] == {"unread": 1, "messages": 1}
    assert SET_APART not in repr(own_data(demand))
    assert SET_APART not in repr([each.details for each in public_events(demand)])


def test_a_legal_hold_keeps_aside_each_row_that_leaves_until_it_is_released(
    lead: Principal, manager: Principal, demand: Demand
) -> None:
    hold = LegalHold.objects.create(
        demand=demand, reason="Litige", placed_at=timezone.now(), placed_by=manager.user
    )
    document = demand.documents.get()
    Document.objects.filter(pk=document.pk).update(
        kind=DocumentKind.IDENTITY, status=DocumentStatus.VERIFIED
    )
    hers = demand.contact.email
    hand_over(lead, demand)
    hold.refresh_from_db()
    models = {row["model"] for row in hold.kept}
    assert {"register.person", "register.contact", "register.document"} <= models
    assert hers in repr(hold.kept)
    assert "Camille" in repr(hold.kept)
    assert not AccountCode.objects.filter(demand=demand).exists()
    release_hold(principal=manager, hold=hold)
    hold.refresh_from_db()
    assert hold.kept == []


def test_nothing_is_kept_aside_without_a_hold(lead: Principal, demand: Demand) -> None:
    hand_over(lead, demand)
    assert not LegalHold.objects.exists()
