"""The shell every page stands in: errors tied to questions, nothing inline, private pages."""

import re
from pathlib import Path
from typing import Any

import pytest
from config.middleware import EditorPolicy, PrivatePages
from crispy_forms.utils import render_crispy_form
from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import mail
from django.forms.renderers import TemplatesSetting
from django.http import HttpResponse
from django.template import engines
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation
from playwright.sync_api import expect

from register.web.inputs import Renderer
from tests.browser import assert_fits_the_screen, axe

TEMPLATES = Path(settings.BASE_DIR) / "site" / "templates"
PUBLIC_PAGES = ("/compte/login/", "/compte/signup/", "/compte/password/reset/")
ERROR_PAGES = ("400", "403", "403_csrf", "404", "429", "500", "503")
PASSWORD = "une phrase de passe assez longue"
KEPT = engines["django"].from_string(
    "{% load i18n shell %}{% kept place %}{{ place }} {% translate 'My account' %}{{ who }}"
    "{% csrf_token %}{% endkept %}"
)


class Household(forms.Form):
    """One question of each kind."""

    name = forms.CharField(label="Nom", help_text="Comme sur votre pièce d’identité.")
    phone = forms.CharField(label="Téléphone", required=False)
    expecting = forms.ChoiceField(
        label="Attendez-vous un enfant ?",
        choices=[("yes", "Oui"), ("no", "Non")],
        widget=forms.RadioSelect,
    )
    paper = forms.FileField(label="Avis d’impôt", help_text="Photo ou PDF.")
    sure = forms.BooleanField(label="C’est exact.")


@pytest.fixture
def broken_form() -> str:
    with translation.override("fr"):
        return str(render_crispy_form(Household({})))


def _tag_with(html: str, attribute: str) -> str:
    found = re.search(rf"<[a-z]+[^>]*{re.escape(attribute)}[^>]*>", html)
    assert found, attribute
    return found[0]


def test_the_hint_and_the_error_of_a_question_are_read_with_it(broken_form: str) -> None:
    described = re.search(r'aria-describedby="([^"]+)"', _tag_with(broken_form, 'name="name"'))
    assert described
    assert described[1].split() == ["id_name_helptext", "id_name_error"]
    for identifier in described[1].split():
        assert f'id="{identifier}"' in broken_form


def test_the_error_stands_before_the_answer_it_is_about(broken_form: str) -> None:
    assert broken_form.index('id="id_name_error"') < broken_form.index('name="name"')


def test_only_optional_questions_are_marked(broken_form: str) -> None:
    assert broken_form.count("(facultatif)") == 1
    assert "asteriskField" not in broken_form


def test_choices_are_grouped_under_their_question(broken_form: str) -> None:
    group = re.search(r"<fieldset.*?</fieldset>", broken_form, re.DOTALL)
    assert group
    assert "<legend" in group[0]
    assert group[0].count('type="radio"') == 2


def test_a_file_question_keeps_a_label_of_its_own(broken_form: str) -> None:
    assert '<label for="id_paper"' in broken_form


def test_each_line_of_the_error_summary_leads_to_an_existing_answer(broken_form: str) -> None:
    summary = render_to_string("components/error_summary.html", {"form": Household({})})
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert targets == ["id_name", "id_expecting_0", "id_paper", "id_sure"]
    for target in targets:
        assert f'id="{target}"' in broken_form


def test_no_summary_is_shown_before_anything_is_sent() -> None:
    assert render_to_string("components/error_summary.html", {"form": Household()}).strip() == ""


def _kept(language: str, **said: Any) -> str:
    with translation.override(language):
        return KEPT.render(said | {"csrf_token": "secret"})


def test_what_is_kept_for_everybody_holds_nothing_of_a_request() -> None:
    assert _kept("fr", place="/a/", who="Rosa") == _kept("fr", place="/a/") == "/a/ Mon compte"


def test_what_is_kept_follows_the_language_and_the_place() -> None:
    said = [_kept(language, place=place) for place in ("/a/", "/b/") for language in ("fr", "en")]
    assert said == ["/a/ Mon compte", "/a/ My account", "/b/ Mon compte", "/b/ My account"]


@pytest.mark.parametrize("value", ["<b>&\"'", 1234, True, None, "é"])
def test_an_input_is_written_as_django_writes_it(value: Any) -> None:
    for widget in (
        forms.TextInput(),
        forms.PasswordInput(render_value=True),
        forms.CheckboxInput(),
    ):
        attrs = {"id": "a", "required": True, "hidden": False, "data-told": value}
        ours, django = (
            widget.render("n<", value, attrs, renderer)
            for renderer in (Renderer(), TemplatesSetting())
        )
        assert ours == django


@pytest.mark.django_db
def test_the_title_of_a_page_in_error_says_so_first(client: Client) -> None:
    page = client.post("/compte/login/", {"login": "", "password": ""}).content.decode()
    assert "<title>Erreur\u00a0: Se connecter" in re.sub(r"\s+(?=Erreur)", "", page)


@pytest.mark.django_db
def test_what_was_typed_is_kept_when_sign_in_fails(client: Client) -> None:
    page = client.post("/compte/login/", {"login": "rosa@example.org", "password": "x"})
    assert 'value="rosa@example.org"' in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", PUBLIC_PAGES)
def test_pages_hold_nothing_the_strict_policy_refuses(client: Client, address: str) -> None:
    response = client.get(address)
    page = response.content.decode()
    assert "unsafe-inline" not in response["Content-Security-Policy"]
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", page)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


