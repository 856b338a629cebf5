"""Points in plain words: what gave none is said too, and how equal demands are told apart."""

from typing import Any

import pytest
from django.utils import timezone, translation

from register import access
from register.models import Demand
from register.selectors.scores import score_of
from tests.factories import make_demand, make_member, principal_of
from tests.portal.space import page, read, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


@pytest.fixture
def demand() -> Demand:
    """Sent today, by a household that no criterion of the grid is about."""
    return make_demand(received_on=timezone.localdate())


def test_a_demand_without_points_says_what_was_looked_at(demand: Demand) -> None:
    own = principal_of(demand.account)
    found = score_of(demand, access.fields(own, demand))
    assert found is not None
    assert (found.points, found.earned) == (0, ())
    assert found.unmet
    told = read(signed_in(demand.account), page(demand))
    assert "n’a pas de point aujourd’hui" in told
    assert all(line.title in told for line in found.unmet)


def test_the_file_says_the_same_and_how_equal_demands_are_told_apart(demand: Demand) -> None:
    agent = make_member(demand.registered_by)
    told = signed_in(agent.user).get(f"/bureau/dossiers/{demand.number}/").content.decode()
    assert "Ce qui a été regardé et ne donne pas de point" in told
    assert "du plus ancien au plus récent" in told
    assert "le plus petit ou le plus ancien d’abord" not in told


def test_a_page_in_english_marks_the_french_source_of_a_rule_as_a_quotation(demand: Demand) -> None:
    client: Any = signed_in(demand.account)
    client.cookies["django_language"] = "en"
    with translation.override("en"):
        told = client.get(page(demand)).content.decode()
    assert '<cite lang="fr">' in told
    assert '<cite lang="fr">' not in read(signed_in(demand.account), page(demand))
