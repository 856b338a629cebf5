"""A paper brought to a counter or sent by post is in the shared file, as if sent online."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from register import codes, papers
from register.errors import Conflict, NotAllowed, TransitionRefused, UploadRefused
from register.models import Demand, Document, EventKind, Outbox, StoredFile
from register.principals import Principal
from register.selectors.file import read_file
from register.selectors.own_data import own_data
from register.selectors.space import pieces_to_send
from register.services.acts import request_piece
from register.services.documents import add_document, verify_document
from register.services.files import store_upload
from register.services.received import Receipt, receive_document
from tests.factories import make_demand, make_member, make_organisation, principal_of
from tests.faults.corpus import picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
TODAY = timezone.localdate


@pytest.fixture
def agent() -> Principal:
    return principal_of(make_member(make_organisation("gdh", name="Grand Dijon Habitat")))


@pytest.fixture
def neighbour() -> Principal:
    return principal_of(make_member(make_organisation("autre", name="Autre bailleur")))


def scanned(agent: Principal, size: tuple[int, int] = (40, 30)) -> StoredFile:
    upload = SimpleUploadedFile("avis.png", picture("PNG", size), "image/png")
    return store_upload(principal=agent, upload=upload)


def received(
    agent: Principal, demand: Demand, paper: str = "tax_notice", **given: Any
) -> Document | None:
    file = given.pop("file", None) or scanned(agent)
    about = {"came_by": "counter", "received_on": TODAY(), "person": None}
    receipt = Receipt(paper, **{name: given.pop(name, usual) for name, usual in about.items()})
    return receive_document(principal=agent, demand=demand, receipt=receipt, file=file.pk, **given)


def old_demand(**more: Any) -> Demand:
    demand = make_demand(**more)
    then = TODAY() - timedelta(days=40)
    Demand.objects.filter(pk=demand.pk).update(received_on=then)
    demand.refresh_from_db()
    return demand


def test_a_paper_brought_to_a_counter_is_received_and_says_who_put_it_in(agent: Principal) -> None:
    demand = old_demand()
    came = TODAY() - timedelta(days=3)
    document = received(agent, demand, came_by="letter", received_on=came)
    assert document is not None
    assert (document.kind, document.paper, document.status) == (
        "tax_notice",
        "tax_notice",
        codes.DocumentStatus.RECEIVED,
    )
    assert (document.put_in_by, document.came_by, document.received_on) == (
        agent.organisation,
        "letter",
        came,
    )
    step = demand.events.get(kind=EventKind.DOCUMENT_ADDED)
    assert (step.user, step.organisation, step.reason) == (
        agent.user,
        agent.organisation,
        "tax_notice",
    )
    assert step.is_public
    assert Outbox.objects.filter(key=f"event:{step.pk}").count() == 1, "she is told"
    [told] = [each for each in own_data(demand)["documents"] if each["kind"] == "tax_notice"]
    assert told["put_in_by"] == "Grand Dijon Habitat"
    assert told["received_on"] == came.isoformat()


def test_it_may_be_checked_at_once_and_is_valid_from_the_day_it_came(
    agent: Principal, neighbour: Principal
) -> None:
    demand = old_demand()
    came = TODAY() - timedelta(days=10)
    document = received(agent, demand, "income", received_on=came, conforms=True)
    assert document is not None
    document.refresh_from_db()
    assert document.status == codes.DocumentStatus.VERIFIED
    assert document.checked_by == agent.user
    assert document.valid_until is not None
    assert 70 <= (document.valid_until - TODAY()).days <= 83
    kinds = [step.kind for step in demand.events.order_by("pk")][-2:]
    assert kinds == [EventKind.DOCUMENT_ADDED, EventKind.DOCUMENT_VERIFIED]
    assert Outbox.objects.filter(key__startswith="event:").count() == 1, "told once, of both"
    with pytest.raises(ValidationError, match="R441-2-4-1"):
        request_piece(principal=neighbour, demand=demand, piece="income")
    again = received(agent, demand, "income", file=scanned(agent, (60, 60)), received_on=came)
    assert again is not None
    again.refresh_from_db()
    verify_document(principal=agent, demand=demand, document=again)
    assert again.valid_until == document.valid_until, "checked later, valid from the same day"


def test_an_identity_document_checked_at_the_counter_makes_the_demand_active(
    agent: Principal,
) -> None:
    demand = make_demand(state="awaiting_check")
    received(agent, demand, "identity", conforms=True)
    demand.refresh_from_db()
    assert demand.state == "active"


def test_it_answers_a_request_for_that_very_paper(agent: Principal, neighbour: Principal) -> None:
    demand = old_demand()
    verify_document(principal=agent, demand=demand, document=demand.documents.get())
    request_piece(principal=neighbour, demand=demand, piece="income")
    own = read_file(principal_of(demand.account), demand).rights
    assert [each.kind for each in pieces_to_send(demand, own)] == ["income"]
    received(agent, demand, "work", file=scanned(agent, (50, 50)))
    assert [each.kind for each in pieces_to_send(demand, own)] == ["income"], "of the same kind"
    received(agent, demand, "income", received_on=TODAY() - timedelta(days=5))
    assert read_file(neighbour, demand).missing == []
    assert pieces_to_send(demand, own) == []


@pytest.mark.parametrize("paper", ["ordonnance", "", "pregnancy", "owner"])
def test_what_the_list_does_not_open_to_her_is_not_kept_and_the_reason_is_told(
    agent: Principal, paper: str
) -> None:
    demand = make_demand()
    count = demand.documents.count()
    with pytest.raises(ValidationError) as refusal:
        received(agent, demand, paper)
    assert list(refusal.value.message_dict) == ["paper"]
    assert demand.documents.count() == count
    assert not demand.events.filter(kind=EventKind.DOCUMENT_ADDED).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"came_by": "phone"},
        {"came_by": ""},
        {"received_on": date(2001, 1, 1)},
        {"received_on": TODAY() + timedelta(days=1)},
        {"person": 10**9},
    ],
)
def test_what_is_said_of_its_coming_must_be_possible(agent: Principal, wrong: Any) -> None:
    with pytest.raises(ValidationError) as refusal:
        received(agent, make_demand(), **wrong)
    assert list(refusal.value.message_dict) == list(wrong)


def test_the_same_scan_twice_is_one_document(agent: Principal) -> None:
    demand = make_demand()
    file = scanned(agent)
    assert received(agent, demand, file=file) is not None
    assert received(agent, demand, file=file) is None
    assert received(agent, demand, file=scanned(agent)) is None, "the same bytes, sent again"
    assert demand.documents.filter(kind="tax_notice").count() == 1
    assert demand.events.filter(kind=EventKind.DOCUMENT_ADDED).count() == 1
    assert StoredFile.objects.filter(document=None).count() == 0


def test_a_demand_that_changed_meanwhile_is_compared_again_before_it_is_said_to_conform(
    agent: Principal,
) -> None:
    demand = make_demand()
    with pytest.raises(Conflict):
        received(agent, demand, conforms=True, expected_version=demand.version + 1)
    assert received(agent, demand, expected_version=demand.version + 1) is not None


def test_nobody_else_puts_a_paper_in_nor_a_file_of_somebody_else(
    agent: Principal, neighbour: Principal
) -> None:
    demand = make_demand()
    reader = principal_of(make_member(agent.organisation, "reader"))
    for whoever in (reader, principal_of(demand.account)):
        with pytest.raises(NotAllowed):
            received(whoever, demand, file=scanned(agent))
    with pytest.raises(UploadRefused):
        received(agent, demand, file=scanned(neighbour))


def test_a_demand_closed_by_a_merge_takes_nothing_more(agent: Principal) -> None:
    demand = make_demand()
    Demand.objects.filter(pk=demand.pk).update(state="merged", struck_off_on=TODAY())
    with pytest.raises(TransitionRefused):
        received(agent, demand)


def test_the_room_of_the_applicant_is_hers(agent: Principal, monkeypatch: Any) -> None:
    monkeypatch.setattr("register.services.documents.MAX_DOCUMENTS", 2)
    demand = make_demand()
    demand.documents.all().delete()
    for size in ((40, 30), (40, 31)):
        assert received(agent, demand, file=scanned(agent, size)) is not None
    with pytest.raises(UploadRefused):
        received(agent, demand, file=scanned(agent, (40, 32)))
    upload = SimpleUploadedFile("avis.png", picture("PNG", (40, 33)), "image/png")
    own = principal_of(demand.account)
    assert add_document(principal=own, demand=demand, kind="tax_notice", upload=upload).pk


def test_what_may_be_received_is_what_the_reader_may_know_of(agent: Principal) -> None:
    demand = make_demand()
    offered = {paper.code for paper in papers.receivable(agent, demand)}
    assert {"identity", "tax_notice", "income"} <= offered
    assert not {"pregnancy", "owner"} & offered
