"""The space on a phone, with and without scripts, and the letter-box of the demonstration."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from register.models import Demand
from register.services import acts, documents
from register.services.journal import record_access
from register.services.mandates import give_mandate
from tests.browser import assert_fits_the_screen, axe, follow
from tests.factories import (
    PASSWORD,
    make_commune,
    make_demand,
    make_member,
    make_organisation,
    make_user,
    principal_of,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("rules"),
]
PAGES = ("demand", "summary", "documents", "messages", "access", "mandates", "renewal")


@pytest.fixture
def demand() -> Demand:
    """A demand to which everything happened."""
    demand = make_demand(make_user("nora@example.org"), last_name="Benali", dependants=1)
    make_commune("21515", "Quetigny")
    agent = principal_of(make_member(make_organisation("gdh", name="Grand Dijon Habitat")))
    mine = principal_of(demand.account)
    documents.refuse_document(
        principal=agent, demand=demand, document=demand.documents.get(), reason="Photo floue"
    )
    acts.propose_candidate(principal=agent, demand=demand, home_type="T3", commune="21515")
    acts.refuse_candidate(principal=agent, demand=demand, reason="better_ranked", text="Désolé")
    acts.request_piece(principal=agent, demand=demand, piece="tax_notice", text="Deux pages")
    acts.send_message(principal=agent, demand=demand, body="Bonjour")
    acts.send_message(principal=mine, demand=demand, body="Merci")
    record_access(principal=agent, demand=demand, purpose="view")
    give_mandate(
        principal=mine,
        demand=demand,
        helper_email=make_user("aide@example.org").email,
        ends_on=timezone.localdate() + timedelta(days=9),
    )
    return demand


def check(page: Any, javascript: bool) -> None:
    """The page fits; its accessibility is examined too where scripts can run (axe is one)."""
    page.wait_for_load_state("networkidle")  # the page is measured in its own letters
    assert_fits_the_screen(page)
    if javascript:
        axe(page)


def sign_in(page: Any, email: str, path: str) -> None:
    page.goto(path)
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    follow(page, page.locator("main button[type=submit]"))


@pytest.mark.parametrize("javascript", [True, False])
def test_every_page_of_the_space_is_readable_by_all_on_a_phone(
    demand: Demand, page: Any, javascript: bool
) -> None:
    sign_in(page, "nora@example.org", "/mon-espace/")
    for name in PAGES:
        page.goto(reverse(f"space:{name}", args=[demand.number]))
        check(page, javascript)


@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_sends_what_was_asked_writes_and_ends_a_mandate(
    demand: Demand, page: Any, javascript: bool, tmp_path: Any
) -> None:
    from PIL import Image

    photo = tmp_path / "avis.png"
    Image.new("RGB", (400, 300), "white").save(photo)
    sign_in(page, "nora@example.org", "/mon-espace/")
    follow(page, page.get_by_role("link", name="Envoyer ce document").nth(1))
    assert page.locator("input[value=tax_notice]").is_checked()
    page.set_input_files("input[type=file]", photo)
    page.get_by_role("button", name="Envoyer ce document").click()
    page.get_by_text("Votre document est dans votre dossier").wait_for()

    page.goto(reverse("space:messages", args=[demand.number]))
    page.get_by_role("button", name="Envoyer mon message").click()
    expect(page).to_have_title(re.compile("^Erreur"))
    check(page, javascript)
    page.fill("textarea", "Voici l’avis complet.")
    page.get_by_role("button", name="Envoyer mon message").click()
    page.get_by_text("Votre message est envoyé.").wait_for()

    page.goto(reverse("space:mandates", args=[demand.number]))
    page.get_by_role("button", name="Mettre fin à cet accès").click()
    page.get_by_text("Cette personne ne peut plus voir votre demande.").wait_for()
    assert demand.documents.filter(kind="tax_notice").exists()
    assert demand.messages.filter(body="Voici l’avis complet.").exists()
    assert demand.mandates.get().revoked_at is not None


@pytest.mark.parametrize("javascript", [True, False])
def test_a_helper_and_a_newcomer_find_their_way(
    demand: Demand, page: Any, javascript: bool
) -> None:
    sign_in(page, "aide@example.org", "/mon-espace/")
    check(page, javascript)
    page.get_by_role("link", name="Camille Benali").click()
    page.get_by_text("Vous agissez au nom de").wait_for()
    check(page, javascript)
    for name in ("summary", "documents"):
        page.goto(reverse(f"space:{name}", args=[demand.number]))
        check(page, javascript)


def test_the_number_is_copied_by_one_press(demand: Demand, new_page: Any) -> None:
    page = new_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, "nora@example.org", "/mon-espace/")
    page.get_by_role("button", name="Copier").click()
    page.get_by_text("Copié").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == demand.number


@pytest.mark.parametrize("javascript", [True, False])
def test_the_letter_box_of_the_demonstration_is_readable(
    page: Any, javascript: bool, settings: Any
) -> None:
    settings.EMAIL_FILE_PATH.mkdir(parents=True, exist_ok=True)
    backend = get_connection("django.core.mail.backends.filebased.EmailBackend")
    mail = EmailMessage(
        "Confirmez votre adresse e-mail",
        "Bonjour,\n\nouvrez http://127.0.0.1:8000/compte/confirm-email/" + "a" * 60 + "/",
        to=["camille@example.org"],
        connection=backend,
    )
    mail.attach("attestation.pdf", b"%PDF-1.7", "application/pdf")
    mail.send()
    page.goto("/demo/courrier/")
    check(page, javascript)
    follow(page, page.get_by_role("link", name="Confirmez votre adresse e-mail"))
    check(page, javascript)
    assert page.get_by_role("link", name="confirm-email").count() == 1
