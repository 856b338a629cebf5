"""How the applicant is written to: her consents, dated, and what the law sends anyway."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from register.models import Contact, Demand, EventKind
from register.services.mandates import give_mandate
from tests.factories import make_user, principal_of
from tests.portal.space import page, read, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


def contact_of(demand: Demand) -> Contact:
    return Contact.objects.get(demand=demand)


def test_a_choice_is_kept_with_its_date_and_told_in_the_timeline(demand: Demand) -> None:
    client = signed_in(demand.account)
    answer = client.post(page(demand, "preferences"), {"accepts_sms": "on", "wants_letters": "on"})
    assert answer.status_code == 302
    contact = contact_of(demand)
    assert (contact.accepts_email, contact.accepts_sms, contact.wants_letters) == (
        False,
        True,
        True,
    )
    event = demand.events.get(kind=EventKind.CHANNELS_CHOSEN)
    changed = {"accepts_email": False, "accepts_sms": True, "wants_letters": True}
    assert event.details == changed
    text = read(client, page(demand))
    assert "vous avez choisi comment on vous écrit" in text
    demand.facts.refresh_from_db()
    assert not demand.facts.accepts_email


def test_the_same_choice_again_writes_nothing(demand: Demand) -> None:
    client = signed_in(demand.account)
    for _each in range(2):
        client.post(page(demand, "preferences"), {"accepts_email": "on", "wants_letters": "on"})
    assert demand.events.filter(kind=EventKind.CHANNELS_CHOSEN).count() == 1


def test_each_answer_says_since_when_it_holds(demand: Demand) -> None:
    client = signed_in(demand.account)
    client.post(page(demand, "preferences"), {"accepts_email": "on", "wants_letters": "on"})
    text = read(client, page(demand, "preferences"))
    today = timezone.localdate()
    assert f"{today.year}" in text
    assert "R441-2-7" in text
    assert "par e-mail et par la poste" in text


@pytest.mark.parametrize(
    ("contact", "posted", "told"),
    [
        ({"phone": ""}, {"accepts_email": "on", "accepts_sms": "on"}, "téléphone"),
        ({"address": ""}, {"accepts_email": "on", "wants_letters": "on"}, "adresse"),
        ({"address": ""}, {}, "sans adresse postale"),
    ],
)
def test_a_way_that_leads_nowhere_is_refused_beside_its_box(
    demand: Demand, contact: dict[str, Any], posted: dict[str, str], told: str
) -> None:
    Contact.objects.filter(demand=demand).update(**contact)
    answer = signed_in(demand.account).post(page(demand, "preferences"), posted)
    assert answer.status_code == 200
    assert told in answer.text
    assert contact_of(demand).accepts_email
    assert not demand.events.filter(kind=EventKind.CHANNELS_CHOSEN).exists()


def test_a_helper_reads_the_answers_and_changes_none(demand: Demand) -> None:
    helper = make_user()
    give_mandate(
        principal=principal_of(demand.account),
        demand=demand,
        helper_email=helper.email,
        ends_on=timezone.localdate() + timedelta(days=9),
    )
    client = signed_in(helper)
    text = read(client, page(demand, "preferences"))
    assert "Ce que la personne accepte de recevoir" in text
    assert 'type="checkbox"' not in text
    assert client.post(page(demand, "preferences"), {"accepts_sms": "on"}).status_code == 404
    assert not contact_of(demand).accepts_sms


def test_somebody_in_danger_chooses_one_safe_way_instead(demand: Demand) -> None:
    Demand.objects.filter(pk=demand.pk).update(is_sealed=True)
    client = signed_in(demand.account)
    text = read(client, page(demand, "preferences"))
    assert "Tant que vous n’avez pas choisi" in text
    assert 'type="checkbox"' not in text
    told = {"way": "phone", "words": "Le matin, par ma sœur"}
    assert client.post(page(demand, "preferences"), told).status_code == 302
    contact = contact_of(demand)
    assert (contact.safe_way, contact.safe_words) == ("phone", "Le matin, par ma sœur")
    assert "vous avez choisi comment être joint sans danger" in read(client, page(demand))
    text = read(client, page(demand, "preferences"))
    assert "c’est le guichet qui vous dirait" in text
    assert "Le matin, par ma sœur" in text


def test_a_safe_way_that_leads_nowhere_is_refused_and_her_words_stay(demand: Demand) -> None:
    Demand.objects.filter(pk=demand.pk).update(is_sealed=True)
    Contact.objects.filter(demand=demand).update(phone="")
    client = signed_in(demand.account)
    answer = client.post(page(demand, "preferences"), {"way": "sms", "words": "Par ma sœur"})
    assert "Aucun téléphone" in answer.text
    assert "Par ma sœur" in answer.text
    assert not contact_of(demand).safe_way
