"""A document that tells what is masked is as closed as what it tells (R441-2-6)."""

from typing import Any

import pytest

from register import codes
from register.models import Demand, Document
from tests.factories import make_stored_file
from tests.installed import built
from tests.partition.world import World, build_world

pytestmark = pytest.mark.django_db
TELLING = (codes.DocumentKind.TAX_NOTICE, codes.DocumentKind.INCOME)


@pytest.fixture
def world(db: Any, rules: None) -> World:
    return built(build_world)


def added(demand: Demand, kind: str) -> Document:
    stored = make_stored_file(demand.account)
    return Document.objects.create(
        demand=demand, kind=kind, stored_file=stored, added_at=stored.uploaded_at
    )


def addresses(document: Document) -> list[str]:
    at = f"/bureau/dossiers/{document.demand.number}/documents/{document.pk}"
    return [f"{at}/", f"{at}/fichier/", f"{at}/pages/1/", f"{at}/vignette/"]


@pytest.mark.parametrize("kind", TELLING)
def test_who_may_not_read_the_resources_opens_no_document_that_tells_them(
    world: World, kind: str
) -> None:
    demand = world.demands["own"]
    document = added(demand, kind)
    client = world.client("commune inside")
    page = client.get(f"/bureau/dossiers/{demand.number}/")
    assert page.status_code == 200
    assert f"/documents/{document.pk}/" not in page.content.decode()
    assert [client.get(address).status_code for address in addresses(document)] == [404] * 4
    answer = client.post(f"{addresses(document)[0]}controle/", {"version": 1, "answer": "conforms"})
    assert answer.status_code == 404


@pytest.mark.parametrize("kind", TELLING)
def test_who_reads_the_resources_opens_the_documents_that_tell_them(
    world: World, kind: str
) -> None:
    document = added(world.demands["own"], kind)
    found = [world.client("landlord agent").get(a).status_code for a in addresses(document)]
    assert found == [200] * 4


@pytest.mark.parametrize("kind", TELLING)
def test_a_helper_sees_no_document_that_tells_the_resources(world: World, kind: str) -> None:
    demand = world.demands["own"]
    document = added(demand, kind)
    client = world.client("helper")
    page = client.get(f"/mon-espace/{demand.number}/documents/")
    assert page.status_code == 200
    assert str(document.stored_file_id) not in page.content.decode()
    address = f"/mon-espace/{demand.number}/documents/{document.stored_file_id}/"
    assert client.get(address).status_code == 404
    own = world.client("owner").get(f"/mon-espace/{demand.number}/documents/")
    assert str(document.stored_file_id) in own.content.decode()
