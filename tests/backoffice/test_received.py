"""The page "Add a document received": nothing typed or sent is lost, and it is added once."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from register.models import Demand, EventKind, Membership, OrganisationKind, StoredFile
from tests.backoffice.conftest import signed_in
from tests.factories import make_commune, make_demand, make_member, make_organisation
from tests.faults.corpus import picture
from tests.register.test_household_events import couple


def scan(name: str = "avis.png", size: tuple[int, int] = (40, 30)) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture("PNG", size), "image/png")


def said(demand: Demand, **more: Any) -> dict[str, Any]:
    told = {
        "version": demand.version,
        "paper": "tax_notice",
        "person": demand.persons.order_by("pk")[0].pk,
        "came_by": "letter",
        "received_on": timezone.localdate().isoformat(),
    }
    return {**told, **more}


def signed_in_as(demand: Demand) -> Client:
    """The browser of the applicant."""
    client = Client()
    client.force_login(demand.account)
    return client


def address(demand: Demand) -> str:
    return f"/bureau/dossiers/{demand.number}/documents/recu/"


@pytest.fixture(autouse=True)
def _store(tmp_path: Any, settings: Any) -> None:
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def demand() -> Demand:
    return make_demand()


def test_the_file_offers_it_and_tells_it_once_it_is_there(
    agent: Membership, demand: Demand
) -> None:
    client, file = signed_in(agent), f"/bureau/dossiers/{demand.number}/"
    assert address(demand) in client.get(file).content.decode()
    page = client.get(address(demand)).content.decode()
    assert "10 Mo" in page, "the limits are told before"
    assert "data-pieces" in page
    answer = client.post(address(demand), said(demand, scan=scan()))
    assert answer["Location"] == file
    shown = client.get(file).content.decode()
    assert f"déposée par {agent.organisation.short_name}" in shown
    assert "Par courrier" in shown
    own = signed_in_as(demand).get(f"/mon-espace/{demand.number}/").content.decode()
    assert "que vous aviez envoyée par courrier" in own
    papers = signed_in_as(demand).get(f"/mon-espace/{demand.number}/documents/").content.decode()
    assert "déposée par Bailleur de test" in papers


def test_a_mistake_elsewhere_loses_neither_the_file_nor_what_was_typed(
    agent: Membership, demand: Demand
) -> None:
    client = signed_in(agent)
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    wrong = client.post(address(demand), said(demand, scan=scan(), received_on=tomorrow))
    told = wrong.content.decode()
    assert wrong.status_code == 422
    assert "avis.png" in told
    assert tomorrow in told
    kept = StoredFile.objects.get(document=None)
    again = client.post(address(demand), said(demand, kept=str(kept.pk)))
    assert again.status_code == 302
    assert demand.documents.get(kind="tax_notice").stored_file == kept
    twice = client.post(address(demand), said(demand, kept=str(kept.pk)))
    assert twice.status_code == 302
    assert demand.events.filter(kind=EventKind.DOCUMENT_ADDED).count() == 1


def test_each_thing_that_is_wrong_is_told_beside_its_field(
    agent: Membership, demand: Demand
) -> None:
    client = signed_in(agent)
    trap = SimpleUploadedFile("piege.pdf", b"MZ not a paper", "application/pdf")
    day = timezone.localdate().isoformat()
    for wrong, field in (
        ({}, "scan"),
        ({"scan": trap}, "scan"),
        ({"scan": scan(), "paper": "ordonnance"}, "paper"),
        ({"scan": scan(), "came_by": "x"}, "came_by"),
        ({"scan": scan(), "valid_until": day}, "valid_until"),
        ({"scan": scan(), "valid_until": "2001-01-01", "conforms": "on"}, "valid_until"),
        ({"scan": scan(), "person": "x"}, "person"),
        ({"scan": scan(), "conforms": "on", "version": 0}, "conforms"),
    ):
        answer = client.post(address(demand), said(demand, **wrong))
        assert answer.status_code == 422, wrong
        assert f'id="id_{field}_error"' in answer.content.decode(), wrong
    assert demand.documents.count() == 1
    page = client.post(address(demand), said(demand, scan=scan(), conforms="on", version=0))
    assert f'name="version" value="{demand.version}"' in page.content.decode(), "read again"


def test_what_is_valid_in_the_file_is_said_to_be_so(agent: Membership, demand: Demand) -> None:
    client = signed_in(agent)
    client.post(address(demand), said(demand, scan=scan(), conforms="on"))
    assert "(valable dans le dossier)" in client.get(address(demand)).content.decode()


def test_who_may_not_check_documents_finds_nothing_there(
    reader: Membership, commune_agent: Membership, demand: Demand
) -> None:
    for member in (reader, commune_agent):
        client = signed_in(member)
        absent = client.get(address(demand).replace(demand.number, "absent"))
        for answer in (client.get(address(demand)), client.post(address(demand), said(demand))):
            assert (answer.status_code, answer.content) == (404, absent.content)
        assert (
            address(demand) not in client.get(f"/bureau/dossiers/{demand.number}/").content.decode()
        )


def test_who_may_not_read_resources_is_offered_no_paper_that_tells_them(demand: Demand) -> None:
    """Whether it is in the file or not."""
    body = make_organisation("ville", OrganisationKind.COMMUNE, commune=make_commune())
    client = signed_in(make_member(body))
    page = client.get(address(demand)).content.decode()
    assert 'value="identity"' in page
    assert 'value="tax_notice"' not in page
    answer = client.post(address(demand), said(demand, scan=scan()))
    assert answer.status_code == 422
    assert not demand.documents.filter(kind="tax_notice").exists()


def test_scans_are_sent_in_pieces_by_whoever_may_add_one(
    agent: Membership, reader: Membership
) -> None:
    begun = {"name": "p.pdf", "size": 9, "fingerprint": "0123456789abcdef"}
    assert signed_in(agent).post("/bureau/saisie/envois/", begun).status_code == 201
    assert signed_in(reader).post("/bureau/saisie/envois/", begun).status_code == 404


def test_a_paper_of_each_adult_says_whose_it_is(agent: Membership) -> None:
    demand = couple()
    first = demand.persons.order_by("pk").first()
    client = signed_in(agent)
    answer = client.post(address(demand), said(demand, scan=scan(), person=""))
    assert 'id="id_person_error"' in answer.content.decode()
    assert (
        client.post(address(demand), said(demand, scan=scan(), person=first.pk)).status_code == 302
    )
    document = demand.documents.get(kind="tax_notice")
    assert document.person == first


def test_another_landlord_that_asks_for_it_is_told_who_has_it_and_keeps_her_words(
    agent: Membership, demand: Demand
) -> None:
    signed_in(agent).post(address(demand), said(demand, scan=scan(), conforms="on"))
    demand.refresh_from_db()
    other = signed_in(make_member(make_organisation("autre", name="Autre bailleur")))
    act = f"/bureau/dossiers/{demand.number}/actes/piece/"
    asked = {"version": demand.version, "piece": "tax_notice", "text": "Merci d’envoyer l’avis."}
    answer = other.post(act, asked)
    told = answer.content.decode()
    assert answer.status_code == 422
    assert "R441-2-4-1" in told
    assert str(agent.user) in told
    assert "Merci d’envoyer l’avis." in told
    assert not demand.events.filter(kind=EventKind.PIECE_REQUESTED).exists()
