"""The manager's page of letters: reading changes nothing, posting does, once."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from register.models import (
    AccessLog,
    Delivery,
    EffectKind,
    OrganisationKind,
    Outbox,
    PrintRun,
    Role,
)
from register.services import printing
from tests.factories import ONE_PAGE, make_demand, make_member, make_organisation

pytestmark = pytest.mark.django_db
PAGE = "/bureau/suivi/courriers/"


@pytest.fixture(autouse=True)
def typeset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "letter_of", lambda _letter: ONE_PAGE)


@pytest.fixture
def manager(sign_in: Any) -> Client:
    body = make_organisation(kind=OrganisationKind.MANAGER)
    client: Client = sign_in(make_member(body, Role.MANAGER))
    return client


@pytest.fixture
def letter() -> Outbox:
    now = timezone.now()
    dates = {"created_at": now, "not_before": now, "done_at": now}
    return Outbox.objects.create(key="k", kind=EffectKind.LETTER, demand=make_demand(), **dates)


def test_letters_are_put_together_downloaded_and_told_as_posted(
    manager: Client, letter: Outbox
) -> None:
    assert "1 courrier attend" in manager.get(PAGE).text
    assert not PrintRun.objects.exists()
    assert manager.post(PAGE).status_code == 302
    run = PrintRun.objects.get()
    assert "0 sur 1" in manager.get(PAGE).text
    assert manager.get(f"{PAGE}{run.pk}/lettres.pdf").status_code == 404
    printing.take_turn()
    answers = [manager.get(f"{PAGE}{run.pk}/lettres.pdf") for _each in range(2)]
    first, again = (b"".join(answer.streaming_content) for answer in answers)
    assert first == again
    assert first.startswith(b"%PDF")
    letter.refresh_from_db()
    assert letter.delivery == ""
    assert AccessLog.objects.filter(demand=letter.demand, purpose="export").count() == 2
    assert manager.get(f"{PAGE}{run.pk}/imprimes/").status_code == 405
    manager.post(f"{PAGE}{run.pk}/imprimes/")
    letter.refresh_from_db()
    assert letter.delivery == Delivery.PRINTED
    assert "Imprimés et postés" in manager.get(PAGE).text


def test_a_letter_that_came_back_is_found_by_the_number_at_its_foot(
    manager: Client, letter: Outbox
) -> None:
    unknown = manager.post(f"{PAGE}retour/", {"number": letter.demand.number})
    assert unknown.status_code == 422
    assert letter.demand.number in unknown.text
    Outbox.objects.update(delivery=Delivery.PRINTED)
    manager.post(f"{PAGE}retour/", {"number": letter.demand.number})
    letter.refresh_from_db()
    assert letter.delivery == Delivery.BOUNCED


def test_an_agent_has_no_such_page(agent: Any, sign_in: Any, letter: Outbox) -> None:
    client = sign_in(agent)
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE).status_code == 404
    assert not PrintRun.objects.exists()
