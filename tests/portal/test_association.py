"""An association is led to its few pages, and makes as many demands as it looks for homes."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from register.form.answers import Answers
from register.form.revisions import applicable
from register.models import Demand
from tests.portal.demand import (
    DIJON,
    IDENTITY,
    answers_of,
    draft_of,
    post,
    prepare_register,
    signed_in,
)
from tests.portal.test_demand_inputs import CORPUS, HUGE

pytestmark = pytest.mark.django_db
CHANGED = ("coordonnees", "coordonnees-adresse", "logement-souhaite", "logement-souhaite-elargir")
GROUPED = "999\u00a0999\u00a0980"
NEVER = ("association", "demandeur", "foyer-conjoint", "ressources", "motifs")
PAGES = {
    "demandeur": {"applicant_kind": "association"},
    "association": {"name": "Un Toit pour Tous", "siren": "999 999 980", "representative": ""},
    "logement-souhaite": {"home_types": ["T4"]},
    "logement-souhaite/elargir": {"widening": "non"},
}


@pytest.fixture
def client(db: Any) -> Client:
    prepare_register()
    return signed_in()


def fill(client: Client) -> None:
    for page, answers in PAGES.items():
        assert post(client, page, answers).status_code == 302, page
    post(client, "logement-souhaite/communes", {"intent": f"add:{DIJON}"})


def send(client: Client) -> str:
    token = str(draft_of(client).submission_token)
    return str(client.post("/demande/envoi/", {"token": token})["Location"])


def test_the_first_question_leads_it_to_rubrics_a_b_and_h(client: Client) -> None:
    first = post(client, "demandeur", PAGES["demandeur"])
    assert first["Location"] == "/demande/association/"
    told = [page.key for page in applicable(answers_of(client))]
    assert told == [
        "demandeur",
        "association",
        "coordonnees",
        "coordonnees-adresse",
        "logement-souhaite",
        "logement-souhaite-communes",
        "logement-souhaite-elargir",
    ]
    assert client.get("/demande/identite/")["Location"] == "/demande/mes-etapes/"
    tasks = client.get("/demande/mes-etapes/").content.decode()
    assert "Vos ressources" not in tasks


def test_a_person_answers_and_goes_on_as_before(client: Client) -> None:
    first = post(client, "demandeur", {"applicant_kind": "personne"})
    assert first["Location"] == "/demande/identite/"
    assert client.get("/demande/association/")["Location"] == "/demande/mes-etapes/"
    begun_before = Answers({"identite": {"raw": {"birth_name": ["Dupont"]}}})
    assert applicable(begun_before)[0].key == "identite"


def test_it_sends_one_demand_then_another(client: Client) -> None:
    fill(client)
    post(client, "coordonnees/adresse", {"address": "2 rue des Exemples", "city": "Dijon"})
    summary = client.get("/demande/verification/").content.decode()
    assert "Un Toit pour Tous" in summary
    assert "Catégorie" not in summary
    first = client.get(send(client)).content.decode()
    assert "pièce d’identité" not in first
    again = client.get("/demande/mes-etapes/").content.decode()
    assert "?nouvelle=1" in again
    begun = post(client, "demandeur", PAGES["demandeur"])
    told = client.get(begun["Location"]).content.decode()
    assert "déjà remplis" in told
    for known in ("Un Toit pour Tous", GROUPED):
        assert f'value="{known}"' in told
    assert 'value="2 rue des Exemples"' in client.get("/demande/coordonnees/adresse/").text
    fill(client)
    assert "Vous avez déjà" not in client.get("/demande/verification/").content.decode()
    send(client)
    assert [d.association.rank for d in Demand.objects.order_by("pk")] == [1, 2]
    space = client.get("/mon-espace/").content.decode()
    assert "Un Toit pour Tous, demande n° 2" in space
    assert space.count("T4, Dijon") == 2
    several = client.get("/demande/mes-etapes/").text
    assert "plusieurs demandes" in several
    assert "Un Toit pour Tous, demande n° 1" in several
    # What an association told fills nothing for a person.
    post(client, "demandeur", {"applicant_kind": "personne"})
    assert "rue des Exemples" not in client.get("/demande/coordonnees/adresse/").text


def test_its_space_shows_what_it_told_and_no_empty_household(client: Client) -> None:
    fill(client)
    send(client)
    number = Demand.objects.get().number
    page = client.get(f"/mon-espace/{number}/").content.decode()
    assert "Un Toit pour Tous" in page
    told = client.get(f"/mon-espace/{number}/declaration/").content.decode()
    assert GROUPED in told
    assert "une naissance" not in told
    assert "un autre SIREN est une autre association" in told
    assert "Rien de déclaré" not in told
    assert "Vos ressources" not in told


def test_it_changes_its_contact_and_wishes_from_its_space_and_has_no_household(
    client: Client,
) -> None:
    fill(client)
    send(client)
    number = Demand.objects.get().number
    opened = {page: reverse("space:modify", args=[number, page]) for page in (*CHANGED, *NEVER)}
    assert {page: client.get(opened[page]).status_code for page in CHANGED} == dict.fromkeys(
        CHANGED, 200
    )
    assert {page: client.get(opened[page]).status_code for page in NEVER} == dict.fromkeys(
        NEVER, 404
    )


def test_what_it_lacks_is_named_and_a_wrong_siren_is_kept_as_typed(client: Client) -> None:
    post(client, "demandeur", PAGES["demandeur"])
    wrong = post(client, "association", {"name": "Logis", "siren": "999999981"})
    page = wrong.content.decode()
    assert "Un chiffre de ce numéro est faux" in page
    assert "999999981" in page
    summary = client.get("/demande/verification/").content.decode()
    assert "/demande/association/?retour=verification" in summary
    assert "/demande/identite/" not in summary
    send(client)
    assert not Demand.objects.exists()


def test_no_text_breaks_its_page(client: Client) -> None:
    post(client, "demandeur", PAGES["demandeur"])
    for text in CORPUS:
        told = text[:HUGE]
        answer = post(client, "association", {"name": told, "siren": told, "representative": told})
        assert answer.status_code in (200, 302), text[:40]
        assert b"<script>alert(1)" not in answer.content
    assert client.get("/demande/verification/").status_code == 200


def test_changing_ones_mind_keeps_what_was_typed_and_sends_nothing_of_it(client: Client) -> None:
    post(client, "demandeur", {"applicant_kind": "personne"})
    post(client, "identite", IDENTITY)
    fill(client)
    assert answers_of(client).value("identite", "birth_name") == IDENTITY["birth_name"]
    send(client)
    assert not Demand.objects.get().persons.exists()
