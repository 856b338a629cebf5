"""Why somebody sees what they see: told on each file, and to the manager about anybody."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from register import access
from register.models import (
    AccessLog,
    Agreement,
    Demand,
    Event,
    Look,
    LookKind,
    Membership,
    OrganisationKind,
    Role,
)
from register.services.facts import refresh_facts
from register.web.seeing_as import SESSION_KEY
from tests.factories import (
    make_agreement,
    make_commune,
    make_demand,
    make_department,
    make_member,
    make_organisation,
    make_user,
    principal_of,
)
from tests.partition.answers import differences, normalised

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
MACON = "71270"
MISSING, REFUSED, FORBIDDEN = 404, 422, 403


def signed_in(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


@pytest.fixture
def manager() -> Membership:
    return make_member(make_organisation(kind=OrganisationKind.MANAGER), Role.MANAGER)


def text(answer: Any) -> str:
    return answer.content.decode().replace("\u202f", " ").replace("\u00a0", " ")


def test_a_reader_is_told_each_rule_the_agreement_and_the_level_of_each_group() -> None:
    demand, member = make_demand(), make_member(make_organisation(), Role.READER)
    page = text(signed_in(member).get(reverse("desk:why", args=[demand.number])))
    assert "Les bailleurs sociaux consultent les demandes" in page
    assert "Fichier partagé : Côte-d’Or" in page
    assert "Un lecteur consulte, il ne traite pas" in page
    assert "montré sans détail" in page
    assert AccessLog.objects.filter(demand=demand, user=member.user).count() == 1


def test_why_a_file_is_open_tells_nothing_of_what_is_masked() -> None:
    """A file registered here, read under an agreement that masks wishes: in or out of its place."""
    here, elsewhere = make_commune(), make_commune(MACON, department="71")
    body = make_organisation(kind=OrganisationKind.COMMUNE, commune=here, with_agreement=False)
    agreement = make_agreement(body, make_department())
    Agreement.objects.update(data_classes=["identity", "household"])
    agreement.departments.clear()
    agreement.communes.add(here)
    demand = make_demand(registered_by=body)
    client = signed_in(make_member(body, Role.AGENT))

    def read() -> list[Any]:
        addresses = [reverse(name, args=[demand.number]) for name in ("desk:why", "desk:file")]
        return [normalised(client.get(address)) for address in addresses]

    before = read()
    demand.wished_communes.update(commune=elsewhere)
    refresh_facts(demand=demand)
    after = read()
    for one, other in zip(before, after, strict=True):
        assert one[0] == 200
        assert not differences(one, other)
    page = before[0][2].decode()
    assert "rempli" in page
    assert "qui vous sont masquées" in page
    Agreement.objects.update(data_classes=["identity", "household", "wishes"])
    assert "qui vous sont masquées" not in read()[0][2].decode()


def test_a_foreign_number_is_answered_as_one_that_nobody_has() -> None:
    make_department("71", "Saône-et-Loire")
    make_commune(MACON, "Mâcon", epci="200070308", department="71")
    foreign = make_demand(communes=(MACON,), department="71")
    client = signed_in(make_member())
    theirs = client.get(reverse("desk:why", args=[foreign.number]))
    nobody = client.get(reverse("desk:why", args=["021010199999999999"]))
    assert theirs.status_code == nobody.status_code == MISSING
    assert theirs.content == nobody.content


def test_an_empty_search_tells_the_perimeter_whether_or_not_something_is_hidden() -> None:
    make_demand()
    client = signed_in(make_member())
    first = client.get("/bureau/?state=struck_off")
    assert "Fichier partagé : Côte-d’Or" in text(first)
    for told in ("Ces règles en retirent des demandes", "n’ouvrent rien aujourd’hui"):
        assert told in text(first)
    before = normalised(first)
    make_department("71", "Saône-et-Loire")
    make_demand(communes=(MACON,), department="71")
    make_demand(is_sealed=True)
    assert normalised(client.get("/bureau/?state=struck_off")) == before


def test_the_manager_has_somebodys_access_explained_and_it_is_written_down(
    manager: Membership,
) -> None:
    demand = make_demand()
    stranger = make_member(make_organisation(department="71"))
    answer = signed_in(manager).post(
        reverse("desk:oversight_explain"),
        {"explain-member": stranger.pk, "explain-number": demand.number},
    )
    assert answer.status_code == 200
    assert "Dossier fermé" in text(answer)
    look = Look.objects.get()
    assert (look.kind, look.subject, look.demand) == (LookKind.EXPLAIN, stranger, demand)
    assert AccessLog.objects.get(demand=demand).user == manager.user


def test_a_number_the_manager_may_not_open_is_not_explained(manager: Membership) -> None:
    make_department("71", "Saône-et-Loire")
    foreign = make_demand(communes=(MACON,), department="71")
    client = signed_in(manager)
    answers = [
        client.post(
            reverse("desk:oversight_explain"),
            {"explain-member": manager.pk, "explain-number": number},
        )
        for number in (foreign.number, "021010199999999999")
    ]
    assert {answer.status_code for answer in answers} == {REFUSED}
    assert not Look.objects.exists()


def see_as(client: Client, member: Membership, reason: str = "Vérification") -> Any:
    data = {"see-member": member.pk, "see-reason": reason}
    return client.post(reverse("desk:seeing_as"), data)


def test_the_manager_sees_as_somebody_what_both_may_see_and_writes_nothing(
    manager: Membership,
) -> None:
    make_department("71", "Saône-et-Loire")
    here, sealed = make_demand(), make_demand(is_sealed=True)
    elsewhere = make_demand(communes=(MACON,), department="71")
    both = make_organisation()
    both.agreements.get().departments.add("71")
    both.stock.create(department_id="71", homes=3)
    member, client = make_member(both, Role.AGENT), signed_in(manager)
    assert see_as(client, member).status_code == 302
    page = client.get(reverse("desk:worklist"))
    assert "Vous voyez le fichier comme" in text(page)
    assert here.number in page.content.decode()
    for hidden in (sealed, elsewhere):
        assert client.get(reverse("desk:file", args=[hidden.number])).status_code == MISSING
    assert client.get(reverse("desk:file", args=[here.number])).status_code == 200
    log = AccessLog.objects.get(demand=here)
    assert (log.user, log.organisation) == (manager.user, manager.organisation)
    events = Event.objects.count()
    act = reverse("desk:act", args=[here.number, "note"])
    refused = client.post(act, {"version": here.version, "text": "x"})
    assert refused.status_code == FORBIDDEN
    assert client.get(reverse("desk:export", args=["csv"])).status_code == FORBIDDEN
    assert client.get(reverse("desk:follow_up")).status_code == MISSING
    assert Event.objects.count() == events
    assert Look.objects.get().reason == "Vérification"
    client.post(reverse("desk:seeing_as_end"))
    assert client.get(reverse("desk:file", args=[sealed.number])).status_code == 200


@pytest.mark.parametrize("ended", ["time", "manager", "member"])
def test_seeing_as_ends_with_its_time_and_with_the_rights_of_either(
    manager: Membership, ended: str
) -> None:
    make_demand()
    member, client = make_member(), signed_in(manager)
    see_as(client, member)
    yesterday = timezone.localdate() - timedelta(days=1)
    if ended == "time":
        session = client.session
        session[SESSION_KEY] = {
            **session[SESSION_KEY],
            "until": (timezone.now() - timedelta(seconds=1)).isoformat(),
        }
        session.save()
    else:
        row = manager if ended == "manager" else member
        Membership.objects.filter(pk=row.pk).update(ends_on=yesterday)
    answer = client.get(reverse("desk:worklist"))
    assert "Vous voyez le fichier comme" not in text(answer)


def test_a_session_that_forges_the_key_sees_as_nobody() -> None:
    member = make_member(make_organisation(), Role.LEAD)
    other = make_member(make_organisation(department="71"))
    client = signed_in(member)
    session = client.session
    until = (timezone.now() + timedelta(hours=1)).isoformat()
    session[SESSION_KEY] = {"membership": other.pk, "user": member.user_id, "until": until}
    session.save()
    assert "Vous voyez le fichier comme" not in text(client.get(reverse("desk:worklist")))


def test_a_reason_is_asked_for_and_nobody_but_the_manager_looks(manager: Membership) -> None:
    assert see_as(signed_in(manager), make_member(), reason=" ").status_code == REFUSED
    lead = make_member(make_organisation(), Role.LEAD)
    assert see_as(signed_in(lead), make_member()).status_code == MISSING
    assert not Look.objects.exists()


def test_two_people_are_compared_by_rule_state_and_commune(manager: Membership) -> None:
    make_commune(name="Dijon")
    demand = make_demand()
    body = make_organisation()
    agent, reader = make_member(body, Role.AGENT), make_member(body, Role.READER)
    page = text(
        signed_in(manager).post(
            reverse("desk:oversight_compare"),
            {"compare-member": agent.pk, "compare-other": reader.pk},
        )
    )
    assert "Les agents instructeurs des bailleurs sociaux traitent" in page
    assert "1 demande" in page
    assert "Dijon : 1" in page
    assert demand.number in page
    assert "Rien de plus" in page
    assert Look.objects.get().other == reader


def test_the_comparison_shows_no_file_that_the_manager_may_not_read(manager: Membership) -> None:
    make_department("71", "Saône-et-Loire")
    make_commune(MACON, "Mâcon", epci="200070308", department="71")
    foreign = make_demand(make_user(), communes=(MACON,), department="71")
    there, here = make_member(make_organisation(department="71")), make_member()
    page = text(
        signed_in(manager).post(
            reverse("desk:oversight_compare"),
            {"compare-member": there.pk, "compare-other": here.pk},
        )
    )
    assert "1 demande" in page
    assert "Mâcon" not in page.split("<main")[1]
    assert foreign.number not in page
    assert Demand.objects.filter(number=foreign.number).exists()


def test_the_comparison_does_not_tell_who_has_a_disability(manager: Membership) -> None:
    demand = make_demand()
    agent, elsewhere = make_member(), make_member(make_organisation(department="71"))
    client = signed_in(manager)

    def compared() -> str:
        people = {"compare-member": agent.pk, "compare-other": elsewhere.pk}
        return (
            text(client.post(reverse("desk:oversight_compare"), people))
            .split("<main")[1]
            .split("</main>")[0]
        )

    before = compared()
    assert "n’est pas dit" in before
    demand.persons.update(has_disability=True)
    refresh_facts(demand=demand)
    assert access.fields(principal_of(agent), Demand.objects.get()).can_read("health")
    assert compared() == before
