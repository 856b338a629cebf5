"""At the desk, how somebody in danger is reached is asked, shown, and followed."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from register.models import Contact, Demand, RenewalNotice
from tests.factories import make_demand

pytestmark = pytest.mark.django_db
PHONE, SHOWN = "0612345678", "06 12 34 56 78"
ONLY = "Voie sûre, la seule à utiliser"


@pytest.fixture
def demand(landlord: Any) -> Demand:
    demand = make_demand(is_sealed=True, registered_by=landlord, co_applicant="Durand")
    Contact.objects.filter(demand=demand).update(phone=PHONE)
    return demand


def act(client: Any, demand: Demand, code: str, **told: Any) -> Any:
    version = Demand.objects.get(pk=demand.pk).version
    url = f"/bureau/dossiers/{demand.number}/actes/{code}/"
    return client.post(url, {**told, "version": version}, follow=True)


def read(client: Any, demand: Demand) -> str:
    return client.get(f"/bureau/dossiers/{demand.number}/").text


def test_the_file_says_the_safe_way_to_whoever_opens_it(
    lead: Any, sign_in: Any, demand: Demand
) -> None:
    client = sign_in(lead)
    assert "Pas encore choisie" in read(client, demand)
    answer = act(client, demand, "safe-way", way="phone", words="Après 18 h, par sa sœur")
    assert "La voie sûre est enregistrée." in answer.text
    assert ONLY in answer.text
    assert "par sa sœur" in answer.text


def test_a_way_that_leads_nowhere_is_refused_beside_it_and_what_was_typed_stays(
    lead: Any, sign_in: Any, demand: Demand
) -> None:
    Contact.objects.filter(demand=demand).update(phone="")
    answer = act(sign_in(lead), demand, "safe-way", way="phone", words="Par sa sœur")
    assert answer.status_code == 422
    assert "Aucun téléphone" in answer.text
    assert "Par sa sœur" in answer.text


def test_an_ordinary_file_is_asked_none(lead: Any, sign_in: Any, landlord: Any) -> None:
    ordinary = make_demand(registered_by=landlord)
    text = read(sign_in(lead), ordinary)
    assert "safe-way" not in text
    assert ONLY not in text


def test_after_an_act_the_agent_reads_that_a_body_has_to_tell_her(
    lead: Any, sign_in: Any, demand: Demand
) -> None:
    Contact.objects.filter(demand=demand).update(safe_way="counter")
    client = sign_in(lead)
    answer = act(client, demand, "message", body="Venez lundi.")
    assert "la prévenir est une tâche" in answer.text
    assert "par la seule voie sûre" in client.get(reverse("desk:tasks")).text
    Contact.objects.filter(demand=demand).update(safe_way="email")
    assert "prévenu par sa voie sûre" in act(client, demand, "message", body="Mardi.").text


def test_the_call_list_warns_and_shows_no_telephone_that_is_not_safe(
    lead: Any, sign_in: Any, demand: Demand
) -> None:
    RenewalNotice.objects.create(
        demand=demand,
        kind="notice",
        expires_on=demand.expires_on,
        announced_on=timezone.localdate(),
        to_call_at=timezone.now(),
    )
    client = sign_in(lead)
    Contact.objects.filter(demand=demand).update(safe_way="counter", safe_words="Jamais le soir")
    text = client.get(reverse("desk:calls")).text
    assert SHOWN not in text
    assert PHONE not in text
    assert "cette personne craint quelqu’un" in text
    assert "Jamais le soir" in text
    Contact.objects.filter(demand=demand).update(safe_way="phone")
    assert SHOWN in client.get(reverse("desk:calls")).text.replace("\xa0", " ")


def test_whoever_seals_at_a_separation_says_how_she_is_reached(
    lead: Any, sign_in: Any, landlord: Any
) -> None:
    couple = make_demand(registered_by=landlord, co_applicant="Durand")
    answer = act(
        sign_in(lead),
        couple,
        "separation",
        leaving=couple.persons.get(role="co_applicant").pk,
        housing="CP",
        email="elle@example.org",
        is_sealed="on",
        safe_way="email",
        safe_words="Jamais le soir",
    )
    assert answer.status_code == 200
    created = Demand.objects.exclude(pk=couple.pk).get()
    assert (created.contact.safe_way, created.contact.safe_words) == ("email", "Jamais le soir")
    assert not Contact.objects.get(demand=couple).safe_way


def test_how_she_is_told_is_read_by_whoever_reads_her_contact_alone(
    lead: Any, agent: Any, sign_in: Any, landlord: Any
) -> None:
    ordinary = make_demand(registered_by=landlord)
    client = sign_in(agent)
    told = act(client, ordinary, "piece", piece="tax_notice", text="x").text
    assert "prévenu par e-mail" in told
    assert "E-mail" in told
    landlord.agreements.update(data_classes=["identity", "documents"])
    told = act(client, ordinary, "piece", piece="identity", text="x").text
    assert "que vous ne lisez pas" in told
    assert "E-mail" not in told
    assert "prévenu par e-mail" not in told
