"""A counter copies what an association fills: looked for by SIREN, one short page, one number."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from register.models import Counter, Demand, Membership
from tests.backoffice.conftest import signed_in
from tests.factories import make_commune
from tests.register.demands import SIREN

ENTRY = "/bureau/saisie/association/"
GROUPED = "999\u00a0999\u00a0980"
COPIED = {
    "association-name": "Un Toit pour Tous",
    "association-siren": "999 999 980",
    "association-representative": "Alix Morel, présidente",
    "coordonnees-phone": "03 80 11 22 33",
    "logement-souhaite-home_types": "t4",
    "logement-souhaite-communes-commune_search": "dijon",
    "logement-souhaite-elargir-widening": "oui",
}


@pytest.fixture
def counter(commune_agent: Membership) -> Counter:
    make_commune()
    organisation = commune_agent.organisation
    return Counter.objects.create(code="21A01", name="Mairie de Beaune", organisation=organisation)


@pytest.fixture
def client(commune_agent: Membership, counter: Counter) -> Client:
    return signed_in(commune_agent)


def register(client: Client, **typed: Any) -> Any:
    day = timezone.localdate()
    sent = {"intent": "register", "token": str(uuid4()), "depot-counter": "21A01"}
    return client.post(ENTRY, {**COPIED, **sent, "depot-received_on": f"{day:%d%m%Y}", **typed})


def test_it_is_registered_without_an_identity_document_nor_a_household(client: Client) -> None:
    answer = register(client)
    demand = Demand.objects.get()
    assert answer["Location"].endswith(f"?apres={demand.number}")
    assert (demand.association.siren, demand.contact.phone) == (SIREN, "+33380112233")
    assert (demand.state, demand.widening) == ("active", True)
    assert {event.kind for event in demand.events.all()} == {"submitted"}
    page = client.get(f"/bureau/dossiers/{demand.number}/").content.decode()
    assert "Un Toit pour Tous" in page
    assert "Alix Morel" in page
    assert GROUPED in page
    found = client.post("/bureau/recherche/", {"text": "999 999 980"}, follow=True)
    assert "search=" in found.request["QUERY_STRING"]
    assert f"SIREN {GROUPED}" in found.text
    assert demand.number in found.text
    for absent in ("Personnes à loger", "Ressources", "Handicap", "Plafonds", "Priorités"):
        assert f"> {absent}</h2>" not in page


def test_a_wrong_siren_is_said_beside_it_and_nothing_is_lost(client: Client) -> None:
    page = register(client, **{"association-siren": "999999981"})
    assert page.status_code == 422
    told = page.content.decode()
    assert "Un chiffre de ce numéro est faux" in told
    assert "Alix Morel, présidente" in told
    assert not Demand.objects.exists()


def test_it_is_looked_for_first_and_another_home_is_another_demand(client: Client) -> None:
    register(client)
    looked = {"association-siren": SIREN, "intent": "look"}
    known = client.post(ENTRY, looked).content.decode()
    assert f"/bureau/dossiers/{Demand.objects.get().number}/" in known
    opened = client.post(ENTRY, {**looked, "intent": "open"}).content.decode()
    assert 'name="association-siren"' in opened
    assert SIREN in opened
    assert "identity_seen" not in opened
    assert "foyer" not in opened
    register(client)
    assert [d.association.rank for d in Demand.objects.order_by("pk")] == [1, 2]


def test_who_registers_nothing_finds_no_such_page(agent: Membership) -> None:
    assert signed_in(agent).get(ENTRY).status_code == 404
