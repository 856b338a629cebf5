"""The rule editor in a real browser: who is in front of it, and what they look at."""

from contextlib import suppress
from typing import Any

from cms.editorial import EDITORS, set_up_editorial_team
from django.contrib.auth.models import Group
from django.test import Client
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import expect

from register.models import User
from rules.editor import shelf
from tests import installed

from .rule_pages import RULES

PASSWORD = "a long enough passphrase"
# Wagtail's own menu and headers, which are not ours to mend.
NOT_OURS = ("[data-wagtail-sidebar]", ".w-slim-header")
FACT = "[role=combobox]"


def in_front_of_the_modules(new_page: Any, base: str) -> Any:
    """A page of an editor, with the delivered modules in force."""
    installed.load("reference")
    installed.load("rules")
    page = new_page(width=1280, height=900)
    open_as_editor(page, base)
    return page


def open_as_editor(page: Any, base: str) -> None:
    """Sign an editor in without the sign-in page, which has its own tests."""
    set_up_editorial_team()
    user = User.objects.create_user("editrice@example.org", PASSWORD)
    user.groups.add(Group.objects.get(name=EDITORS))
    client = Client()
    client.force_login(user)
    page.context.add_cookies(
        [
            {"name": name, "value": cookie.value, "url": base}
            for name, cookie in client.cookies.items()
        ]
    )


def rule_address(module: str, section: str, code: str) -> str:
    version = shelf.draft(module)
    assert version is not None
    codes = [rule["code"] for rule in shelf.rules_of(version, section)]
    return f"{RULES}{module}/{section}/{codes.index(code) + 1}/"


def said(page: Any, text: str) -> None:
    """Wait until the sentence says this, whatever its spaces."""
    expect(page.locator(".rules-sentence")).to_contain_text(text, use_inner_text=True)


def part(page: Any, name: str) -> Any:
    """One field of the rule, with its label."""
    return page.locator(f"[data-contentpath={name}]").first


def add_block(page: Any, button: Any, typed: str) -> None:
    """Add a block with the keyboard: its kind is found by typing a part of its name.

    The block that came before takes the focus when it is ready, maybe from the menu just opened or
    in the middle of a word: a person looks at what the menu found, and begins again.
    """
    search = page.locator("[data-tippy-root] input:focus")
    found = page.locator("[data-tippy-root] [role=option]:visible")
    for _again in range(4):
        with suppress(PlaywrightTimeout, AssertionError):
            button.press("Enter")
            search.wait_for(timeout=5_000)
            page.keyboard.type(typed)
            expect(found).to_have_count(1, timeout=5_000)
            expect(found).to_contain_text(typed, ignore_case=True)
            break
        page.keyboard.press("Escape")
    expect(search).to_have_value(typed)
    page.keyboard.press("Enter")


def choose_fact(page: Any, field: Any, typed: str) -> None:
    """Choose a fact by typing a part of its name."""
    field.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(typed)
    page.keyboard.press("Enter")


def focused_in(page: Any, block: Any) -> bool:
    return bool(block.evaluate("element => element.contains(document.activeElement)"))
