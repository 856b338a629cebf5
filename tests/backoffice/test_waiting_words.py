"""The desk shows what applicants wrote or sent, leads to it, and lets an agent set it aside."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from register.models import Demand, Event, EventKind, Membership, Message, OrganisationKind, Role
from register.services.acts import send_message
from tests.factories import make_demand, make_member, make_organisation, principal_of

pytestmark = pytest.mark.django_db
TASKS = "/bureau/taches/"


@pytest.fixture
def demand(landlord: Any) -> Demand:
    """With an identity document to be checked."""
    return make_demand(registered_by=landlord, last_name="Aubert")


def write(demand: Demand, body: str = "Où en est ma demande ?") -> Message:
    applicant = principal_of(demand.account)
    event = send_message(principal=applicant, demand=demand, body=body)
    return Message.objects.get(pk=event.details["message"])


def file_of(demand: Demand) -> str:
    return f"/bureau/dossiers/{demand.number}/"


def test_an_empty_list_says_what_will_come_there(agent: Membership, sign_in: Any) -> None:
    text = sign_in(agent).get(TASKS).text
    assert "Écrit ou envoyé par les demandeurs" in text
    assert "Ce que les demandeurs écrivent ou envoient arrive ici" in text


def test_each_line_leads_to_the_right_place_of_the_file(
    agent: Membership, sign_in: Any, demand: Demand
) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=3)):
        message = write(demand)
    document = demand.documents.get()
    client = sign_in(agent)
    text = client.get(TASKS).text
    assert "Aubert" in text
    assert "1 demande attend une réponse ou la vérification d’un document." in text
    assert "depuis 3 jours" in text
    assert "Où en est ma demande ?" in text
    file = client.get(file_of(demand)).text
    for anchor in (f"message-{message.sent_at:%Y%m%d%H%M%S%f}", f"document-{document.pk}"):
        assert f'href="{file_of(demand)}#{anchor}"' in text
        assert f'id="{anchor}"' in file


def test_the_file_marks_what_waits_until_it_is_answered(
    agent: Membership, sign_in: Any, demand: Demand
) -> None:
    write(demand)
    client = sign_in(agent)
    text = client.get(file_of(demand)).text
    assert "Le demandeur attend une réponse" in text
    # On the message, and in the list of the parts of the file.
    assert text.count("Attend une réponse") == 2
    assert 'href="#act-message"' in text
    assert 'href="#act-no-answer"' in text
    send_message(principal=principal_of(agent), demand=demand, body="Elle est complète.")
    text = client.get(file_of(demand)).text
    assert "ttend une réponse" not in text
    assert "act-no-answer" not in text


def test_an_agent_says_that_nothing_is_to_answer_and_the_applicant_reads_nothing_of_it(
    agent: Membership, sign_in: Any, demand: Demand
) -> None:
    write(demand, "Merci beaucoup !")
    client = sign_in(agent)
    address = f"{file_of(demand)}actes/no-answer/"
    version = Demand.objects.get(pk=demand.pk).version
    answer = client.post(address, {"version": version}, follow=True)
    assert "n’attend plus de réponse" in answer.text
    assert "Rien à répondre" in answer.text, "the history of the file says so"
    assert "Merci beaucoup" not in client.get(TASKS).text
    assert Event.objects.get(kind=EventKind.NOTHING_TO_ANSWER).user == agent.user
    client.force_login(demand.account)
    assert "Rien à répondre" not in client.get(f"/mon-espace/{demand.number}/").text


def test_words_written_since_the_page_was_opened_are_shown_before_anything_is_set_aside(
    agent: Membership, sign_in: Any, demand: Demand
) -> None:
    write(demand, "Merci !")
    version = Demand.objects.get(pk=demand.pk).version
    write(demand, "Ah, une question…")
    answer = sign_in(agent).post(f"{file_of(demand)}actes/no-answer/", {"version": version})
    assert answer.status_code == 409
    assert not Message.objects.filter(taken_up_at__isnull=False).exists()


def test_a_reader_sees_what_waits_and_sets_nothing_aside(
    reader: Membership, sign_in: Any, demand: Demand
) -> None:
    write(demand)
    client = sign_in(reader)
    assert "Où en est ma demande ?" in client.get(TASKS).text
    assert "act-no-answer" not in client.get(file_of(demand)).text
    address = f"{file_of(demand)}actes/no-answer/"
    assert client.post(address, {"version": 1}).status_code == 404


def test_the_manager_reads_which_bodies_leave_words_unanswered_and_no_name(
    agent: Membership, sign_in: Any, demand: Demand
) -> None:
    manager = make_member(make_organisation("gestion", OrganisationKind.MANAGER), Role.MANAGER)
    client = sign_in(manager)
    write(demand)
    assert "Aucun depuis plus de 15 jours." in client.get("/bureau/suivi/").text
    Message.objects.update(sent_at=timezone.now() - timedelta(days=16))
    text = client.get("/bureau/suivi/").text
    assert client.get("/bureau/suivi/").context["follow_up"].unanswered == [("bailleur-test", 1)]
    assert "Messages de demandeurs restés sans réponse" in text
    assert "Aubert" not in text