@pytest.mark.django_db
def test_the_first_thing_a_keyboard_meets_is_the_way_to_the_content(client: Client) -> None:
    body = client.get("/compte/login/").content.decode().partition("<body")[2]
    assert re.search(r"<(?:a|button|input|summary)[^>]*>", body)[0].startswith(
        '<a class="skip-link" href="#main"'
    )
    assert '<main id="main"' in body


@pytest.mark.django_db
def test_a_person_changes_the_language_without_a_script(client: Client) -> None:
    response = client.post("/langue/setlang/", {"language": "en", "next": "/compte/login/"})
    assert response.status_code == 302
    assert "<h1>Sign in</h1>" in client.get("/compte/login/").content.decode()


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_error_pages_need_neither_database_nor_context(name: str) -> None:
    page = render_to_string(f"{name}.html")
    assert page.count("<h1>") == 1
    assert '<div lang="en">' in page


def test_a_refused_page_reads_like_a_missing_one() -> None:
    assert render_to_string("403.html") == render_to_string("404.html")


def _answer(request: Any) -> HttpResponse:
    return HttpResponse("page")


def test_a_page_shown_to_somebody_we_know_is_never_kept_by_a_cache(rf: RequestFactory) -> None:
    request = rf.get("/mon-espace/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "abc"
    assert PrivatePages(_answer)(request)["Cache-Control"] == "no-store, private"


def test_a_page_for_anybody_may_be_kept(rf: RequestFactory) -> None:
    assert "Cache-Control" not in PrivatePages(_answer)(rf.get("/guichets/"))


def test_the_answer_that_opens_a_session_is_private_too(rf: RequestFactory) -> None:
    def sign_in(request: Any) -> HttpResponse:
        response = HttpResponse("welcome")
        response.set_cookie(settings.SESSION_COOKIE_NAME, "abc")
        return response

    assert PrivatePages(sign_in)(rf.post("/compte/login/"))["Cache-Control"] == "no-store, private"


def test_editors_have_their_own_policy_and_it_names_no_other_machine(rf: RequestFactory) -> None:
    policy = EditorPolicy(_answer)(rf.get("/edition/pages/"))["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-inline'" in policy
    assert "http" not in policy
    assert "Content-Security-Policy" not in EditorPolicy(_answer)(rf.get("/guichets/"))


@pytest.mark.django_db
def test_creating_an_account_sends_one_plain_message_with_one_link(client: Client) -> None:
    client.post(
        "/compte/signup/",
        {"email": "rosa@example.org", "password1": PASSWORD, "password2": PASSWORD},
    )
    (message,) = mail.outbox
    assert message.subject == "Confirmez votre adresse e-mail"
    assert re.findall(r"https?://([^/\s]+)", message.body) == ["testserver"]
    assert "Bonjour," in message.body
    assert "example.com" not in message.body


@pytest.mark.django_db
def test_only_pressing_the_button_confirms_an_address(client: Client) -> None:
    client.post(
        "/compte/signup/",
        {"email": "rosa@example.org", "password1": PASSWORD, "password2": PASSWORD},
    )
    link = re.search(r"https?://testserver(\S+)", mail.outbox[0].body)[1]
    user = get_user_model().objects.get(email="rosa@example.org")
    page = client.get(link).content.decode()
    assert "Oui, c’est mon adresse" in page
    assert not user.emailaddress_set.get().verified
    client.post(link, {"next": "/"})
    assert user.emailaddress_set.get().verified


@pytest.mark.django_db
def test_every_page_of_the_account_opens(client: Client) -> None:
    user = get_user_model().objects.create_user(email="rosa@example.org", password=PASSWORD)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    client.force_login(user)
    client.post("/compte/reauthenticate/", {"password": PASSWORD, "next": "/compte/2fa/"})
    for address in (
        "/compte/password/change/",
        "/compte/email/",
        "/compte/2fa/",
        "/compte/2fa/totp/activate/",
        "/compte/sessions/",
        "/compte/logout/",
    ):
        response = client.get(address)
        assert response.status_code == 200, address
        assert response["Cache-Control"] == "no-store, private"


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    sprite = (Path(settings.BASE_DIR) / "site/static/icons.svg").read_text(encoding="utf-8")
    drawn = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    rooms = ("site", "portal", "backoffice", "observatory", "exchange", "register", "rules")
    named = {
        name
        for room in rooms
        for template in (Path(settings.BASE_DIR) / room).rglob("*.html")
        for name in re.findall(r'{% icon "([^"]+)"', template.read_text(encoding="utf-8"))
    }
    assert named - drawn == set()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", [*PUBLIC_PAGES, "/nulle-part/"])
def test_pages_are_accessible_and_fit_a_phone(page: Any, address: str) -> None:
    page.goto(address)
    assert_fits_the_screen(page)
    axe(page)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_after_a_mistake_the_focus_is_on_the_summary(page: Any) -> None:
    page.goto("/compte/login/")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator(".error-summary a").first.click()
    expect(page.locator("#id_login")).to_be_focused()
    axe(page)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("javascript", [True, False])
def test_the_phone_menu_opens_without_a_script(page: Any) -> None:
    page.goto("/compte/login/")
    page.locator("summary", has_text="Menu").click()
    assert page.locator(".nav-phone").get_by_text("Demander un logement").is_visible()


def test_no_template_writes_a_key_as_a_number_is_read() -> None:
    """From a thousand on, it would hold a space: the link leads nowhere, the form is refused."""
    bare = re.compile(r"\{\{ ?[\w.]*\.pk ?\}\}")
    templates = TEMPLATES.rglob("*.html")
    assert not {
        str(path.relative_to(TEMPLATES)): found
        for path in templates
        if (found := bare.findall(path.read_text(encoding="utf-8")))
    }
