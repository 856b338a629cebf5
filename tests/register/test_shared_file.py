"""One file for all landlords: checked once, valid for a time, never asked twice (R441-2-4-1)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from register import access, codes, papers
from register.models import Demand, Document, EventKind, OrganisationKind, Person, StoredFile
from register.principals import Principal
from register.selectors.space import pieces_to_send
from register.services import documents, validity
from register.services.acts import request_piece
from register.services.corrections import ask_correction
from register.services.documents import refuse_document, verify_document
from register.services.facts import refresh_facts
from rules.kinds.automation import Verb
from tests.architecture.sources import ROOT
from tests.factories import (
    make_commune,
    make_demand,
    make_member,
    make_organisation,
    make_stored_file,
    principal_of,
)
from tests.faults.corpus import picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


@pytest.fixture
def agent() -> Principal:
    return principal_of(make_member(make_organisation("gdh", name="Grand Dijon Habitat")))


@pytest.fixture
def neighbour() -> Principal:
    """An agent of another landlord."""
    return principal_of(make_member(make_organisation("autre", name="Autre bailleur")))


def received(demand: Demand, kind: str, days_ago: int = 0) -> Document:
    added = timezone.now() - timedelta(days=days_ago)
    stored = make_stored_file(demand.account)
    return Document.objects.create(demand=demand, kind=kind, stored_file=stored, added_at=added)


def verified(agent: Principal, document: Document, **found: Any) -> Document:
    verify_document(principal=agent, demand=document.demand, document=document, **found)
    document.refresh_from_db()
    return document


def test_a_document_one_landlord_checked_is_not_asked_for_by_another(
    agent: Principal, neighbour: Principal
) -> None:
    demand = make_demand()
    document = verified(agent, received(demand, "tax_notice"))
    assert document.paper == "tax_notice"
    assert document.valid_until == date(timezone.localdate().year, 12, 31)
    assert "tax_notice" not in {p.code for p in papers.requestable(neighbour, demand)}
    with pytest.raises(ValidationError, match="R441-2-4-1"):
        request_piece(principal=neighbour, demand=demand, piece="tax_notice")
    own = access.fields(principal_of(demand.account), demand)
    assert "tax_notice" not in {p.code for p in papers.expected(demand, own)}


def test_it_is_asked_for_again_once_it_lapsed_or_cannot_be_used(
    agent: Principal, neighbour: Principal
) -> None:
    for spoil in ({"valid_until": timezone.localdate() - timedelta(days=1)}, {"status": "refused"}):
        demand = make_demand()
        document = verified(agent, received(demand, "tax_notice"))
        Document.objects.filter(pk=document.pk).update(refusal_reason="Illisible", **spoil)
        request_piece(principal=neighbour, demand=demand, piece="tax_notice")


def test_what_nobody_checked_or_an_antivirus_refuses_proves_nothing(agent: Principal) -> None:
    demand = make_demand()
    document = received(demand, "tax_notice")
    assert "tax_notice" in {p.code for p in papers.requestable(agent, demand)}
    verified(agent, document)
    StoredFile.objects.update(scan_status=codes.ScanStatus.INFECTED)
    assert "tax_notice" in {p.code for p in papers.requestable(agent, demand)}


def test_what_is_asked_of_each_adult_is_there_when_each_has_hers(agent: Principal) -> None:
    demand = make_demand()
    first = demand.persons.get()
    second = Person.objects.create(
        demand=demand,
        role=codes.PersonRole.CO_APPLICANT,
        birth_name="Petit",
        first_names="Dominique",
        birth_date=date(1984, 2, 3),
        search_name="petit dominique",
    )
    refresh_facts(demand=demand)
    demand = Demand.objects.get(pk=demand.pk)
    verified(agent, received(demand, "tax_notice"), person=first.pk)
    verified(agent, received(demand, "tax_notice"), person=first.pk)
    assert "tax_notice" in {p.code for p in papers.requestable(agent, demand)}
    verified(agent, received(demand, "tax_notice"), person=second.pk)
    assert "tax_notice" not in {p.code for p in papers.requestable(agent, demand)}


def co_applicant(demand: Demand, link: str = "", income: int | None = None) -> Person:
    return Person.objects.create(
        demand=demand,
        role=codes.PersonRole.CO_APPLICANT,
        position=demand.persons.count(),
        link=link,
        birth_name="Petit",
        first_names=f"Dominique {link}",
        birth_date=date(1984, 2, 3 + demand.persons.count()),
        search_name=f"petit dominique {link}",
        tax_income_n2=income,
    )


@pytest.mark.parametrize("link", [codes.ApplicantLink.SPOUSE, codes.ApplicantLink.PACS_PARTNER])
@pytest.mark.parametrize("place", [0, 1])
def test_a_common_tax_notice_is_that_of_both_spouses(
    link: str, place: int, agent: Principal
) -> None:
    demand = make_demand()
    people = [demand.persons.get(), co_applicant(demand, link)]
    refresh_facts(demand=demand)
    demand = Demand.objects.get(pk=demand.pk)
    assert "tax_notice" in {p.code for p in papers.requestable(agent, demand)}
    verified(agent, received(demand, "tax_notice"), person=people[place].pk)
    assert "tax_notice" not in {p.code for p in papers.requestable(agent, demand)}
    own = access.fields(principal_of(demand.account), demand)
    assert "tax_notice" not in {p.code for p in papers.expected(demand, own)}


def test_spouses_taxed_apart_each_give_their_notice(agent: Principal) -> None:
    demand = make_demand()
    first = demand.persons.get()
    second = co_applicant(demand, codes.ApplicantLink.SPOUSE, income=9000)
    refresh_facts(demand=demand)
    demand = Demand.objects.get(pk=demand.pk)
    verified(agent, received(demand, "tax_notice"), person=first.pk)
    assert "tax_notice" in {p.code for p in papers.requestable(agent, demand)}
    verified(agent, received(demand, "tax_notice"), person=second.pk)
    assert "tax_notice" not in {p.code for p in papers.requestable(agent, demand)}


def test_two_copies_of_a_common_notice_do_not_stand_for_that_of_somebody_else(
    agent: Principal,
) -> None:
    demand = make_demand()
    first, spouse = demand.persons.get(), co_applicant(demand, codes.ApplicantLink.SPOUSE)
    friend = co_applicant(demand)
    refresh_facts(demand=demand)
    demand = Demand.objects.get(pk=demand.pk)
    for person in (first, spouse):
        verified(agent, received(demand, "tax_notice"), person=person.pk)
    assert "tax_notice" in {p.code for p in papers.requestable(agent, demand)}
    verified(agent, received(demand, "tax_notice"), person=friend.pk)
    assert "tax_notice" not in {p.code for p in papers.requestable(agent, demand)}


def test_one_identity_document_of_either_kind_is_enough(agent: Principal) -> None:
    demand = make_demand()
    verified(agent, demand.documents.get())
    offered = {p.code for p in papers.requestable(agent, demand)}
    assert not {"identity", "residence"} & offered


def test_who_may_not_read_the_resources_is_told_the_same_whether_the_notice_is_there(
    agent: Principal,
) -> None:
    body = make_organisation("ville", OrganisationKind.COMMUNE, commune=make_commune())
    commune, told = principal_of(make_member(body)), []
    for demand in (make_demand(), make_demand()):
        with pytest.raises(ValidationError) as refusal:
            request_piece(principal=commune, demand=demand, piece="tax_notice")
        told.append(refusal.value.message_dict)
        verified(agent, received(demand, "tax_notice"))
        with pytest.raises(ValidationError) as refusal:
            request_piece(principal=commune, demand=demand, piece="tax_notice")
        told.append(refusal.value.message_dict)
    assert told[0] == told[1] == told[2] == told[3]


def test_the_last_day_is_that_of_the_agent_or_of_the_list(agent: Principal) -> None:
    demand = make_demand()
    slip = verified(agent, received(demand, "income", days_ago=10), paper="income")
    assert slip.valid_until is not None
    assert 70 <= (slip.valid_until - timezone.localdate()).days <= 83
    written = timezone.localdate() + timedelta(days=5)
    permit = verified(agent, demand.documents.get(kind="identity"), valid_until=written)
    assert permit.valid_until == written
    with pytest.raises(ValidationError) as refusal:
        verified(agent, received(demand, "income", days_ago=200), paper="income")
    assert list(refusal.value.message_dict) == ["valid_until"]


@pytest.mark.parametrize("wrong", [{"paper": "owner"}, {"paper": "x"}, {"person": 10**9}])
def test_only_papers_of_this_kind_and_people_of_this_demand_are_named(
    wrong: dict[str, Any], agent: Principal
) -> None:
    with pytest.raises(ValidationError):
        verified(agent, received(make_demand(), "tax_notice"), **wrong)


def test_a_reason_of_the_list_is_told_in_the_words_of_the_applicant(agent: Principal) -> None:
    demand = make_demand(language="en")
    document = received(demand, "tax_notice")
    refuse_document(
        principal=agent, demand=demand, document=document, code="incomplete", reason="Page 2."
    )
    document.refresh_from_db()
    assert (document.status, document.refusal_code) == ("refused", "incomplete")
    assert document.refusal_reason == "Incomplete: a page or a side is missing. Page 2."
    assert (document.checked_by, demand.events.last().text) == (
        agent.user,
        document.refusal_reason,
    )


def test_a_document_outside_the_list_is_set_aside_and_nothing_is_sent_instead(
    agent: Principal,
) -> None:
    demand = make_demand()
    document = received(demand, "reason")
    refuse_document(principal=agent, demand=demand, document=document, code="too_telling")
    document.refresh_from_db()
    assert document.status == codes.DocumentStatus.UNLISTED
    assert demand.events.last().kind == EventKind.DOCUMENT_UNLISTED
    own = access.fields(principal_of(demand.account), demand)
    assert pieces_to_send(demand, own) == []


def test_what_was_asked_for_still_waits_when_something_else_was_sent(agent: Principal) -> None:
    demand = make_demand()
    request_piece(principal=agent, demand=demand, piece="reason")
    document = received(demand, "reason")
    refuse_document(principal=agent, demand=demand, document=document, code="unasked")
    own = access.fields(principal_of(demand.account), demand)
    assert [piece.kind for piece in pieces_to_send(demand, own)] == ["reason"]


@pytest.mark.parametrize("given", [{}, {"reason": "  "}, {"code": "x"}, {"reason": "a" * 301}])
def test_a_document_is_not_set_aside_without_a_true_reason(
    given: dict[str, str], agent: Principal
) -> None:
    demand = make_demand()
    with pytest.raises(ValidationError):
        refuse_document(principal=agent, demand=demand, document=demand.documents.get(), **given)


def test_each_night_what_lapsed_is_said_to_be_obsolete_once(agent: Principal) -> None:
    demand = make_demand()
    identity = verified(agent, demand.documents.get())
    notice = verified(agent, received(demand, "tax_notice"))
    yesterday = timezone.localdate() - timedelta(days=1)
    Document.objects.update(valid_until=yesterday)
    for _night in range(2):
        assert validity.take_turn() is False
    for document in (identity, notice):
        document.refresh_from_db()
        assert document.status == codes.DocumentStatus.OBSOLETE
    assert demand.events.filter(kind=EventKind.DOCUMENT_OBSOLETE).count() == 2
    demand.facts.refresh_from_db()
    assert demand.facts.identity_verified, "it was compared, whatever time did to it since"
    assert demand.facts.verified_documents == 0


def test_a_clock_that_jumped_ahead_takes_nothing_away_for_good(agent: Principal) -> None:
    notice = verified(agent, received(make_demand(), "tax_notice"))
    Document.objects.filter(pk=notice.pk).update(status=codes.DocumentStatus.OBSOLETE)
    validity.take_turn()
    notice.refresh_from_db()
    assert notice.status == codes.DocumentStatus.VERIFIED


def test_the_last_day_itself_is_still_valid_and_ended_demands_are_left_alone(
    agent: Principal,
) -> None:
    notice = verified(agent, received(make_demand(), "tax_notice"))
    Document.objects.filter(pk=notice.pk).update(valid_until=timezone.localdate())
    ended = verified(agent, received(make_demand(), "tax_notice"))
    Document.objects.filter(pk=ended.pk).update(valid_until=date(2020, 1, 1))
    Demand.objects.filter(pk=ended.demand_id).update(
        state="struck_off", strike_off_reason="RADABA", struck_off_on=timezone.localdate()
    )
    validity.take_turn()
    assert not Document.objects.filter(status=codes.DocumentStatus.OBSOLETE).exists()


def test_the_same_bytes_sent_again_are_the_same_document() -> None:
    demand = make_demand()
    applicant = principal_of(demand.account)

    def send(content: bytes, kind: str = "tax_notice") -> Document:
        upload = SimpleUploadedFile("avis.jpg", content)
        return documents.add_document(principal=applicant, demand=demand, kind=kind, upload=upload)

    first, again = send(picture()), send(picture())
    assert first == again
    assert send(picture(), "income") != first
    assert send(picture(size=(64, 64))) != first
    assert demand.events.filter(kind=EventKind.DOCUMENT_ADDED).count() == 3
    assert StoredFile.objects.count() == 4


def test_a_document_is_filed_under_the_paper_it_was_asked_for(agent: Principal) -> None:
    demand = make_demand()
    request_piece(principal=agent, demand=demand, piece="guardianship")
    upload = SimpleUploadedFile("jugement.jpg", picture())
    sent = documents.add_document(
        principal=principal_of(demand.account), demand=demand, kind="family", upload=upload
    )
    assert sent.paper == "guardianship"


def test_a_correction_of_what_is_valid_is_refused_and_says_who_checked_it(
    agent: Principal, neighbour: Principal
) -> None:
    """Another way to ask for it again, which the list does not see."""
    demand = make_demand()
    notice = received(demand, "tax_notice")
    ask_correction(principal=neighbour, demand=demand, about=f"piece@{notice.pk}", text="Page 2")
    verified(agent, notice)
    with pytest.raises(ValidationError, match="R441-2-4-1") as refusal:
        ask_correction(
            principal=neighbour, demand=demand, about=f"piece@{notice.pk}", text="Page 2"
        )
    assert list(refusal.value.message_dict) == ["about"]
    assert str(agent.user) in str(refusal.value)
    # What is no longer valid may be asked for, and so may what an agent says no longer holds.
    Document.objects.filter(pk=notice.pk).update(valid_until=date(2020, 1, 1))
    ask_correction(principal=neighbour, demand=demand, about=f"piece@{notice.pk}", text="Page 2")
    applicant = principal_of(demand.account)
    Document.objects.filter(pk=notice.pk).update(valid_until=None)
    ask_correction(principal=applicant, demand=demand, about=f"piece@{notice.pk}", text="Ancien")


def test_whoever_doubts_a_valid_document_says_why_and_only_then_asks_for_another(
    agent: Principal, neighbour: Principal
) -> None:
    demand = make_demand()
    notice = verified(agent, received(demand, "tax_notice"))
    with pytest.raises(ValidationError):
        request_piece(principal=neighbour, demand=demand, piece="tax_notice")
    refuse_document(principal=neighbour, demand=demand, document=notice, code="expired")
    notice.refresh_from_db()
    assert (notice.refusal_code, notice.checked_by) == ("expired", neighbour.user)
    request_piece(principal=neighbour, demand=demand, piece="tax_notice")


def test_a_paper_is_asked_for_in_one_place_only() -> None:
    """The act; no automatic rule and no interface has a way of its own."""
    writers = [
        path.relative_to(ROOT).as_posix()
        for room in ("register", "backoffice", "portal", "exchange")
        for path in (ROOT / room).rglob("*.py")
        if "commit(\n        EventKind.PIECE_REQUESTED" in path.read_text(encoding="utf-8")
        or "kind=EventKind.PIECE_REQUESTED,\n        reason" in path.read_text(encoding="utf-8")
    ]
    assert writers == ["register/services/acts.py"]
    assert not {"piece", "ask", "request"} & {verb.value for verb in Verb}
