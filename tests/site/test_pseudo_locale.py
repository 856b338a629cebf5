"""A language that nobody speaks, written from right to left, shows what is ready for another one.

Each text is its English between brackets: what shows without them never went through gettext.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from config.catalogue import FrenchCatalogue
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse
from django.utils.translation import trans_real

from portal.addresses import url_of
from register.form.revisions import applicable
from register.models import Demand
from rules.disk import MODULES
from tests.architecture.sources import ROOT, template_files
from tests.backoffice.conftest import signed_in as desk_of
from tests.factories import make_member
from tests.portal.demand import answers_of, fill_minimum, prepare_register, signed_in
from tests.portal.test_association import send

# Django writes it from right to left; only its texts are invented.
PSEUDO = "ar"
OPEN, CLOSE = "⟦", "⟧"
EASY = 'href="/guides/facile-a-lire/"'
SPACE = [
    "demand",
    "summary",
    "documents",
    "messages",
    "preferences",
    "access",
    "mandates",
    "renewal",
]
WORD = re.compile(r"[^\W\d_]{2,}")
SILENT = {"script", "style", "title", "svg"}
# Data: what somebody typed, names of places and of people, codes of the national lists, units, and
# months that Django itself writes.
DATA = re.compile(
    r"Dijon|Dupont-Lévêque|Émilie Rose|Côte-d’Or|carte\.jpg|\w+@example\.org|T[1-6]|PLAI|PLUS|PLS"
    r"|Français|English|FRANCE|[\u0600-\u06ff]+|m²|XLSX|CSV|CCH, art.*|GDPUB|Portail grand public"
    r"|Organisme \w+|\w+-\d+"
)
SPACES = re.compile(r"\s+")


class _Texts(HTMLParser):
    """The texts that somebody reads on a page."""

    def __init__(self) -> None:
        super().__init__()
        self.silent, self.texts = 0, list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        self.texts += [value for name, value in attrs if name == "aria-label" and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.texts.append(data.strip())


@pytest.fixture
def pseudo(tmp_path: Path) -> Iterator[None]:
    """The whole catalogue in the pseudo-language."""
    catalogue = Catalog(locale=PSEUDO, charset="utf-8", fuzzy=False)
    for message in FrenchCatalogue(ROOT).read():
        if message.id:
            plural = isinstance(message.id, tuple)
            texts = tuple(f"{OPEN}{text}{CLOSE}" for text in message.id) if plural else ()
            one = f"{OPEN}{message.id}{CLOSE}"
            string = texts[:1] + texts[1:] * (catalogue.num_plurals - 1) if plural else one
            catalogue.add(message.id, string, context=message.context)
    folder = tmp_path / PSEUDO / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "django.mo").open("wb") as stream:
        write_mo(stream, catalogue)
    languages = [*settings.LANGUAGES, (PSEUDO, "Pseudo")]
    with override_settings(LANGUAGES=languages, LOCALE_PATHS=[*settings.LOCALE_PATHS, tmp_path]):
        _forget()
        yield
    _forget()


def _forget() -> None:
    trans_real._translations.clear()
    for remembered in (trans_real.get_languages, trans_real.get_supported_language_variant):
        getattr(remembered, "cache_clear", int)()


@pytest.mark.django_db
def test_the_online_form_shows_no_text_that_another_language_could_not_translate(
    pseudo: None,
) -> None:
    prepare_register()
    client = signed_in()
    fill_minimum(client)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = PSEUDO
    form = ["/demande/", "/demande/mes-etapes/", "/demande/verification/"]
    form += [url_of(page) for page in applicable(answers_of(client))]
    assert _all_bare(client, form) == []
    # A page of the form leads to the guidance in easy words.
    assert all(EASY in client.get(address).text for address in form)
    sent = send(client)
    number = Demand.objects.get().number
    space = [reverse(f"space:{name}", args=[number]) for name in SPACE]
    assert _all_bare(client, [sent, *space]) == []
    agent = desk_of(make_member())
    agent.cookies[settings.LANGUAGE_COOKIE_NAME] = PSEUDO
    desk = [reverse("desk:worklist"), reverse("desk:file", args=[number])]
    assert "\n".join(_all_bare(agent, desk)) == ""


def _all_bare(client: Client, addresses: list[str]) -> list[str]:
    return [f"{address} {text}" for address in addresses for text in _bare(client, address)]


@cache
def _of_modules() -> tuple[str, ...]:
    """The texts of the rule modules, which hold them in each language: data of the territory."""
    found: set[str] = set()

    def collect(told: Any) -> None:
        if isinstance(told, str):
            found.add(SPACES.sub(" ", told))
        parts = told.values() if isinstance(told, dict) else told
        for part in parts if isinstance(told, dict | list) else ():
            collect(part)

    for path in MODULES.glob("*/*.json"):
        collect(json.loads(path.read_text(encoding="utf-8")))
    return tuple(sorted((each for each in found if " " in each), key=len, reverse=True))


def _without_modules(text: str) -> str:
    text = SPACES.sub(" ", text)
    for told in _of_modules():
        text = text.replace(told, "")
    return text


def _bare(client: Client, address: str) -> list[str]:
    page = client.get(address).content.decode()
    assert f'<html lang="{PSEUDO}" dir="rtl">' in page
    reader = _Texts()
    reader.feed("<main" + page.partition("<main")[2].partition("</main>")[0])
    inside, found = False, []
    for text in reader.texts:
        # A translated sentence may hold tags: it is read from its bracket to its bracket.
        if not (inside or OPEN in text) and WORD.search(DATA.sub("", _without_modules(text))):
            found.append(text)
        inside = (inside or OPEN in text) and text.count(OPEN) > text.count(CLOSE)
    return found


def test_every_page_says_in_which_direction_it_is_read() -> None:
    roots = [path for path in template_files() if "<html" in path.read_text(encoding="utf-8")]
    silent = [
        str(path.relative_to(ROOT))
        for path in roots
        if "dir=" not in path.read_text(encoding="utf-8") and path.name != "base_minimal.html"
    ]
    assert len(roots) >= 3
    assert silent == []


def test_no_style_names_a_side_of_the_screen() -> None:
    """The start and the end of a line change sides with the language; left and right do not."""
    sided = re.compile(r"(?:margin|padding|border)-(?:left|right)|text-align:\s*(?:left|right)")
    own = sorted((ROOT / "site" / "static" / "css").glob("*.css"))
    wrong = [path.name for path in own if sided.search(path.read_text(encoding="utf-8"))]
    assert own
    assert wrong == []
