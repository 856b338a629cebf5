"""An agent with three hundred files and no mouse: parts, acts, the answer about a document."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from register.codes import DocumentStatus
from register.models import Demand, DemandState, Document, Event, EventKind, Membership
from tests.backoffice.test_browser import sign_in, waiting  # noqa: F401
from tests.browser import assert_fits_the_screen, axe
from tests.factories import make_commune, make_demand

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Most keys for a file whose document is checked and whose applicant is written to.
MOST_KEYS = 10


class Keys:
    """Presses, and counts."""

    def __init__(self, page: Any) -> None:
        self.page, self.count = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def leave(self, key: str) -> None:
        with self.page.expect_navigation():
            self.press(key)


def test_a_document_is_checked_and_its_applicant_written_to_in_ten_keys(
    new_page: Callable[..., Any],
    live_server: Any,
    agent: Membership,
    waiting: Demand,  # noqa: F811
) -> None:
    page = new_page(width=1280, height=800)
    sign_in(page, agent, live_server.url)
    page.goto("/bureau/?missing=identity")
    keys = Keys(page)
    keys.press("j")
    keys.leave("o")
    keys.press("a")
    keys.leave("Enter")
    expect(page.locator("img.paper")).to_be_visible()
    keys.press("a")
    keys.leave("Enter")
    keys.press("m")
    expect(page.locator("#message_body")).to_be_focused()
    page.keyboard.type("Bonjour, votre pièce est vérifiée.")
    keys.press("Tab")
    keys.leave("Enter")
    assert keys.count <= MOST_KEYS
    assert Document.objects.get().status == DocumentStatus.VERIFIED
    assert Event.objects.filter(kind=EventKind.MESSAGE_SENT).exists()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_parts_of_a_file_are_reached_by_a_key_or_a_link_and_the_one_in_view_is_marked(
    new_page: Callable[..., Any], live_server: Any, agent: Membership, width: int
) -> None:
    make_commune()
    demand = make_demand(state=DemandState.ACTIVE)
    page = new_page(width=width, height=800)
    sign_in(page, agent, live_server.url)
    page.goto(f"/bureau/dossiers/{demand.number}/")
    parts = page.locator(".file-parts a")
    for link in parts.all():
        assert page.locator(str(link.get_attribute("href"))).count() == 1
    page.keyboard.press("d")
    expect(page.locator("#section-documents")).to_be_focused()
    expect(page.locator("#section-documents")).to_be_in_viewport()
    marked = page.locator(".file-parts a[aria-current]")
    expect(marked).to_have_attribute("href", "#section-documents")
    page.keyboard.press("n")
    expect(page.locator("#section-mandates")).to_be_focused()
    page.keyboard.press("p")
    expect(page.locator("#section-documents")).to_be_focused()
    assert_fits_the_screen(page)
    axe(page)
    if width > 1000:
        expect(page.locator(".file-parts")).to_be_in_viewport()
    else:
        expect(parts.first).to_be_hidden()


def test_without_scripts_the_list_of_parts_leads_to_each_of_them_and_filters_open(
    new_page: Callable[..., Any], live_server: Any, agent: Membership
) -> None:
    make_commune()
    demand = make_demand(state=DemandState.ACTIVE)
    page = new_page(javascript=False, width=360)
    sign_in(page, agent, live_server.url)
    page.goto(f"/bureau/dossiers/{demand.number}/")
    page.locator(".file-parts summary").click()
    page.locator(".file-parts a[href='#section-timeline']").click()
    expect(page).to_have_url(re.compile("#section-timeline$"))
    page.goto("/bureau/?home_type=T3")
    page.locator(".filters > summary").click()
    expect(page.get_by_label("Taille du logement")).to_have_value("T3")
