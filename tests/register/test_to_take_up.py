"""What an applicant writes or sends waits for somebody, until it is taken up."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from register import codes
from register.errors import Conflict, NotAllowed, TransitionRefused
from register.models import (
    Demand,
    DemandState,
    Document,
    Event,
    EventKind,
    Mandate,
    Message,
    OrganisationKind,
    Role,
)
from register.principals import Principal
from register.selectors.to_take_up import MOST_SHOWN, late_by_body, waiting, words_on
from register.services import acts, corrections, documents, messages, strike_off
from register.services.facts import refresh_facts
from register.services.moments import evaluate_moments
from tests.factories import (
    make_commune,
    make_demand,
    make_member,
    make_organisation,
    make_stored_file,
    make_user,
    principal_of,
)
from tests.faults.corpus import picture
from tests.register.automatic import put_in_force, rule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
BEAUNE = "21054"


@pytest.fixture
def agent() -> Principal:
    return principal_of(make_member(make_organisation("gdh", short_name="GDH")))


@pytest.fixture
def neighbour() -> Principal:
    """An agent of another landlord, who opens the same files."""
    return principal_of(make_member(make_organisation("autre", short_name="Autre")))


@pytest.fixture
def manager() -> Principal:
    body = make_organisation("gestion", OrganisationKind.MANAGER)
    return principal_of(make_member(body, Role.MANAGER))


@pytest.fixture
def demand(agent: Principal) -> Demand:
    """Registered at the agent's counter, with nothing to check."""
    return make_demand(registered_by=agent.organisation, with_identity=False)


def write(demand: Demand, body: str = "Où en est ma demande ?") -> Event:
    return acts.send_message(principal=principal_of(demand.account), demand=demand, body=body)


def sent(demand: Demand, kind: str = "identity", days: int = 0) -> Document:
    at = timezone.now() - timedelta(days=days)
    stored = make_stored_file(demand.account)
    return Document.objects.create(demand=demand, kind=kind, stored_file=stored, added_at=at)


def told(principal: Principal) -> list[str]:
    """What waits for her, in words: texts of messages and kinds of papers."""
    found, count, _more = waiting(principal)
    assert len(found) == count
    return [
        each
        for line in found
        for each in (*(w.text for w in line.words), *(p.document.kind for p in line.papers))
    ]


def test_words_that_answer_nobody_wait_for_the_bodies_in_charge(
    agent: Principal, neighbour: Principal, manager: Principal, demand: Demand
) -> None:
    write(demand, "Bonjour ?")
    assert told(agent) == ["Bonjour ?"]
    assert told(manager) == ["Bonjour ?"], "who sees what waits for anybody"
    assert told(neighbour) == []
    assert told(principal_of(demand.account)) == [], "the applicant has no such list"


def test_words_sent_online_wait_for_the_counters_of_the_first_wished_commune() -> None:
    beaune = make_commune(BEAUNE, "Beaune", epci="200006682", postal_code="21200")
    town = make_organisation("beaune", OrganisationKind.COMMUNE, commune=beaune)
    demand = make_demand(communes=(BEAUNE,), with_identity=False)
    other = make_demand(with_identity=False)
    write(demand, "De Beaune")
    write(other, "De Dijon")
    assert told(principal_of(make_member(town))) == ["De Beaune"]


def test_words_wait_for_the_last_body_that_asked_something(
    agent: Principal, neighbour: Principal, demand: Demand
) -> None:
    acts.send_message(principal=agent, demand=demand, body="Êtes-vous joignable ?")
    acts.request_piece(principal=neighbour, demand=demand, piece="tax_notice")
    write(demand, "Je vous l’envoie demain.")
    assert told(neighbour) == ["Je vous l’envoie demain."]
    assert told(agent) == []
    assert [line.bodies for line in waiting(neighbour)[0]] == [["Autre"]]


def test_words_for_a_body_that_left_wait_for_those_in_charge(
    agent: Principal, neighbour: Principal, demand: Demand
) -> None:
    acts.send_message(principal=neighbour, demand=demand, body="Êtes-vous joignable ?")
    write(demand, "Oui.")
    assert told(agent) == []
    neighbour.organisation.agreements.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert told(agent) == ["Oui."]


