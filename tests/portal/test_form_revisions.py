"""A draft begun under a revision of the form finishes under it; the next one begins anew."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.utils import timezone

from register.form import revisions
from register.form.answers import Answers
from register.form.pages import PAGES, Page
from register.form.revisions import CERFA_05, Revision
from register.form.steps.identity import SituationForm
from register.models import Demand
from tests.portal.demand import MINIMUM, answers_of, fill_minimum, post, prepare_register, signed_in

pytestmark = pytest.mark.django_db


class NewSituationForm(SituationForm):
    """The same page with one more question, which it requires."""

    country = forms.CharField(label="Pays", error_messages={"required": "Écrivez le pays."})


def _changed(page: Page) -> Page:
    is_changed = page.key == "identite-situation"
    return replace(page, form=NewSituationForm) if is_changed else page


def publish(monkeypatch: Any, *, in_days: int = 0) -> Revision:
    """A revision with one page changed and another given up."""
    pages = tuple(_changed(page) for page in PAGES if page.key != "ressources-versees")
    day = timezone.localdate() + timedelta(days=in_days)
    later = Revision("14069*06", day, pages)
    monkeypatch.setattr(revisions, "REVISIONS", (CERFA_05, later))
    return later


@pytest.fixture(autouse=True)
def _register(db: Any) -> None:
    prepare_register()


def test_a_draft_under_way_is_finished_under_its_revision(monkeypatch: Any) -> None:
    client = signed_in()
    post(client, "identite", MINIMUM["identite"])
    publish(monkeypatch)
    assert answers_of(client).revision == CERFA_05.code
    assert "Pays" not in client.get("/demande/identite/situation/").content.decode()
    assert client.get("/demande/ressources/pension-versee/").status_code == 200
    fill_minimum(client)
    post(client, "ressources/pension-versee", {"alimony_paid": "120"})
    token = client.get("/demande/verification/").context["draft"].submission_token
    client.post("/demande/envoi/", {"token": token})
    assert Demand.objects.get().persons.get().alimony_paid == 120


def test_a_draft_begun_since_follows_the_new_one(monkeypatch: Any) -> None:
    later = publish(monkeypatch)
    client = signed_in()
    post(client, "identite", MINIMUM["identite"])
    assert answers_of(client).revision == later.code
    refused = post(client, "identite/situation", MINIMUM["identite/situation"])
    assert "Écrivez le pays." in refused.content.decode()
    assert client.get("/demande/ressources/pension-versee/")["Location"] == "/demande/mes-etapes/"
    last = post(client, "ressources/revenus", {"kinds": []})
    assert last["Location"] == "/demande/logement-souhaite/"


def test_a_revision_to_come_begins_on_its_day(monkeypatch: Any) -> None:
    later = publish(monkeypatch, in_days=1)
    assert revisions.current() == CERFA_05
    publish(monkeypatch)
    assert revisions.current().code == later.code


def test_a_draft_without_a_mark_is_of_the_first_revision(monkeypatch: Any) -> None:
    publish(monkeypatch)
    assert revisions.revision_of(Answers({"identite": {"raw": {}}})) == CERFA_05
    assert revisions.revision_of(Answers({})).code == "14069*06"
