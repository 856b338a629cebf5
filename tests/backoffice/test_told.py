"""Whoever has no e-mail is told by post what matters, and the agent reads how she is told."""

from typing import Any

import pytest

from exchange.delivery import deliver_pending
from exchange.sms import MemoryBackend
from register.letters import texts
from register.letters.sending import text_message_of
from register.models import Contact, Demand, EffectKind, Outbox
from register.selectors.channels import STEP_LETTER
from tests.factories import make_demand

pytestmark = pytest.mark.django_db


@pytest.fixture
def demand() -> Demand:
    demand = make_demand()
    Contact.objects.filter(demand=demand).update(accepts_email=False)
    return demand


def said(client: Any, demand: Demand, act: str, **told: str) -> str:
    url = f"/bureau/dossiers/{demand.number}/actes/{act}/"
    version = Demand.objects.get(pk=demand.pk).version
    answer = client.post(url, {**told, "version": version}, follow=True)
    assert answer.status_code == 200
    return str(answer.text)


def ask(client: Any, demand: Demand) -> str:
    return said(client, demand, "piece", piece="tax_notice", text="Celui de 2024.")


def test_a_step_that_matters_is_told_by_post_in_its_own_words(
    agent: Any, sign_in: Any, demand: Demand, tmp_path: Any, settings: Any
) -> None:
    settings.DATA_DIR = tmp_path
    client = sign_in(agent)
    assert "prévenu par la poste" in ask(client, demand)
    letter = Outbox.objects.exclude(kind=EffectKind.AUTOMATION).get()
    assert letter.kind == EffectKind.LETTER
    named = texts.find(STEP_LETTER, "21")
    assert named is not None
    words = texts.written(named, demand, event=demand.events.latest("pk")).text
    assert "Celui de 2024." in words
    assert "imposition" in words
    assert deliver_pending()["given_up"] == 0
    assert "prévenu par la poste" in said(client, demand, "message", body="Venez lundi.")
    words = texts.written(named, demand, event=demand.events.latest("pk")).text
    assert "Message reçu. Venez lundi." in words
    assert "Message envoyé" not in words
    assert "pas donné" not in words, "she may have an address, and prefer paper"


def test_the_agent_reads_before_the_act_how_the_applicant_will_be_told(
    agent: Any, sign_in: Any, demand: Demand
) -> None:
    client, address = sign_in(agent), f"/bureau/dossiers/{demand.number}/"

    def before(act: str) -> str:
        shown = client.get(address)
        return str(next(form.told for form in shown.context["acts"] if form.code == act))

    for act in ("message", "piece", "correction", "warning", "candidate"):
        assert "prévenu par la poste" in before(act), act
    assert not before("note")
    Contact.objects.filter(demand=demand).update(address="", city="")
    assert "personne ne le prévient" in before("message")
    Contact.objects.filter(demand=demand).update(accepts_email=True)
    assert "prévenu par e-mail" in before("message")


def last_letter(demand: Demand) -> str:
    """The words of the letter about the last step, as it is printed."""
    named, event = texts.find(STEP_LETTER, "21"), demand.events.latest("pk")
    assert named is not None
    assert Outbox.objects.filter(kind=EffectKind.LETTER, payload__event=event.pk).exists()
    return str(texts.written(named, demand, event=event).text)


def test_a_candidacy_is_told_by_post_with_the_home_that_it_is_for(
    agent: Any, sign_in: Any, demand: Demand
) -> None:
    client = sign_in(agent)
    home = {"home_type": "T3", "commune": "21231", "residence": "Résidence des Lilas"}
    assert "prévenu par la poste" in said(client, demand, "candidate", **home)
    told = last_letter(demand)
    assert "T3, Commune 21231, Résidence des Lilas" in told
    assert "rien n’est encore décidé" in told


@pytest.mark.parametrize(
    ("reason", "way"), [("no_answer", "prévenu par la poste"), ("rent", "personne ne le prévient")]
)
def test_an_offer_without_answer_is_told_and_what_the_applicant_said_herself_is_not(
    agent: Any, sign_in: Any, demand: Demand, reason: str, way: str
) -> None:
    client = sign_in(agent)
    said(client, demand, "candidate", home_type="T3", commune="21231")
    letters = Outbox.objects.filter(kind=EffectKind.LETTER)
    assert letters.count() == 1
    assert way in said(client, demand, "declined", reason=reason)
    assert letters.count() == (2 if reason == "no_answer" else 1)


@pytest.mark.parametrize(
    ("answer", "way", "letters"),
    [
        ({"answer": "unused", "code": "illegible"}, "prévenu par la poste", 1),
        ({"answer": "unused", "code": "unasked"}, "personne ne le prévient", 0),
        ({"answer": "conforms"}, "enregistrée comme vérifiée", 0),
    ],
)
def test_a_document_to_send_again_is_worth_a_letter_and_one_found_valid_is_not(
    agent: Any, sign_in: Any, demand: Demand, answer: dict[str, str], way: str, letters: int
) -> None:
    client, document = sign_in(agent), demand.documents.get()
    page = f"/bureau/dossiers/{demand.number}/documents/{document.pk}/controle/"
    version = Demand.objects.get(pk=demand.pk).version
    shown = client.post(page, {**answer, "version": version}, follow=True)
    assert way in shown.text
    assert Outbox.objects.filter(kind=EffectKind.LETTER).count() == letters
    if letters:
        assert "inutilisable" in last_letter(demand)


def test_the_agent_reads_that_nobody_tells_whom_no_way_reaches(
    agent: Any, sign_in: Any, demand: Demand, settings: Any
) -> None:
    settings.SMS_BACKEND = ""
    Contact.objects.filter(demand=demand).update(address="", city="", accepts_sms=True)
    client = sign_in(agent)
    assert "personne ne le prévient" in ask(client, demand)
    assert not Outbox.objects.exclude(kind=EffectKind.AUTOMATION).exists()
    settings.SMS_BACKEND = f"{MemoryBackend.__module__}.{MemoryBackend.__qualname__}"
    assert "prévenu par SMS" in ask(client, demand)
    effect = Outbox.objects.get(kind=EffectKind.SMS)
    told = text_message_of(effect, space_url="https://exemple.fr/mon-espace/")
    assert "exemple.fr" in told
    assert "imposition" not in told
    Contact.objects.filter(demand=demand).update(accepts_email=True)
    assert "prévenu par e-mail" in ask(client, demand)
