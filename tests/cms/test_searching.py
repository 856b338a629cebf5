"""Search forgives the way people write, and keeps nothing of it."""

import logging
from typing import Any

import pytest
from cms.searching import excerpt, find_pages, fold, question_words
from django.test import Client


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("etudiant", "Étudiants"),
        ("logements sociaux", "logement social"),
        ("DÉLAI", "délais"),
        ("niveau", "niveaux"),
    ],
)
def test_accents_capitals_and_plurals_do_not_count(typed: str, written: str) -> None:
    assert fold(typed) == fold(written)


def test_small_words_are_dropped_unless_nothing_else_is_left() -> None:
    assert question_words("Comment renouveler ma demande ?") == ["renouveler", "demande"]
    assert question_words("qui est-ce") == ["qui", "est", "ce"]


def test_an_excerpt_marks_the_word_and_escapes_the_rest() -> None:
    shown = excerpt("<b>Les étudiants</b> peuvent demander.", "etudiant")
    assert "<mark>étudiants</mark>" in shown
    assert "<b>" not in shown


def test_a_student_finds_the_question_about_students(site: None, client: Client) -> None:
    answer = client.get("/recherche/", {"q": "etudiant"}).content.decode()

    assert "/questions-frequentes/#q-" in answer
    assert "Je suis étudiant" in answer


def test_half_a_word_still_finds_a_page(site: None) -> None:
    assert [page.slug for page in find_pages("renouvel", "fr")][:1] == ["renouveler"]


def test_results_stay_in_the_language_of_the_visitor(site: None) -> None:
    assert {page.locale.language_code for page in find_pages("DALO", "en")} == {"en"}


def test_an_unpublished_page_is_not_found(site: None) -> None:
    page = next(page for page in find_pages("opposable", "fr"))
    page.unpublish()
    assert page.pk not in {found.pk for found in find_pages("opposable", "fr")}


def test_an_empty_answer_teaches_and_the_words_are_not_logged(
    site: None, client: Client, caplog: Any
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = client.get("/recherche/", {"q": "zzxxyy"})

    html = answer.content.decode()
    assert "Essayez un seul mot" in html
    assert "/guides/qui-peut-demander/" in html
    messages = [
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    ]
    assert not any("zzxxyy" in message for message in messages)


@pytest.mark.parametrize("typed", ['"', "a" * 5000, "\x00", "' OR 1=1 --", "* AND (", "é" * 200])
def test_odd_questions_get_an_answer(site: None, client: Client, typed: str) -> None:
    assert client.get("/recherche/", {"q": typed}).status_code == 200
