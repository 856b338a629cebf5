"""Words that a file must not hold without need: shown to the agent, never refused for good."""

from typing import Any

import pytest

from register.guard import found_in
from register.models import EventKind
from tests.factories import make_demand

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        ("Rappelée, viendra lundi avec son avis d’imposition.", []),
        ("Elle est DÉPRESSIVE", ["santé"]),
        ("Il est musulman et syndiqué", ["religion", "opinions"]),
        ("Des menteurs.", ["jugement sur la personne"]),
        ("Le secteur de la rue de Rome, sans condition", []),
        ("cas-social", ["jugement sur la personne"]),
    ],
)
def test_whole_words_are_found_whatever_their_accents_and_case(
    text: str, themes: list[str]
) -> None:
    assert [str(each.theme) for each in found_in(text)] == themes


@pytest.mark.parametrize(
    ("act", "field", "more", "kind"),
    [
        ("note", "text", {}, EventKind.NOTE),
        ("contact", "text", {"channel": "phone"}, EventKind.CONTACTED),
        ("message", "body", {}, EventKind.MESSAGE_SENT),
        ("piece", "text", {"piece": "identity"}, EventKind.PIECE_REQUESTED),
        ("correction", "text", {"about": "coordonnees.phone"}, EventKind.CORRECTION_ASKED),
    ],
)
def test_the_agent_reads_the_words_again_then_keeps_them_on_purpose(
    agent: Any, sign_in: Any, act: str, field: str, more: dict[str, str], kind: str
) -> None:
    client = sign_in(agent)
    demand = make_demand(registered_by=agent.organisation)
    url = f"/bureau/dossiers/{demand.number}/actes/{act}/"
    data = {"version": demand.version, field: "Elle dit être malade.", **more}
    warned = client.post(url, data)
    assert warned.status_code == 422
    assert "malade" in warned.text
    assert "Elle dit être malade." in warned.text
    assert not demand.events.filter(kind=kind).exists()
    assert client.post(url, {**data, "keeps_words": "on"}).status_code == 302
    assert demand.events.filter(kind=kind).exists()


def test_a_request_to_correct_is_asked_and_closed_from_the_file(agent: Any, sign_in: Any) -> None:
    client = sign_in(agent)
    demand = make_demand(registered_by=agent.organisation)
    base = f"/bureau/dossiers/{demand.number}"
    assert "Clore une demande de correction" not in client.get(f"{base}/").text
    about = "coordonnees-adresse.address"
    asked = {"version": demand.version, "about": about, "text": "Quelle rue ?"}
    client.post(f"{base}/actes/correction/", asked)
    correction = demand.corrections.get()
    text = client.get(f"{base}/").text
    assert "Clore une demande de correction" in text
    assert "Quelle rue ?" in text
    closed = {"correction": correction.pk, "outcome": "corrected", "text": "Fait.", "version": 1}
    client.post(f"{base}/actes/close-correction/", closed)
    correction.refresh_from_db()
    assert (correction.outcome, correction.closed_by) == ("corrected", agent.user)
