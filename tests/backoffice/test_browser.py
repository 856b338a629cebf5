"""An agent's morning: the list, a file, the identity document, an act; with and without scripts."""

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image
from playwright.sync_api import expect

from register import codes
from register.models import AccessLog, Demand, DemandState, Membership
from register.services.facts import refresh_facts
from tests.browser import assert_fits_the_screen, axe
from tests.factories import make_commune, make_demand

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = [360, 1280]


def sign_in(page: Any, member: Membership, base_url: str) -> None:
    from django.test import Client

    client = Client()
    client.force_login(member.user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": base_url}]
    )


@pytest.fixture
def waiting(db: Any) -> Demand:
    """A demand whose identity document, a picture, nobody has read yet."""
    make_commune()
    demand = make_demand(
        state=DemandState.AWAITING_CHECK, last_name="Lefèvre", first_names="Élodie", dependants=2
    )
    stored = demand.documents.get().stored_file
    picture = io.BytesIO()
    Image.new("RGB", (600, 380), "#dde6ee").save(picture, "JPEG")
    stored.content_type = "image/jpeg"
    stored.file.save(f"{stored.pk.hex}-picture", ContentFile(picture.getvalue()), save=False)
    stored.save()
    return demand


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("javascript", [True, False])
def test_an_agent_finds_a_demand_checks_its_document_and_acts(
    new_page: Callable[..., Any],
    live_server: Any,
    agent: Membership,
    waiting: Demand,
    width: int,
    javascript: bool,
) -> None:
    page = new_page(javascript=javascript, width=width, height=900)
    sign_in(page, agent, live_server.url)

    page.goto("/bureau/")
    assert_fits_the_screen(page)
    page.get_by_role("searchbox").fill("lefevre")
    page.get_by_role("button", name="Rechercher").click()
    assert "lefevre" not in page.url.lower()
    page.locator("[data-desk-open]").first.click()

    page.wait_for_url(f"**/bureau/dossiers/{waiting.number}/**")
    assert "Élodie Lefèvre" in page.locator("h1").inner_text()
    assert_fits_the_screen(page)
    assert page.get_by_text("Proposer pour un logement").count() == 0

    page.get_by_role("link", name="Vérifier la pièce d’identité").click()
    page.wait_for_url(re.compile(r"/documents/\d+/"), wait_until="load")
    assert page.locator("img.paper").evaluate("image => image.naturalWidth") == 600
    assert_fits_the_screen(page)
    page.get_by_role("button", name="Elle est conforme").click()
    page.wait_for_url(re.compile(rf"/dossiers/{waiting.number}/(\?|#|$)"))

    page.locator("#act-candidate > summary").click()
    page.locator("#act-candidate").get_by_role("button").click()
    expect(page).to_have_title(re.compile("^Erreur"))
    panel = page.locator("#act-candidate")
    panel.get_by_label("Taille du logement").select_option("T3")
    panel.get_by_label("Commune du logement").fill("Dijon")
    panel.get_by_label("Résidence ou rue").fill("Les Tilleuls")
    panel.get_by_role("button").click()
    page.wait_for_url(re.compile(rf"/dossiers/{waiting.number}/(\?|#|$)"))

    assert "T3, Les Tilleuls, Dijon" in page.locator(".timeline").inner_text()
    waiting.refresh_from_db()
    assert waiting.state == DemandState.UNDER_ALLOCATION
    assert waiting.documents.get().status == codes.DocumentStatus.VERIFIED
    assert AccessLog.objects.filter(demand=waiting, purpose="document").count() == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_of_the_desk_has_a_serious_accessibility_finding(
    new_page: Callable[..., Any],
    live_server: Any,
    lead: Membership,
    waiting: Demand,
    width: int,
) -> None:
    page = new_page(width=width, height=900)
    sign_in(page, lead, live_server.url)
    document = waiting.documents.get().pk
    for address in (
        "/bureau/",
        "/bureau/?size_min=abc",
        "/bureau/?home_type=T6P",
        f"/bureau/dossiers/{waiting.number}/",
        f"/bureau/dossiers/{waiting.number}/documents/{document}/",
        "/bureau/aide/",
        "/bureau/organismes/",
        "/bureau/statistiques/",
    ):
        page.goto(address)
        assert_fits_the_screen(page)
        axe(page)


def test_the_keyboard_alone_opens_files_beside_the_list(
    new_page: Callable[..., Any], live_server: Any, agent: Membership
) -> None:
    make_commune()
    first = make_demand(last_name="Aubert", received_on=None)
    second = make_demand(last_name="Zola")
    page = new_page(width=1280, height=900)
    sign_in(page, agent, live_server.url)
    page.goto("/bureau/")
    expect(page.get_by_label("Commune souhaitée")).to_be_hidden()
    page.keyboard.press("f")
    expect(page.get_by_label("Commune souhaitée")).to_be_focused()
    page.keyboard.type("dij")
    page.wait_for_selector("#commune-options option[value='Dijon (21000)']", state="attached")
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url(f"**/dossiers/{first.number}/")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url(f"**/dossiers/{second.number}/")
    expect(page.locator("#file-title")).to_be_focused()
    assert "Zola" in page.locator("h1").inner_text()
    assert page.locator(".mini[aria-current]").inner_text().startswith("Zola")
    page.keyboard.press("a")
    assert "Vérifier la pièce" in page.evaluate("document.activeElement.innerText")
    page.keyboard.press("a")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert AccessLog.objects.filter(demand=second).count() == 1
    page.reload()
    expect(page.locator("#file-title")).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keyboard-help")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#desk-search")).to_be_visible()


def test_the_file_after_one_that_left_the_list_is_the_next(
    new_page: Callable[..., Any], live_server: Any, agent: Membership
) -> None:
    make_commune()
    _first, second, *_others = [
        make_demand(last_name=name, received_on=date(2026, 1, day))
        for day, name in enumerate(("Aubert", "Besson", "Colin", "Zola"), start=1)
    ]
    page = new_page(width=1280, height=900)
    sign_in(page, agent, live_server.url)
    page.goto("/bureau/")
    for key in ("j", "j", "o"):
        page.keyboard.press(key)
    expect(page.locator("#file-title")).to_be_focused()
    assert "Besson" in page.locator("h1").inner_text()
    treated = {"state": "struck_off", "strike_off_reason": "RADABA", "struck_off_on": "2026-02-01"}
    Demand.objects.filter(pk=second.pk).update(**treated)
    refresh_facts(demand=second)
    page.reload()
    expect(page.locator("#file-title")).to_be_focused()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.innerText").startswith("Colin")