ANSWERS: dict[str, Callable[..., Any]] = {
    "a message": lambda **of: acts.send_message(body="Voici.", **of),
    "a call": lambda **of: acts.record_contact(channel="phone", text="Rappelée.", **of),
    "a request for a paper": lambda **of: acts.request_piece(piece="tax_notice", **of),
    "a request to correct": lambda **of: corrections.ask_correction(
        about="logement-souhaite-elargir.widening", text="Précisez.", **of
    ),
    "nothing to answer": lambda **of: messages.leave_unanswered(**of),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_whoever_speaks_with_her_takes_up_what_she_wrote(
    answer: str, agent: Principal, manager: Principal, demand: Demand
) -> None:
    write(demand)
    write(demand, "Et encore ceci.")
    ANSWERS[answer](principal=agent, demand=demand)
    assert told(agent) == told(manager) == []
    assert words_on(demand) == []
    write(demand, "Merci, mais…")
    assert told(agent) == ["Merci, mais…"]


@pytest.mark.parametrize("role", ["neighbour", "manager"])
def test_words_that_answer_a_body_are_taken_up_by_it_or_by_the_manager(
    role: str, request: Any, agent: Principal, demand: Demand
) -> None:
    acts.send_message(principal=agent, demand=demand, body="Êtes-vous joignable ?")
    write(demand, "Au 06.")
    who = request.getfixturevalue(role)
    acts.send_message(principal=who, demand=demand, body="Un logement vous intéresse-t-il ?")
    assert told(agent) == ([] if role == "manager" else ["Au 06."])


def test_any_body_takes_up_words_that_answer_none(
    agent: Principal, neighbour: Principal, demand: Demand
) -> None:
    write(demand)
    acts.send_message(principal=neighbour, demand=demand, body="Elle est complète.")
    assert told(agent) == []


def test_checking_a_paper_or_keeping_a_note_answers_nobody(
    agent: Principal, demand: Demand
) -> None:
    paper = sent(demand)
    write(demand, "Et pour mon fils ?")
    documents.verify_document(principal=agent, demand=demand, document=paper)
    acts.add_note(principal=agent, demand=demand, text="Un mot")
    assert told(agent) == ["Et pour mon fils ?"]


def test_an_automatic_rule_takes_up_nothing(
    agent: Principal, demand: Demand, tmp_path: Path
) -> None:
    reminder = {"do": "message", "from": "acting", "letter": "piece_reminder"}
    delay = {"event": "piece_requested", "after": {"value": 15, "unit": "days"}}
    put_in_force(tmp_path, rule(trigger=delay, actions=[reminder]))
    acts.request_piece(principal=agent, demand=demand, piece="tax_notice")
    write(demand, "Et pour mon fils ?")
    evaluate_moments(timezone.localdate() + timedelta(days=15))
    assert demand.messages.filter(organisation=agent.organisation, author=None).exists()
    assert told(agent) == ["Et pour mon fils ?"]


def test_that_nothing_is_to_answer_is_written_for_agents_alone(
    agent: Principal, demand: Demand
) -> None:
    write(demand)
    event = messages.leave_unanswered(principal=agent, demand=demand)
    assert (event.kind, event.is_public) == (EventKind.NOTHING_TO_ANSWER, False)
    assert (event.user, event.organisation) == (agent.user, agent.organisation)
    assert Message.objects.get().taken_up_at == event.at
    with pytest.raises(TransitionRefused):
        messages.leave_unanswered(principal=agent, demand=demand)


def test_nobody_else_may_say_that_nothing_is_to_answer(
    agent: Principal, neighbour: Principal, demand: Demand
) -> None:
    write(demand)
    for stranger in (
        principal_of(demand.account),
        principal_of(make_user()),
        principal_of(make_member(make_organisation(department="71"))),
        principal_of(make_member(agent.organisation, Role.READER)),
    ):
        with pytest.raises(NotAllowed):
            messages.leave_unanswered(principal=stranger, demand=demand)
    with pytest.raises(TransitionRefused):
        messages.leave_unanswered(principal=neighbour, demand=demand)
    assert told(agent)


def test_words_written_meanwhile_are_not_left_unread(agent: Principal, demand: Demand) -> None:
    write(demand)
    seen = Demand.objects.get(pk=demand.pk).version
    write(demand, "Attendez, j’oubliais…")
    with pytest.raises(Conflict):
        messages.leave_unanswered(principal=agent, demand=demand, expected_version=seen)
    assert len(told(agent)) == 2


def test_a_paper_waits_until_somebody_checked_it_whoever(
    agent: Principal, neighbour: Principal, manager: Principal, demand: Demand
) -> None:
    asked = make_demand(registered_by=agent.organisation, with_identity=False)
    acts.request_piece(principal=neighbour, demand=asked, piece="tax_notice")
    for_neighbour = sent(asked, "tax_notice", days=-1)
    for_agent = sent(demand)
    assert (told(agent), told(neighbour)) == (["identity"], ["tax_notice"])
    assert told(manager) == ["identity", "tax_notice"]
    documents.verify_document(principal=agent, demand=asked, document=for_neighbour)
    documents.refuse_document(
        principal=neighbour, demand=demand, document=for_agent, reason="Illisible"
    )
    assert told(agent) == told(neighbour) == told(manager) == []


def test_a_paper_says_that_the_helper_sent_it(agent: Principal, demand: Demand) -> None:
    helper, today = make_user(), timezone.localdate()
    Mandate.objects.create(
        demand=demand, helper=helper, starts_on=today, ends_on=today, scope="answer"
    )
    for who, width in ((demand.account, 120), (helper, 140)):
        upload = SimpleUploadedFile("carte.jpg", picture(size=(width, 80)))
        documents.add_document(
            principal=principal_of(who), demand=demand, kind="identity", upload=upload
        )
    [line] = waiting(agent)[0]
    assert [paper.is_by_helper for paper in line.papers] == [False, True]


def test_what_was_written_before_the_end_is_answered_by_it_not_what_follows(
    agent: Principal, demand: Demand
) -> None:
    sent(demand)
    write(demand, "Avant")
    strike_off.strike_off(principal=agent, demand=demand, reason=codes.StrikeOffReason.RENOUNCED)
    assert told(agent) == []
    write(demand, "Je n’ai pas renoncé !")
    assert told(agent) == ["Je n’ai pas renoncé !"]


@pytest.mark.parametrize("state", [DemandState.MERGED, DemandState.ERASED])
def test_nothing_waits_on_a_demand_that_goes_on_elsewhere_or_is_no_more(
    state: str, agent: Principal, demand: Demand
) -> None:
    sent(demand)
    write(demand)
    Demand.objects.filter(pk=demand.pk).update(state=state, struck_off_on=timezone.localdate())
    refresh_facts(demand=Demand.objects.get(pk=demand.pk))
    assert told(agent) == []


def test_what_waits_on_a_sealed_file_is_told_to_those_who_open_it(
    agent: Principal, manager: Principal, demand: Demand
) -> None:
    sent(demand)
    write(demand, "Aidez-moi")
    Demand.objects.filter(pk=demand.pk).update(is_sealed=True)
    refresh_facts(demand=Demand.objects.get(pk=demand.pk))
    assert told(agent) == []
    assert told(manager) == ["Aidez-moi", "identity"]


def test_words_and_papers_that_may_not_be_read_are_not_told(
    agent: Principal, demand: Demand
) -> None:
    sent(demand)
    sent(demand, "income")
    write(demand, "Secret")
    agent.organisation.agreements.update(data_classes=["identity", "documents"])
    reader = principal_of(agent.membership)
    assert told(reader) == ["", "identity"], "her income tells her resources"
    agent.organisation.agreements.update(data_classes=["identity"])
    assert told(principal_of(agent.membership)) == [""]


def test_the_oldest_comes_first_and_how_long_it_waits_is_told(agent: Principal) -> None:
    made = [
        make_demand(registered_by=agent.organisation, with_identity=False) for _each in range(3)
    ]
    for demand, days in zip(made, (2, 9, 4), strict=True):
        with time_machine.travel(timezone.now() - timedelta(days=days)):
            write(demand)
    sent(made[0], days=20)
    found = waiting(agent)[0]
    assert [line.line.demand.pk for line in found] == [made[0].pk, made[1].pk, made[2].pk]
    assert [line.days for line in found] == [20, 9, 4]


def test_as_many_questions_are_asked_of_the_database_however_many_wait(
    agent: Principal, django_assert_max_num_queries: Any
) -> None:
    def more(count: int) -> None:
        for _each in range(count):
            demand = make_demand(registered_by=agent.organisation)
            acts.send_message(principal=agent, demand=demand, body="Bonjour")
            write(demand)

    more(2)
    waiting(agent)
    with django_assert_max_num_queries(100) as few:
        waiting(agent)
    more(5)
    with django_assert_max_num_queries(len(few)):
        found, count, _more = waiting(agent)
    assert (len(found), count) == (7, 7)
    assert len(few) < 45, len(few)


def test_no_more_are_shown_than_a_page_holds(
    agent: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_SHOWN == 100
    monkeypatch.setattr("register.selectors.to_take_up.MOST_SHOWN", 2)
    for _each in range(3):
        write(make_demand(registered_by=agent.organisation, with_identity=False))
    found, count, more = waiting(agent)
    assert (len(found), count, more) == (2, 3, False)
    monkeypatch.setattr("register.selectors.to_take_up.COUNT_CAP", 2)
    assert waiting(agent)[2]


def test_late_words_are_counted_by_body_and_name_nobody(
    agent: Principal, neighbour: Principal, demand: Demand
) -> None:
    for_neighbour = make_demand(registered_by=agent.organisation, with_identity=False)
    acts.send_message(principal=neighbour, demand=for_neighbour, body="Bonjour")
    for each in (demand, for_neighbour):
        write(each)
        write(each, "Toujours rien ?")
    late = Demand.objects.all(), timezone.now() + timedelta(seconds=1)
    assert late_by_body(*late) == [("Autre", 1), ("GDH", 1)]
    assert late_by_body(late[0], timezone.now() - timedelta(days=1)) == []
