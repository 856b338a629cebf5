"""What a visitor of the public site gets."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from cms.models import GuidePage, HomePage, NewsPage
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page

from rules import drafts
from rules.life import Actor
from rules.models import RuleModule
from tests import installed

OTHER_ADDRESSES = ["/recherche/", "/recherche/?q=etudiant", "/en/search/?q=renew"]
MOST_QUERIES = 15


class Outline(HTMLParser):
    """The headings of a page, its outside addresses and its forbidden attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.outside: list[str] = []
        self.inline: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        for name, value in attrs:
            if name in {"href", "src", "action"} and re.match(r"(https?:)?//", value or ""):
                self.outside.append(value or "")
            if name == "style" or name.startswith("on"):
                self.inline.append(f"{tag} {name}")


def addresses() -> list[str]:
    return [page.url for page in Page.objects.live().filter(depth__gt=1).order_by("path")]


def test_every_starter_page_answers_in_its_own_language(site: None, client: Client) -> None:
    for page in Page.objects.live().filter(depth__gt=1).select_related("locale"):
        response = client.get(page.url)
        language = page.locale.language_code
        assert response.status_code == 200, page.url
        assert f'<html lang="{language}" dir="ltr">' in response.content.decode(), page.url


def test_headings_never_skip_a_level_and_nothing_comes_from_outside(
    site: None, client: Client
) -> None:
    for address in [*addresses(), *OTHER_ADDRESSES]:
        html = client.get(address).content.decode()
        page = Outline(html)
        assert page.levels[0] == 1, address
        assert page.levels.count(1) == 1, address
        steps = zip(page.levels, page.levels[1:], strict=False)
        assert all(below <= above + 1 for above, below in steps), (address, page.levels)
        ours = f"{settings.WAGTAILADMIN_BASE_URL}/"
        assert all(address.startswith(ours) for address in page.outside), page.outside
        assert page.inline == [], address


def test_a_page_costs_few_queries(
    site: None, client: Client, django_assert_max_num_queries: Any
) -> None:
    for address in [*addresses(), *OTHER_ADDRESSES]:
        client.get(address)
        with django_assert_max_num_queries(MOST_QUERIES):
            client.get(address)


def test_an_unpublished_page_answers_like_a_missing_one(site: None, client: Client) -> None:
    guide = GuidePage.objects.get(slug="renouveler")
    address = guide.url
    guide.unpublish()

    assert client.get(address).status_code == 404
    assert client.get("/guides/nothing-here/").status_code == 404


def test_the_switch_leads_to_the_translation_or_to_the_other_home(
    site: None, client: Client
) -> None:
    translated = client.get("/guides/renouveler/").content.decode()
    alone = client.get("/guides/plafonds-de-ressources/").content.decode()

    assert 'href="/en/guides/renew/" lang="en"' in translated
    assert 'href="/en/" lang="en"' in alone
    assert 'href="/" lang="fr"' in client.get("/en/").content.decode()


def test_the_language_read_last_is_kept_for_the_form(site: None, client: Client) -> None:
    client.get("/guides/")
    assert "django_language" not in client.cookies
    client.get("/en/guides/")
    assert client.cookies["django_language"].value == "en"
    client.get("/guides/")
    assert client.cookies["django_language"].value == "fr"


def test_bringing_the_starter_content_twice_changes_nothing(site: None) -> None:
    home = HomePage.objects.get(slug="accueil")
    home.title = "Titre changé par une éditrice"
    home.save_revision().publish()
    NewsPage.objects.get(slug="phase-de-rodage").delete()
    before = list(Page.objects.order_by("path").values_list("path", "title", "slug"))

    call_command("load_starter_content", verbosity=0)

    assert list(Page.objects.order_by("path").values_list("path", "title", "slug")) == before


def test_no_starter_link_is_left_unresolved(site: None, client: Client) -> None:
    for address in addresses():
        html = client.get(address).content.decode()
        assert "page:" not in html, address
        assert "<a>" not in html, address


