"""Every type of page, read by axe in a real browser on a phone and on a wide screen."""

from typing import Any

import pytest

from tests import installed
from tests.browser import assert_fits_the_screen, axe

PAGES = [
    "/",
    "/en/",
    "/guides/",
    "/guides/documents/",
    "/guides/renouveler/",
    "/actualites/",
    "/actualites/phase-de-rodage/",
    "/questions-frequentes/",
    "/guichets/?commune=quetigny",
    "/charte/",
    "/accessibilite/",
    "/recherche/?q=etudiant",
    "/recherche/?q=zzxxyy",
]


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1280])
def test_every_type_of_page_is_accessible(transactional_db: Any, new_page: Any, width: int) -> None:
    installed.load("starter")
    installed.load("reference")
    installed.load("rules")
    page = new_page(width=width)
    for address in PAGES:
        page.goto(address)
        axe(page)
        assert_fits_the_screen(page)


@pytest.mark.browser
def test_a_question_opens_without_javascript(transactional_db: Any, new_page: Any) -> None:
    installed.load("starter")
    page = new_page(javascript=False)
    page.goto("/questions-frequentes/")
    first = page.locator("details").nth(1)
    first.locator("summary").click()
    assert first.locator("div").first.is_visible()
