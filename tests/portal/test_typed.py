"""What the applicant typed in her space before her session ended is there after she signed in."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from register.models import Demand
from tests.factories import ONE_PAGE
from tests.portal.demand import page_state
from tests.portal.space import page, read, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
WORDS = "Je change de travail en mars"


@pytest.fixture
def client(demand: Demand) -> Client:
    return signed_in(demand.account)


def sent_signed_out(client: Client, address: str, demand: Demand, **typed: Any) -> str:
    """The page once she is signed in again."""
    state = page_state(client, address)
    client.logout()
    asked = client.post(address, {**typed, "page_state": state})
    assert asked["Location"] == f"/compte/login/?next={address}"
    client.force_login(demand.account)
    return read(client, address)


def test_each_page_where_she_writes_gives_back_what_she_wrote_and_sends_nothing(
    demand: Demand, client: Client
) -> None:
    before = demand.events.count()
    changing = page(demand, "summary") + "coordonnees-adresse/"
    for address, typed in (
        (page(demand, "messages"), {"body": WORDS}),
        (page(demand, "corrections"), {"about": "", "text": WORDS}),
        (page(demand, "mandates"), {"helper_email": "camille@example.org", "months": "6"}),
        (changing, {"city": "Longvic", "seen": "{}"}),
    ):
        shown = sent_signed_out(client, address, demand, **typed)
        assert next(value for value in typed.values() if value) in shown
    assert demand.events.count() == before
    text = read(client, page(demand, "messages"))
    assert WORDS not in text


def test_a_choice_comes_back_and_a_file_is_to_be_chosen_again(
    demand: Demand, client: Client
) -> None:
    papers = demand.documents.count()
    text = sent_signed_out(client, page(demand, "preferences"), demand, accepts_sms="on")
    [box] = re.findall(r'<input[^>]*name="accepts_sms"[^>]*>', text)
    assert "checked" in box
    file = SimpleUploadedFile("avis.pdf", ONE_PAGE, content_type="application/pdf")
    text = sent_signed_out(client, page(demand, "documents"), demand, kind="identity", upload=file)
    assert "choisissez-le de nouveau" in text
    assert demand.documents.count() == papers


def test_a_button_of_an_address_that_only_receives_leads_back_to_its_page(
    demand: Demand, client: Client
) -> None:
    client.logout()
    ended = client.post(page(demand, "mandates") + "1/fin/")
    assert ended["Location"] == f"/compte/login/?next={page(demand, 'mandates')}"