def test_an_invented_piece_of_news_says_so(site: None, client: Client) -> None:
    assert "est inventé" in client.get("/actualites/phase-de-rodage/").content.decode()
    assert "est inventé" not in client.get("/actualites/plafonds-2026/").content.decode()


def test_a_page_written_in_french_only_does_not_undo_the_choice_of_english(
    site: None, client: Client
) -> None:
    client.get("/en/guides/")
    assert 'lang="fr"' in client.get("/mentions-legales/").content.decode()
    form = client.get("/demande/").content.decode()
    assert '<html lang="en"' in form
    assert 'class="brand" href="/en/"' in form
    assert "Legal notice (in French)" in form


def test_the_directory_shows_the_department_served_and_offers_the_others(
    site: None, client: Client
) -> None:
    installed.load("reference")

    def cities(query: dict[str, str]) -> set[str]:
        groups = client.get("/guichets/", query).context["directory"].groups
        return {counter.postal_code[:2] for group in groups for counter in group.counters}

    assert cities({}) == {"21"}
    assert cities({"departement": "58"}) == {"58"}
    assert cities({"commune": "nevers"}) == {"58"}
    assert cities({"departement": "zz"}) == {"21"}
    assert 'href="?departement=58"' in client.get("/guichets/").content.decode()


def test_the_directory_puts_the_counters_of_the_commune_first(site: None, client: Client) -> None:
    installed.load("reference")

    answer = client.get("/guichets/", {"commune": "quetigny"})
    near = [counter.name for counter in answer.context["directory"].near]

    assert near[0].startswith("Mairie de Quetigny")
    assert len(near) > 1
    unknown = client.get("/guichets/", {"commune": "<b>zz"}).content.decode()
    assert "&lt;b&gt;zz" in unknown


def test_the_charter_publishes_the_version_in_force(site: None, client: Client) -> None:
    assert "Aucune règle n’est encore en vigueur" in client.get("/charte/").content.decode()

    installed.load("reference")
    installed.load("rules")
    html = client.get("/charte/").content.decode()

    assert "R441-2-7" in html
    assert re.search(r"<dt>Version</dt><dd>1</dd>", html)
    # The eighteen chapters of the charter, those that commit people rather than the software too.
    assert [int(number) for number in re.findall(r'id="chapter-(\d+)"', html)] == list(range(1, 19))


def test_anybody_reads_what_each_version_of_the_charter_changed(site: None, client: Client) -> None:
    installed.load("reference")
    installed.load("rules")
    module = RuleModule.objects.get(code="deadlines-21")
    first = drafts.open_draft(module.code, Actor("Editor"))
    delays = [
        {**d, "value": 15} if d["code"] == "strike_off" else d for d in first.body["deadlines"]
    ]
    draft = drafts.save_draft(
        first, body={**first.body, "deadlines": delays}, author=Actor("Editor")
    )

    listed = client.get("/charte/").content.decode()
    assert f"changement={module.code}.{draft.number}" not in listed
    assert client.get(f"/charte/?changement={module.code}.{draft.number}").status_code == 404

    in_force = module.versions.get(state="in_force")
    assert f"changement={module.code}.{in_force.number}" in listed
    told = client.get(f"/charte/?changement={module.code}.{in_force.number}").content.decode()
    assert "Radiation faute de renouvellement" in told
    for nothing in ("x.1", "deadlines-21.9999", "deadlines-21.", ".", "deadlines-21.١", "é" * 90):
        assert client.get("/charte/", {"changement": nothing}).status_code == 404


@pytest.mark.parametrize(
    ("address", "kind", "words"),
    [
        ("/robots.txt", "text/plain", "Disallow: /bureau/"),
        ("/sitemap.xml", "application/xml", "/guides/renouveler/"),
        ("/.well-known/security.txt", "text/plain", "Expires: "),
    ],
)
def test_machines_find_what_they_ask_for(
    site: None, client: Client, address: str, kind: str, words: str
) -> None:
    answer = client.get(address)

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith(kind)
    assert words in answer.content.decode()
