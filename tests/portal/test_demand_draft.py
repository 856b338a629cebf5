"""Nothing typed is refused, lost or shown to somebody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portal import drafts
from portal.models import Draft
from register.models import StoredFile, User
from register.web.typed import SESSION_KEY
from tests.factories import PASSWORD, make_user
from tests.portal.demand import (
    IDENTITY,
    answers_of,
    draft_of,
    fill_minimum,
    page_state,
    post,
    signed_in,
)

WRONG_DATE = {**IDENTITY, "birth_date_0": "31", "birth_date_1": "02"}


def test_a_page_reads_the_session_the_account_and_the_draft_alone(
    applicant: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):
        assert applicant.get("/demande/identite/").status_code == 200


def test_a_wrong_date_is_kept_and_shown_again_with_its_error(applicant: Client) -> None:
    response = post(applicant, "identite", WRONG_DATE)
    assert response.status_code == 200
    assert "Ce jour n’existe pas" in response.content.decode()
    assert "<title>Erreur" in response.content.decode()
    again = applicant.get("/demande/identite/").content.decode()
    assert 'value="31"' in again
    assert 'value="Dupont-Lévêque"' in again
    assert "Ce jour n’existe pas" in again


def test_leaving_for_later_keeps_everything_without_a_word_about_errors(applicant: Client) -> None:
    response = post(applicant, "identite", {**WRONG_DATE, "intent": "later"})
    assert response.headers["Location"] == "/demande/mes-etapes/"
    assert answers_of(applicant).value("identite", "birth_date_1") == "02"
    tasks = applicant.get("/demande/mes-etapes/").content.decode()
    assert "En cours" in tasks
    assert "Tout est enregistré" in tasks


def test_what_is_not_answered_yet_is_not_reproached_on_coming_back(applicant: Client) -> None:
    post(applicant, "identite", {"birth_name": "Dupont", "intent": "later"})
    page = applicant.get("/demande/identite/").content.decode()
    assert 'value="Dupont"' in page
    assert "<title>Erreur" not in page


def test_autosave_keeps_the_page_silently(applicant: Client) -> None:
    response = post(applicant, "identite", WRONG_DATE, headers={"X-Autosave": "1"})
    assert (response.status_code, response.content) == (204, b"")
    assert answers_of(applicant).value("identite", "first_names") == "Émilie Rose"


def test_the_draft_is_resumed_on_another_device(applicant: Client) -> None:
    post(applicant, "coordonnees/adresse", {"city": "Dijon", "intent": "later"})
    other_device = Client()
    user = draft_of(applicant).user
    other_device.login(email=user.email, password=PASSWORD)
    assert 'value="Dijon"' in other_device.get("/demande/coordonnees/adresse/").content.decode()
    tasks = other_device.get("/demande/mes-etapes/").content.decode()
    assert 'href="/demande/coordonnees/adresse/"' in tasks


def test_nobody_else_sees_the_draft(applicant: Client) -> None:
    post(applicant, "identite", IDENTITY)
    assert "Dupont" not in signed_in().get("/demande/identite/").content.decode()


def test_an_answer_sent_after_the_session_ended_is_there_after_sign_in(applicant: Client) -> None:
    state = page_state(applicant, "/demande/identite/")
    owner = applicant.session["_auth_user_id"]
    applicant.logout()
    response = post(applicant, "identite", {**WRONG_DATE, "page_state": state})
    assert response.headers["Location"] == "/compte/login/?next=/demande/identite/"
    said = applicant.get(response.headers["Location"]).content.decode()
    assert "ce que vous venez d’écrire est gardé" in said
    email = _email_of(owner)
    signed = applicant.post(
        response.headers["Location"],
        {"login": email, "password": PASSWORD, "next": "/demande/identite/"},
    )
    assert signed.headers["Location"] == "/demande/identite/"
    page = applicant.get("/demande/identite/").content.decode()
    assert 'value="Dupont-Lévêque"' in page
    assert "La connexion est rétablie" in page
    assert answers_of(applicant).value("identite", "birth_date_0") == "31"


def test_somebody_else_signing_in_on_the_same_computer_gets_nothing(applicant: Client) -> None:
    state = page_state(applicant, "/demande/identite/")
    applicant.logout()
    post(applicant, "identite", {**IDENTITY, "page_state": state})
    stranger = make_user()
    credentials = {"login": stranger.email, "password": PASSWORD, "next": "/demande/identite/"}
    applicant.post("/compte/login/", credentials)
    assert "Dupont" not in applicant.get("/demande/identite/").content.decode()
    assert not Draft.objects.filter(user=stranger).exists()


def test_an_unsigned_note_keeps_nothing_for_a_signed_out_visitor(client: Client, db: Any) -> None:
    response = post(client, "identite", {**IDENTITY, "page_state": "forged"})
    assert response.headers["Location"].startswith("/compte/login/")
    assert not client.session.get(SESSION_KEY)


def test_autosave_signed_out_says_so_and_keeps_the_page(applicant: Client) -> None:
    state = page_state(applicant, "/demande/identite/")
    applicant.logout()
    response = post(
        applicant, "identite", {**IDENTITY, "page_state": state}, headers={"X-Autosave": "1"}
    )
    assert response.status_code == 401
    assert applicant.session[SESSION_KEY][0]["post"]["birth_name"] == ["Dupont-Lévêque"]


def test_two_devices_on_the_same_page_lose_neither_version(applicant: Client) -> None:
    here = page_state(applicant, "/demande/coordonnees/adresse/")
    there = page_state(applicant, "/demande/coordonnees/adresse/")
    post(applicant, "coordonnees/adresse", {"city": "Dijon", "page_state": there})
    response = post(applicant, "coordonnees/adresse", {"city": "Beaune", "page_state": here})
    assert response.headers["Location"] == "/demande/conflit/coordonnees-adresse/"
    page = applicant.get(response.headers["Location"]).content.decode()
    assert "Dijon" in page
    assert "Beaune" in page
    applicant.post(response.headers["Location"], {"keep": "mine"})
    assert answers_of(applicant).value("coordonnees-adresse", "city") == "Beaune"


def test_the_same_window_saved_twice_is_no_conflict(applicant: Client) -> None:
    state = page_state(applicant, "/demande/coordonnees/adresse/")
    first = {"city": "Dij", "page_state": state}
    post(applicant, "coordonnees/adresse", first, headers={"X-Autosave": "1"})
    response = post(applicant, "coordonnees/adresse", {"city": "Dijon", "page_state": state})
    assert response.headers["Location"] == "/demande/logement-actuel/"


def test_an_autosave_that_arrives_late_never_undoes_what_was_sent(applicant: Client) -> None:
    state = page_state(applicant, "/demande/coordonnees/adresse/")
    whole = {"city": "Dijon", "page_state": state, "page_time": "1700000002000"}
    late = {"city": "Di", "page_state": state, "page_time": "1700000001000"}
    post(applicant, "coordonnees/adresse", whole)
    response = post(applicant, "coordonnees/adresse", late, headers={"X-Autosave": "1"})
    assert response.status_code == 204
    assert answers_of(applicant).value("coordonnees-adresse", "city") == "Dijon"


def test_two_pages_saved_in_two_tabs_are_both_kept(applicant: Client) -> None:
    first = page_state(applicant, "/demande/identite/")
    second = page_state(applicant, "/demande/coordonnees/adresse/")
    post(applicant, "coordonnees/adresse", {"city": "Dijon", "page_state": second})
    post(applicant, "identite", {**IDENTITY, "page_state": first})
    answers = answers_of(applicant)
    assert answers.value("coordonnees-adresse", "city") == "Dijon"
    assert answers.value("identite", "birth_name") == "Dupont-Lévêque"


def test_a_draft_left_three_months_is_erased_with_its_files(applicant: Client) -> None:
    fill_minimum(applicant)
    draft = draft_of(applicant)
    recent = signed_in()
    post(recent, "coordonnees/adresse", {"city": "Dijon"})
    Draft.objects.filter(pk=draft.pk).update(updated_at=timezone.now() - timedelta(days=91))
    before = timezone.now() - timedelta(days=90)
    assert drafts.count_idle_drafts(before) == 1
    assert drafts.purge_idle_drafts(before) == 1
    assert list(Draft.objects.values_list("pk", flat=True)) == [draft_of(recent).pk]
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("path", ["identite", "foyer/personnes-a-charge", "verification", "envoi"])
def test_every_page_asks_to_sign_in_and_comes_back(client: Client, db: Any, path: str) -> None:
    response = client.get(f"/demande/{path}/")
    assert response.headers["Location"] == f"/compte/login/?next=/demande/{path}/"


def _email_of(user_id: str) -> str:
    return User.objects.get(pk=user_id).email
