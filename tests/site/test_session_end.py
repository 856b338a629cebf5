"""Nobody is signed out by surprise: a warning, one press, and the time begins again (R29)."""

import time
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.browser import follow
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db(transaction=False)
ENDS = "session_ends"


def sign_in(client: Client) -> None:
    credentials = {"login": make_user("lente@example.org").email, "password": PASSWORD}
    assert client.post("/compte/login/", credentials).status_code == 302


def test_the_browser_learns_when_the_session_ends_and_may_begin_it_again(client: Client) -> None:
    sign_in(client)
    in_full = time.time() + settings.SESSION_COOKIE_AGE
    assert abs(int(client.cookies[ENDS].value) - in_full) < 60
    client.cookies[ENDS] = "12"
    assert client.post("/accueil/rester/").status_code == 204
    assert abs(int(client.cookies[ENDS].value) - in_full) < 60
    assert client.get("/accueil/rester/").status_code == 405


def test_signing_out_forgets_the_end_and_nobody_stays_without_an_account(client: Client) -> None:
    sign_in(client)
    client.post("/compte/logout/")
    assert client.cookies[ENDS].value == ""
    refused = client.post("/accueil/rester/")
    assert refused.headers["Location"].startswith("/compte/login/")
    assert "data-session-end" not in client.get("/demande/").content.decode()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_warning_comes_two_minutes_before_and_one_press_goes_on(page: Any) -> None:
    user = make_user("lente@example.org")
    page.goto("/compte/login/")
    page.fill("#id_login", user.email)
    page.fill("#id_password", PASSWORD)
    follow(page, page.locator("main button[type=submit]"))
    page.goto("/demande/mes-etapes/")
    warning = page.locator("dialog[data-session-end]")
    assert not warning.is_visible()
    soon = str(int(time.time()) + 100)
    page.evaluate(f"document.cookie = '{ENDS}={soon}; path=/'")
    page.reload()
    warning.wait_for(state="visible")
    page.get_by_role("button", name="Rester connecté").click()
    warning.wait_for(state="hidden")
    ends = page.evaluate(f"Number(/{ENDS}=([0-9]+)/.exec(document.cookie)[1])")
    assert ends > time.time() + 3600
