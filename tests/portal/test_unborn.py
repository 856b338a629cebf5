"""Children to be born: a day that can be believed, and a number with it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from register.form.assembly import assemble
from register.models import Demand
from tests.factories import make_demand
from tests.portal.demand import answers_of, fill_minimum, post, prepare_register, signed_in

pytestmark = pytest.mark.django_db
PAGE = "foyer/naissance"


@pytest.fixture
def client(reference: None) -> Client:
    prepare_register()
    visitor = signed_in()
    fill_minimum(visitor)
    return visitor


def expecting(client: Client, count: str, days: int) -> Any:
    due: date = timezone.localdate() + timedelta(days=days)
    parts = zip("012", (due.day, due.month, due.year), strict=True)
    typed = {f"unborn_due_on_{place}": str(part) for place, part in parts}
    return post(client, PAGE, {"unborn_count": count, **typed})


@pytest.mark.parametrize("days", [-10_000, -33, 310])
def test_a_day_long_past_or_too_far_ahead_is_refused_beside_its_field(
    client: Client, days: int
) -> None:
    answer = expecting(client, "1", days)
    assert answer.status_code == 200
    assert "aria-invalid" in answer.content.decode()
    assert assemble(answers_of(client), email="", language="fr").unborn_due_on is None


@pytest.mark.parametrize("days", [-26, 0, 270])
def test_a_day_of_these_months_is_kept(client: Client, days: int) -> None:
    assert expecting(client, "2", days).status_code == 302
    read = assemble(answers_of(client), email="", language="fr")
    assert read.unborn_count == 2
    assert read.unborn_due_on == timezone.localdate() + timedelta(days=days)


@pytest.mark.parametrize("count", ["", "0"])
def test_a_day_without_a_number_asks_the_number_instead_of_being_dropped(
    client: Client, count: str
) -> None:
    answer = expecting(client, count, 60)
    assert answer.status_code == 200
    assert "combien d’enfants sont à naître" in answer.content.decode()


def test_a_month_after_the_day_she_is_asked_whether_the_child_is_born(client: Client) -> None:
    demand = make_demand(unborn_count=1, unborn_due_on=timezone.localdate() - timedelta(days=20))
    client.force_login(demand.account)
    place = f"/mon-espace/{demand.number}/"
    assert "L’enfant est-il né" not in client.get(place).content.decode()
    long_ago = timezone.localdate() - timedelta(days=40)
    Demand.objects.filter(pk=demand.pk).update(unborn_due_on=long_ago)
    page = client.get(place).content.decode()
    assert "L’enfant est-il né" in page
    assert f"{place}declaration/foyer-naissance/" in page


def test_a_number_without_a_day_is_enough(client: Client) -> None:
    assert post(client, PAGE, {"unborn_count": "1"}).status_code == 302
