"""Applicants read the notes about them once the manager hid what concerns other people."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from portal.space.own_file import own_file_pdf
from register.errors import NotAllowed
from register.models import AccessLog, Demand, EventKind, NotesRequest, OrganisationKind, Role
from register.principals import applicant_principal
from register.selectors.notes_requests import given_notes, kept_notes, latest_request
from register.selectors.own_data import own_data
from register.services.acts import add_note
from register.services.notes_requests import ask_for_notes
from tests.factories import make_demand, make_member, make_organisation, principal_of
from tests.portal.space import page
from tests.portal.space import signed_in as at_home
from tests.register.pdf_text import squeeze, text_of

pytestmark = pytest.mark.django_db

LIST = "/bureau/suivi/notes/"
ABOUT_OTHERS = "Son voisin, M. Durand, boit."
NOTE = f"Reçue au guichet, très inquiète.\n{ABOUT_OTHERS}"


@pytest.fixture
def manager() -> Any:
    return make_member(make_organisation(kind=OrganisationKind.MANAGER), Role.MANAGER)


@pytest.fixture
def demand(agent: Any) -> Demand:
    """With a note open to all who read notes, and one kept by the body that wrote it."""
    demand = make_demand(registered_by=agent.organisation)
    for text, to in ((NOTE, ""), ("À revoir entre nous.", "us")):
        add_note(principal=principal_of(agent), demand=demand, text=text, to=to)
    return demand


def asked(demand: Demand) -> NotesRequest:
    return ask_for_notes(principal=principal_of(demand.account), demand=demand)


def answer(client: Client, request: NotesRequest, **told: str) -> Any:
    shown = client.get(f"{LIST}{request.pk}/")
    read = shown.context["form"].keys
    return client.post(f"{LIST}{request.pk}/", {"read": read, **told})


def field(demand: Demand) -> str:
    first = demand.events.filter(kind=EventKind.NOTE).order_by("pk")[0]
    return f"hide_{first.pk}"


def test_the_applicant_asks_once_and_reads_when_she_will_be_answered(demand: Demand) -> None:
    client = at_home(demand.account)
    assert "Demander les notes" in client.get(page(demand, "access")).text
    for _time in range(2):
        assert client.post(page(demand, "ask-notes")).status_code == 302
    assert NotesRequest.objects.count() == 1
    shown = client.get(page(demand, "access")).text
    assert "Demander les notes" not in shown
    assert own_data(demand)["internal_notes"]["asked_at"]
    assert own_data(demand)["internal_notes"]["notes"] == []


def test_the_manager_gives_every_note_without_what_concerns_other_people(
    demand: Demand, manager: Any, sign_in: Any
) -> None:
    request, client = asked(demand), sign_in(manager)
    assert f"{LIST}{request.pk}/" in client.get(LIST).text
    shown = client.get(f"{LIST}{request.pk}/").text
    assert ABOUT_OTHERS in shown
    assert "À revoir entre nous." in shown
    assert AccessLog.objects.filter(demand=demand, user=manager.user).exists()
    told = {field(demand): ABOUT_OTHERS, "because": "Concerne un voisin."}
    assert answer(client, request, **told).status_code == 302
    given = own_data(demand)["internal_notes"]
    assert [each["text"] for each in given["notes"]] == [
        "Reçue au guichet, très inquiète.\n[…]",
        "À revoir entre nous.",
    ]
    assert given["hidden_because"] == "Concerne un voisin."
    with override("fr"):
        paper = text_of(own_file_pdf(applicant_principal(demand.account), demand))
    assert squeeze("Reçue au guichet") in paper
    assert "Durand" not in paper
    home = at_home(demand.account)
    assert "Concerne un voisin." in home.get(page(demand, "messages")).text
    assert "Durand" not in home.get(page(demand, "data")).content.decode()
    assert demand.events.filter(kind=EventKind.MESSAGE_SENT).exists()
    assert client.get(f"{LIST}{request.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("passage", "because", "at_fault"),
    [(ABOUT_OTHERS, "", "because"), ("Autre chose", "Concerne un voisin.", "hide")],
)
def test_a_passage_is_hidden_for_a_reason_and_as_it_is_in_the_note(
    demand: Demand, manager: Any, sign_in: Any, passage: str, because: str, at_fault: str
) -> None:
    request, client = asked(demand), sign_in(manager)
    refused = answer(client, request, **{field(demand): passage, "because": because})
    assert refused.status_code == 422
    assert passage in refused.text
    assert any(name.startswith(at_fault) for name in refused.context["form"].errors)
    assert NotesRequest.objects.get().answered_at is None


def test_a_note_written_meanwhile_is_read_before_it_is_given(
    demand: Demand, manager: Any, agent: Any, sign_in: Any
) -> None:
    request, client = asked(demand), sign_in(manager)
    read = client.get(f"{LIST}{request.pk}/").context["form"].keys
    add_note(principal=principal_of(agent), demand=demand, text="Encore un mot.")
    refused = client.post(f"{LIST}{request.pk}/", {"read": read})
    assert refused.status_code == 422
    assert "Encore un mot." in refused.text
    assert answer(client, request).status_code == 302
    assert len(own_data(demand)["internal_notes"]["notes"]) == 3


def test_what_is_written_after_the_answer_is_not_in_it_and_may_be_asked_for(
    demand: Demand, manager: Any, agent: Any, sign_in: Any
) -> None:
    assert answer(sign_in(manager), asked(demand)).status_code == 302
    add_note(principal=principal_of(agent), demand=demand, text="Encore un mot.")
    assert len(own_data(demand)["internal_notes"]["notes"]) == 2
    assert asked(demand).answered_at is None


def test_nobody_else_reads_them_that_way(demand: Demand, agent: Any, sign_in: Any) -> None:
    request = asked(demand)
    officer = make_member(make_organisation(kind=OrganisationKind.MANAGER), Role.DATA_PROTECTION)
    for member in (agent, officer):
        client = sign_in(member)
        missing = client.get(f"{LIST}987654321/")
        for found in (client.get(f"{LIST}{request.pk}/"), missing):
            assert found.status_code in (403, 404)
        assert client.get(f"{LIST}{request.pk}/").content == missing.content
    with pytest.raises(NotAllowed):
        ask_for_notes(principal=principal_of(make_demand().account), demand=demand)


def test_notes_about_whoever_gave_the_demand_over_are_not_the_heirs(
    demand: Demand, manager: Any, sign_in: Any
) -> None:
    client, request = sign_in(manager), asked(demand)
    assert answer(client, request).status_code == 302
    assert given_notes(demand) is not None
    demand.events.create(kind=EventKind.TRANSFERRED, at=timezone.now())
    assert given_notes(demand) is None
    assert own_data(demand)["internal_notes"]["notes"] == []
    assert kept_notes(demand) == []
    assert latest_request(demand) is None
