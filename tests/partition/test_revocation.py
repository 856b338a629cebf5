"""A right taken away during an open session is gone at the very next request."""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from register.models import (
    Agreement,
    Mandate,
    MandateScope,
    Membership,
    Role,
    Share,
    StockHolding,
    User,
)
from register.principals import applicant_principal
from register.services.mandates import revoke_mandate
from register.services.sharing import revoke_share
from tests.factories import make_member, make_organisation, principal_of
from tests.installed import built
from tests.partition.answers import body_of
from tests.partition.world import World, build_world

SIGN_IN = "/compte/login/"


@pytest.fixture
def world(db: Any, rules: None) -> Iterator[World]:
    logging.disable(logging.WARNING)
    yield built(build_world)
    logging.disable(logging.NOTSET)


def yesterday() -> Any:
    return timezone.localdate() - timedelta(days=1)


def desk_file(world: World, relation: str = "own") -> str:
    return f"/bureau/dossiers/{world.demands[relation].number}/"


def end_membership(world: World) -> None:
    Membership.objects.filter(pk=world.members["landlord agent"].pk).update(ends_on=yesterday())


def end_agreement(world: World) -> None:
    landlord = world.members["landlord agent"].organisation
    Agreement.objects.filter(organisation=landlord).update(ends_on=yesterday())


def sell_the_homes(world: World) -> None:
    landlord = world.members["landlord agent"].organisation
    StockHolding.objects.filter(organisation=landlord).update(homes=0)


def take_the_role(world: World) -> None:
    member = world.members["landlord agent"]
    Membership.objects.filter(pk=member.pk).update(role=Role.STATISTICS)


def deactivate(world: World) -> None:
    User.objects.filter(pk=world.cast["landlord agent"].pk).update(is_active=False)


def seal(world: World) -> None:
    demand = world.demands["own"]
    demand.is_sealed = True
    demand.save()


def move(world: World) -> None:
    """The agent leaves for a landlord of the other department, today."""
    end_membership(world)
    elsewhere = world.members["landlord elsewhere"].organisation
    make_member(elsewhere, Role.AGENT, user=world.cast["landlord agent"])


@pytest.mark.parametrize(
    "taken_away",
    [end_membership, end_agreement, sell_the_homes, take_the_role, deactivate, seal, move],
)
def test_an_agent_loses_the_file_the_list_and_the_document_at_the_next_request(
    world: World, taken_away: Callable[[World], None]
) -> None:
    client, demand = world.client("landlord agent"), world.demands["own"]
    document = f"{desk_file(world)}documents/{demand.documents.get().pk}/fichier/"
    assert client.get(desk_file(world)).status_code == 200
    assert client.get(document).status_code == 200
    assert demand.number.encode() in body_of(client.get("/bureau/export/csv/"))
    note = f"{desk_file(world)}actes/note/"
    events = demand.events.count()
    taken_away(world)
    for url in (desk_file(world), document):
        assert refused(client.get(url)), url
    posted = client.post(note, {"version": demand.version, "text": "Trop tard"})
    assert refused(posted)
    assert demand.events.count() == events
    for url in ("/bureau/", "/bureau/export/csv/", "/bureau/export/xlsx/"):
        answer = client.get(url)
        assert refused(answer) or demand.number.encode() not in body_of(answer), url


def refused(response: Any) -> bool:
    """Missing, or asked to sign in."""
    is_sign_in = response.status_code == 302 and response["Location"].startswith(SIGN_IN)
    return response.status_code == 404 or is_sign_in


def test_a_share_revoked_or_ended_closes_the_file_at_the_next_request(world: World) -> None:
    client = world.client("landlord agent")
    share = world.demands["shared"].shares.get(revoked_at=None, ends_on__gte=timezone.localdate())
    elsewhere = world.members["landlord elsewhere"].organisation
    assert client.get(desk_file(world, "shared")).status_code == 200
    Share.objects.filter(pk=share.pk).update(starts_on=yesterday(), ends_on=yesterday())
    assert client.get(desk_file(world, "shared")).status_code == 404
    Share.objects.filter(pk=share.pk).update(ends_on=timezone.localdate())
    assert client.get(desk_file(world, "shared")).status_code == 200
    revoke_share(principal=principal_of(make_member(elsewhere, Role.LEAD)), share=share)
    assert client.get(desk_file(world, "shared")).status_code == 404
    assert world.demands["shared"].number.encode() not in client.get("/bureau/").content


def test_a_mandate_revoked_or_ended_closes_the_space_at_the_next_request(world: World) -> None:
    client, demand = world.client("helper"), world.demands["own"]
    url = f"/mon-espace/{demand.number}/"
    mandate = demand.mandates.get()
    Mandate.objects.filter(pk=mandate.pk).update(scope=MandateScope.MODIFY)
    assert client.get(url).status_code == 200
    assert client.post(url + "documents/", {"kind": "income"}).status_code == 200
    Mandate.objects.filter(pk=mandate.pk).update(starts_on=yesterday(), ends_on=yesterday())
    assert client.get(url).status_code == 404
    assert client.post(url + "documents/", {"kind": "income"}).status_code == 404
    Mandate.objects.filter(pk=mandate.pk).update(ends_on=timezone.localdate())
    assert client.get(url).status_code == 200
    revoke_mandate(principal=applicant_principal(world.cast["owner"]), mandate=mandate)
    for page in ("", "declaration/", "documents/", "messages/", "renouvellement/"):
        assert client.get(url + page).status_code == 404, page
    assert demand.number.encode() not in client.get("/mon-espace/").content


def test_an_editor_out_of_the_group_finds_no_admin_at_the_next_request(world: World) -> None:
    client = world.client("editor")
    assert client.get("/edition/").status_code == 200
    world.cast["editor"].groups.clear()
    assert client.get("/edition/").status_code == 404


def test_an_account_closed_is_signed_out_everywhere(world: World) -> None:
    client = world.client("owner")
    url = f"/mon-espace/{world.demands['own'].number}/"
    assert client.get(url).status_code == 200
    User.objects.filter(pk=world.cast["owner"].pk).update(is_active=False)
    assert refused(client.get(url))


def test_nobody_acts_under_the_membership_of_somebody_else(world: World) -> None:
    client, theirs = world.client("landlord agent"), world.members["manager"]
    assert client.post("/bureau/organismes/", {"membership": theirs.pk}).status_code == 404
    session = client.session
    session["membership"] = theirs.pk
    session.save()
    assert client.get(desk_file(world, "sealed")).status_code == 404


def test_a_membership_ended_cannot_be_chosen_again(world: World) -> None:
    client = Client()
    former = Membership.objects.get(user=world.cast["former agent"])
    still = make_member(make_organisation(department="71"), user=former.user)
    client.force_login(former.user)
    assert client.post("/bureau/organismes/", {"membership": former.pk}).status_code == 404
    assert client.post("/bureau/organismes/", {"membership": still.pk}).status_code == 302
    assert client.get(desk_file(world)).status_code == 404
