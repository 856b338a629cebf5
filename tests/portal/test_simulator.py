"""The public simulator: the rules in force answer without account, and nothing is kept."""

from typing import Any

import pytest
from django.apps import apps
from django.test import Client

URL = "/simulateur/"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "rules")]


def _post(client: Client, **typed: str) -> Any:
    return client.post(URL, {"applicant_age": "35", **typed})


def test_a_single_parent_learns_ceilings_sizes_and_points(client: Client) -> None:
    page = _post(
        client, young_children="2", income_n2="20 000", housing_kind="SD", waiting_months="30"
    )
    found = page.context["answer"]
    # Category 4: one person and two dependants (order of 29 July 1987).
    assert (found.assessment.people, found.assessment.category) == (3, 4)
    assert [line.outcome.outcome for line in found.assessment.lines] == ["eligible"] * 3
    earned = {line.criterion.code for line in found.points.score.criteria if line.is_earned}
    assert {"no-shelter", "single-parent"} & earned or len(earned) >= 2
    assert "points" in page.content.decode()


def test_a_situation_that_the_rules_notice_counts_as_it_would_on_a_file(client: Client) -> None:
    page = _post(client, reasons="06")
    criteria = page.context["answer"].points.score.criteria
    [violence] = [line for line in criteria if line.criterion.code == "violence"]
    assert violence.is_earned
    assert page.context["answer"].points.declared == 40


def test_an_income_above_the_ceiling_is_said_and_prevents_nothing(client: Client) -> None:
    page = _post(client, income_n2="90 000")
    outcomes = [line.outcome.outcome for line in page.context["answer"].assessment.lines]
    assert outcomes == ["above"] * 3
    assert "/demande/" in page.content.decode()


def test_what_is_wrong_is_said_by_the_field_and_what_was_typed_stays(client: Client) -> None:
    page = client.post(URL, {"applicant_age": "douze", "income_n2": "18 000"})
    assert page.status_code == 422
    assert "Votre âge" in page.content.decode()
    assert "18 000" in page.content.decode()


@pytest.mark.parametrize("typed", ["0", "999999", "-3", "١٢", "\x00", "a" * 5000])
def test_no_age_breaks_the_page(client: Client, typed: str) -> None:
    assert client.post(URL, {"applicant_age": typed}).status_code in (200, 422)


def test_nothing_is_kept_and_no_copy_is_allowed(client: Client) -> None:
    def counts() -> dict[str, int]:
        return {
            model._meta.label: model._base_manager.count()
            for model in apps.get_models()
            if model._meta.managed and not model._meta.proxy
        }

    before = counts()
    page = _post(client, income_n2="20 000")
    assert counts() == before
    assert "no-store" in page["Cache-Control"]
    assert not client.session.keys()


def test_the_two_languages_answer(client: Client) -> None:
    assert "À quoi puis-je prétendre" in client.get(URL).content.decode()


def test_only_an_offer_left_without_answer_takes_points_away(client: Client) -> None:
    """No text says which refusals are unjustified: the grid names the reasons that weigh."""
    explained = _post(client, declined="rent")
    silent = _post(client, declined="no_answer")
    assert explained.context["answer"].points.declared == 0
    assert silent.context["answer"].points.declared == -10
    assert "Proposition laissée sans réponse" in silent.content.decode()
