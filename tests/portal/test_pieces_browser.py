"""A photo sent from a phone whose network is cut: it goes on, and nothing is sent twice."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image

from register.models import UploadPiece
from tests.browser import assert_fits_the_screen, axe
from tests.factories import PASSWORD, make_demand, make_user

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("rules"),
]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """As heavy as a phone makes them: it travels in several pieces."""
    path = tmp_path / "avis.jpg"
    Image.effect_noise((1600, 1200), 80).convert("RGB").save(path, "JPEG", quality=90)
    assert path.stat().st_size > 1024 * 1024
    return path


def open_documents(page: Any) -> Any:
    demand = make_demand(make_user("nora@example.org"), last_name="Benali")
    page.goto(reverse("space:documents", args=[demand.number]))
    page.fill("input[name=login]", "nora@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    return demand


def choose(page: Any, photo: Path) -> None:
    page.check("input[value=tax_notice]")
    page.set_input_files("input[type=file]", photo)
    page.get_by_role("button", name="Envoyer ce document").click()


def test_the_network_is_cut_and_comes_back(page: Any, photo: Path) -> None:
    demand, sent = open_documents(page), []

    def cut_after_two(route: Any) -> None:
        sent.append(route.request.headers.get("upload-offset"))
        if len(sent) == 3:
            route.abort("internetdisconnected")
        else:
            route.continue_()

    page.route("**/demande/envois/*/", cut_after_two)
    choose(page, photo)
    page.get_by_text("La connexion est coupée").wait_for()
    assert_fits_the_screen(page)
    axe(page)
    page.get_by_text("Votre document est dans votre dossier").wait_for()
    assert sent.count(sent[2]) == 2, "the piece that was lost, and no other, is sent again"
    assert len(set(sent)) == len(sent) - 1
    assert demand.documents.filter(kind="tax_notice").count() == 1
    assert not UploadPiece.objects.exists()


def test_the_page_is_closed_and_the_photo_chosen_again_goes_on(page: Any, photo: Path) -> None:
    demand = open_documents(page)
    page.route("**/demande/envois/*/", lambda route: _first_only(route))
    choose(page, photo)
    page.get_by_text("La connexion est coupée").wait_for()
    page.unroute("**/demande/envois/*/")
    page.reload()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.headers.get("upload-offset") or "-"))
    choose(page, photo)
    page.get_by_text("Votre document est dans votre dossier").wait_for()
    assert "0" not in asked
    assert demand.documents.filter(kind="tax_notice").count() == 1


def _first_only(route: Any) -> None:
    if route.request.headers.get("upload-offset") == "0":
        route.continue_()
    else:
        route.abort("internetdisconnected")


@pytest.mark.parametrize("javascript", [False])
def test_without_scripts_the_form_sends_it_whole(page: Any, photo: Path, javascript: bool) -> None:
    demand = open_documents(page)
    choose(page, photo)
    page.get_by_text("Votre document est dans votre dossier").wait_for()
    assert demand.documents.filter(kind="tax_notice").count() == 1
