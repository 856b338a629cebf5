"""Pages about rights at the width of a telephone and of a desk: they fit, everybody reads them."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from register.models import Membership, OrganisationKind, Role
from register.principals import SYSTEM
from register.services.assertions import check_now
from tests.backoffice.test_browser import sign_in
from tests.browser import assert_fits_the_screen, axe, follow
from tests.factories import make_commune, make_demand, make_member, make_organisation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = [360, 1280]


@pytest.fixture
def manager(rules: None) -> Membership:
    make_commune()
    holder = make_organisation("gestion", OrganisationKind.MANAGER, name="USH Bourgogne")
    return make_member(holder, Role.MANAGER)


def look(page: Any, name: str, width: int) -> None:
    """What every page must pass; its picture goes to the folder named by SHOTS, if any."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}-{width}.png"), full_page=True)
    assert_fits_the_screen(page)
    axe(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_manager_keeps_agreements_and_asks_why(
    new_page: Callable[..., Any], live_server: Any, manager: Membership, width: int
) -> None:
    demand = make_demand()
    landlord = make_organisation("bailleur", name="Bailleur de la Côte")
    member = make_member(landlord, Role.READER)
    page = new_page(width=width, height=900)
    sign_in(page, manager, live_server.url)
    page.goto(reverse("desk:agreements"))
    look(page, "conventions", width)
    follow(page, page.get_by_role("link", name="bailleur"))
    look(page, "convention", width)
    follow(page, page.get_by_role("link", name="Modifier les termes"))
    look(page, "convention-termes", width)
    page.goto(reverse("desk:oversight"))
    look(page, "droits", width)
    page.locator("#id_explain-member").select_option(str(member.pk))
    page.locator("#id_explain-number").fill(demand.number)
    follow(page, page.get_by_role("button", name="Expliquer"))
    look(page, "explication", width)
    page.goto(reverse("desk:oversight"))
    page.locator("#id_compare-member").select_option(str(manager.pk))
    page.locator("#id_compare-other").select_option(str(member.pk))
    follow(page, page.get_by_role("button", name="Comparer"))
    page.locator("main details").first.locator("summary").click()
    look(page, "comparaison", width)
    page.goto(reverse("desk:oversight"))
    page.locator("#id_see-member").select_option(str(member.pk))
    page.locator("#id_see-reason").fill("Vérification")
    follow(page, page.get_by_role("button", name="Voir comme cette personne"))
    look(page, "voir-comme", width)
    page.goto(reverse("desk:why", args=[demand.number]))
    look(page, "pourquoi", width)
    page.goto("/bureau/?state=struck_off")
    look(page, "vide", width)
    follow(page, page.get_by_role("button", name="Arrêter"))
    assert "Vous agissez de nouveau en votre nom" in page.content()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_officer_reads_and_writes_assertions(
    new_page: Callable[..., Any], live_server: Any, manager: Membership, width: int
) -> None:
    officer = make_member(manager.organisation, Role.DATA_PROTECTION)
    check_now(principal=SYSTEM)
    page = new_page(width=width, height=900)
    sign_in(page, officer, live_server.url)
    page.goto("/bureau/")
    look(page, "garanties", width)
    follow(page, page.get_by_role("link", name="Écrire une garantie"))
    look(page, "garantie", width)
