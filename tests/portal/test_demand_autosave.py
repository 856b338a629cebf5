"""Saving while one types, in a real browser."""

from typing import Any

import pytest

from portal.models import Draft
from register.models import User
from tests.factories import PASSWORD, make_user
from tests.portal.demand import prepare_register

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "/demande/coordonnees/adresse/"


@pytest.fixture
def writer(db: Any, page: Any) -> User:
    """Somebody signed in who has the address page before her."""
    prepare_register()
    user = make_user()
    page.goto(f"/compte/login/?next={PAGE}")
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.locator("[name=city]").wait_for()
    page.wait_for_load_state("load")
    return user


def kept(user: User) -> str:
    return Draft.objects.get(user=user).answers["coordonnees-adresse"]["raw"]["city"][0]


def test_what_is_typed_is_saved_without_pressing_anything(page: Any, writer: User) -> None:
    page.fill("[name=city]", "Chevigny-Saint-Sauveur")
    page.locator("[name=city]").blur()
    page.get_by_text("Enregistré à").wait_for()
    assert kept(writer) == "Chevigny-Saint-Sauveur"


def test_what_is_typed_before_the_script_arrives_is_saved_too(page: Any, writer: User) -> None:
    page.route("**/demand*.js", lambda route: (page.wait_for_timeout(1500), route.continue_()))
    page.goto(PAGE, wait_until="commit")
    page.fill("[name=city]", "Talant")
    page.get_by_text("Enregistré à").wait_for()
    assert kept(writer) == "Talant"


def test_without_a_connection_one_is_told_and_the_text_stays(page: Any, writer: User) -> None:
    page.context.set_offline(True)
    page.fill("[name=city]", "Beaune")
    page.locator("[name=city]").blur()
    page.get_by_text("Pas de connexion pour le moment").wait_for()
    assert page.input_value("[name=city]") == "Beaune"


def test_signed_out_meanwhile_the_answer_is_there_after_signing_in(page: Any, writer: User) -> None:
    page.context.clear_cookies(name="sessionid")
    page.fill("[name=city]", "Chenôve")
    page.locator("[name=city]").blur()
    page.get_by_text("La connexion s’est arrêtée").wait_for()
    page.locator("main button.btn[value=continue]").click()
    page.fill("[name=login]", writer.email)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.get_by_text("La connexion est rétablie").wait_for()
    assert page.input_value("[name=city]") == "Chenôve"
    assert kept(writer) == "Chenôve"
