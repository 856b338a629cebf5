"""Tasks at the agents' desk, automatic rules at the manager's: who sees and does what."""

import pytest
from django.urls import reverse

from register.errors import NotAllowed
from register.models import Event, EventKind, OrganisationKind, Role, Task, WebhookEndpoint
from register.selectors.tasks import tags_of, waiting, waiting_on
from register.services.acts import add_note
from register.services.automation import evaluate_event
from register.services.tasks import finish_task, take_task
from tests.factories import (
    make_commune,
    make_demand,
    make_member,
    make_organisation,
    make_user,
    principal_of,
)
from tests.portal.demand import signed_in
from tests.register.automatic import TASK, put_in_force, rule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


@pytest.fixture
def landlord():
    return make_organisation(name="Bailleur Exemple")


@pytest.fixture
def agent(landlord):
    return principal_of(make_member(landlord))


@pytest.fixture
def demand(landlord, agent, tmp_path):
    """A demand with one task for its landlord, a working tag and a second rule being tried."""
    made = make_demand(registered_by=landlord)
    put_in_force(
        tmp_path,
        rule(actions=[TASK, {"do": "label", "tag": "to_call"}]),
        rule("tried", mode="dry_run"),
    )
    evaluate_event(add_note(principal=agent, demand=made, text="Un mot"))
    return made


def people(landlord):
    commune = make_commune("21231", "Dijon")
    town = make_organisation("ville", OrganisationKind.COMMUNE, commune=commune)
    return {
        "agent": principal_of(make_member(landlord)),
        "lead": principal_of(make_member(landlord, Role.LEAD)),
        "reader": principal_of(make_member(landlord, Role.READER)),
        "statistician": principal_of(make_member(landlord, Role.STATISTICS)),
        "other landlord": principal_of(make_member()),
        "town": principal_of(make_member(town)),
        "elsewhere": principal_of(make_member(make_organisation(department="71"))),
        "applicant": principal_of(make_user()),
    }


# who: sees the task, may take and finish it
MATRIX = {
    "agent": (True, True),
    "lead": (True, True),
    "reader": (True, False),
    "statistician": (False, False),
    "other landlord": (False, False),
    "town": (False, False),
    "elsewhere": (False, False),
    "applicant": (False, False),
}


@pytest.mark.parametrize("who", MATRIX)
def test_a_task_is_seen_by_its_organisation_and_done_by_those_who_may_act(who, landlord, demand):
    principal, task = people(landlord)[who], Task.objects.get()
    sees, acts = MATRIX[who]
    lines, count = waiting(principal)
    assert (len(lines), count) == (int(sees), int(sees))
    if acts:
        take_task(principal=principal, task=task)
        finish_task(principal=principal, task=task)
        assert waiting(principal) == ([], 0)
    else:
        for act in (take_task, finish_task):
            with pytest.raises(NotAllowed):
                act(principal=principal, task=task)
        task.refresh_from_db()
        assert (task.taken_by, task.done_at) == (None, None)


def test_a_task_on_a_file_that_was_sealed_since_waits_for_nobody_who_may_not_list_it(agent, demand):
    from register.models import Demand

    assert waiting(agent)[1] == 1
    Demand.objects.filter(pk=demand.pk).update(is_sealed=True)
    from register.services.facts import refresh_facts

    refresh_facts(demand=Demand.objects.get(pk=demand.pk))
    assert waiting(agent) == ([], 0)
    assert waiting_on(agent, demand) == []


def test_an_agent_sees_takes_and_finishes_it_without_a_script(agent, demand):
    client = signed_in(agent.user)
    task = Task.objects.get()
    listed = client.get(reverse("desk:tasks")).content.decode()
    assert "C’est fait" in listed
    shown = client.get(reverse("desk:file", args=[demand.number])).content.decode()
    assert "Attendu de votre organisme" in shown
    assert "Demandeur à appeler" in shown
    assert tags_of(demand) == ["Demandeur à appeler"]
    address = reverse("desk:task", args=[demand.number])
    client.post(address, {"task": task.pk, "do": "take"})
    task.refresh_from_db()
    assert task.taken_by == agent.user
    client.post(address, {"task": task.pk, "do": "finish"})
    task.refresh_from_db()
    assert task.done_by == agent.user
    done = Event.objects.get(kind=EventKind.TASK_DONE)
    assert (done.organisation, done.is_public) == (agent.organisation, False)
    assert "C’est fait" not in client.get(reverse("desk:tasks")).content.decode()
    for wrong in (task.pk, 987_654, "x", ""):
        assert client.post(address, {"task": wrong, "do": "finish"}).status_code == 302
    assert Event.objects.filter(kind=EventKind.TASK_DONE).count() == 1


def test_the_file_keeps_who_took_a_task_and_who_took_it_over(agent, landlord, demand):
    task, colleague = Task.objects.get(), principal_of(make_member(landlord))
    for who in (agent, agent, colleague):
        take_task(principal=who, task=task)
    taken = Event.objects.filter(kind=EventKind.TASK_TAKEN).order_by("pk")
    assert [event.user for event in taken] == [agent.user, colleague.user], "twice is once"
    assert {(event.organisation, event.is_public) for event in taken} == {(landlord, False)}
    assert {event.details["task"] for event in taken} == {task.pk}
    shown = signed_in(agent.user).get(reverse("desk:file", args=[demand.number]))
    assert shown.content.decode().count("Tâche prise en charge") == 2


def test_the_applicant_reads_nothing_of_the_work_between_agents(demand):
    member = make_member(demand.registered_by)
    take_task(principal=principal_of(member), task=Task.objects.get())
    page = signed_in(demand.account).get(f"/mon-espace/{demand.number}/")
    content = page.content.decode()
    assert page.status_code == 200
    assert "Tâche" not in content
    assert "À faire" not in content
    assert "Demandeur à appeler" not in content


def test_the_manager_sees_what_rules_did_and_would_have_done(demand):
    organisation = make_organisation("gestion", OrganisationKind.MANAGER)
    manager = principal_of(make_member(organisation, Role.MANAGER))
    content = signed_in(manager.user).get(reverse("desk:automation")).content.decode()
    assert "auto/one" in content
    assert "à l’essai" in content
    assert "Aurait été fait" in content
    assert "Durand" not in content


def test_the_manager_registers_and_ends_an_endpoint_whose_secret_is_shown_once(landlord):
    organisation = make_organisation("gestion", OrganisationKind.MANAGER)
    client = signed_in(make_member(organisation, Role.MANAGER).user)
    address = reverse("desk:automation")
    form = {"code": "logiciel", "organisation": landlord.pk, "url": "https://exemple.org/recu"}
    for wrong in ("http://exemple.org/", "https://10.0.0.1/", "https://intranet/"):
        assert client.post(address, form | {"url": wrong}).status_code == 422
    shown = client.post(address, form).content.decode()
    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.secret in shown
    assert endpoint.secret not in client.get(address).content.decode()
    assert client.post(address, form).status_code == 422, "a name is taken once"
    for nothing in ("9" * 5000, "²", "-1", ""):
        assert client.post(address, {"end": nothing}).status_code == 302
    client.post(address, {"end": endpoint.pk})
    endpoint.refresh_from_db()
    assert endpoint.ended_at is not None
