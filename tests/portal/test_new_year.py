"""A draft that crosses 1 January: each income stays with the year it was typed for."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from portal import drafts
from register.form.answers import Answers
from register.form.assembly import assemble
from register.models import Demand, User
from tests.factories import make_user
from tests.portal.demand import answers_of, draft_of, fill_minimum, post, prepare_register

pytestmark = pytest.mark.django_db
OTHER = "foyer/codemandeurs/0a1b2c3d"


@pytest.fixture(autouse=True)
def _register(reference: None) -> None:
    prepare_register()


@pytest.fixture
def user() -> User:
    return make_user()


def on(year: int, month: int, day: int) -> Any:
    noon = datetime(year, month, day, 12, tzinfo=timezone.get_current_timezone())
    return time_machine.travel(noon, tick=False)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shown(client: Client, page: str = "ressources") -> str:
    return client.get(f"/demande/{page}/").content.decode()


def year_carried(page: str) -> str:
    found = re.search(r'name="tax_year"\s+value="(\d+)"', page)
    assert found, page
    return found[1]


def begun_in_december(user: User) -> Client:
    """Incomes of 2024 and 2025 typed on 28 December 2026."""
    with on(2026, 12, 28):
        client = browser(user)
        fill_minimum(client)
        page = shown(client)
        assert "2024" in page
        typed = {"tax_income_n2": "30000", "tax_income_n1": "20000"}
        post(client, "ressources", {**typed, "tax_year": year_carried(page)})
    return browser(user)


def test_an_income_typed_in_december_keeps_its_year_in_january_and_the_new_one_is_asked(
    user: User,
) -> None:
    begun_in_december(user)
    with on(2027, 1, 5):
        client = browser(user)
        page = shown(client)
        assert "L’année a changé" in page
        assert year_carried(page) == "2025"
        summary = client.get("/demande/verification/").content.decode()
        assert "L’année a changé" in summary
        read = assemble(answers_of_today(client), email="", language="fr")
        assert read.tax_year == 2025
        assert read.persons[0].tax_income_n2 == 20000
        assert read.persons[0].tax_income_n1 is None
        client.post("/demande/envoi/", {"token": str(draft_of(client).submission_token)})
    demand = Demand.objects.get()
    assert demand.tax_year == 2025
    assert demand.persons.get().tax_income_n2 == Decimal(20000)


def answers_of_today(client: Client) -> Answers:
    """The answers as a page of today reads them."""
    user = User.objects.get(pk=client.session["_auth_user_id"])
    return Answers(drafts.current(user).answers)


def test_once_the_page_is_saved_again_nothing_is_said_any_more(user: User) -> None:
    begun_in_december(user)
    with on(2027, 1, 5):
        client = browser(user)
        again = {"tax_income_n2": "20000", "tax_income_n1": "19000", "tax_year": "2025"}
        post(client, "ressources", again)
        assert "L’année a changé" not in client.get("/demande/verification/").content.decode()
        read = assemble(answers_of(client), email="", language="fr")
        assert (read.tax_year, read.persons[0].tax_income_n1) == (2025, 19000)


def test_a_page_shown_before_midnight_and_sent_after_is_of_the_year_it_was_shown_for(
    user: User,
) -> None:
    with on(2026, 12, 31):
        client = browser(user)
        fill_minimum(client)
        carried = year_carried(shown(client))
    with on(2027, 1, 1):
        client = browser(user)
        typed = {"tax_income_n2": "30000", "tax_income_n1": "20000", "tax_year": carried}
        post(client, "ressources", typed)
        read = assemble(answers_of_today(client), email="", language="fr")
        assert (read.tax_year, read.persons[0].tax_income_n2) == (2025, 20000)


def test_another_co_applicant_keeps_her_years_too(user: User) -> None:
    with on(2026, 12, 28):
        client = browser(user)
        post(client, "foyer", {"has_co_applicant": "oui"})
        post(client, "foyer/conjoint", {"has_others": "oui"})
        post(client, OTHER, {"first_names": "Ana", "tax_income_n1": "7000"})
    with on(2027, 1, 5):
        raw = answers_of_today(browser(user)).raw("foyer-codemandeurs", "0a1b2c3d")
        assert (raw["tax_income_n2"], raw["tax_income_n1"]) == (["7000"], [])


def test_a_year_that_nobody_was_asked_is_not_believed(user: User) -> None:
    with on(2026, 6, 1):
        client = browser(user)
        fill_minimum(client)
        for wrong in ("1999", "2030", "deux mille", "-1"):
            post(client, "ressources", {"tax_income_n2": "30000", "tax_year": wrong})
            assert assemble(answers_of(client), email="", language="fr").tax_year == 2024


def test_a_reading_from_an_income_of_years_gone_says_so_in_the_space(user: User) -> None:
    begun_in_december(user)
    with on(2026, 12, 29):
        client = browser(user)
        client.post("/demande/envoi/", {"token": str(draft_of(client).submission_token)})
    demand = Demand.objects.get()
    old = "revenu de 2025, à mettre à jour"
    with on(2026, 12, 30):
        assert old not in browser(user).get(f"/mon-espace/{demand.number}/").content.decode()
    with on(2027, 11, 5):
        assert old in browser(user).get(f"/mon-espace/{demand.number}/").content.decode()
