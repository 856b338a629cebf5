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
    assert "Venez lundi." in words
    home = {"home_type": "T3", "commune": "21231"}
    assert "personne ne le prévient" in said(client, demand, "candidate", **home)


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
    assert "prévenu par courriel" in ask(client, demand)
