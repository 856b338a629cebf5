"""Writes starter pages into the site: once each, never over an editor's work."""

import json
import uuid
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site

from cms.models import (
    CharterPage,
    DirectoryPage,
    FaqPage,
    GuideIndexPage,
    GuidePage,
    HomePage,
    LegalPage,
    NewsIndexPage,
    NewsPage,
    PublicPage,
    StarterRecord,
)

from .content import Links, resolved
from .reader import Block, StarterPage, rich_text

PAGE_TYPES: dict[str, type[PublicPage]] = {
    "home": HomePage,
    "guide-index": GuideIndexPage,
    "guide": GuidePage,
    "news-index": NewsIndexPage,
    "news": NewsPage,
    "faq": FaqPage,
    "directory": DirectoryPage,
    "charter": CharterPage,
    "legal": LegalPage,
}
MAIN_HOME = "fr/home"
Report = Callable[[str], None]


def write_all(pages: list[StarterPage], report: Report) -> int:
    """Create the pages that were never brought in; return how many.

    Pages are created first and their content second, because contents link to each other. A page
    whose parent an editor deleted is left out.
    """
    records = StarterRecord.objects.select_related("page")
    places = {record.key: record.page for record in records}
    written: list[tuple[StarterPage, PublicPage]] = []
    with transaction.atomic():
        for page in pages:
            if page.record in places:
                continue
            parent = _parent(page, places)
            if parent is None:
                continue
            report(f"  {page.record} – {page.meta['title']}")
            made = _create(page, parent, places)
            places[page.record] = made
            written.append((page, made))
        for page, made in written:
            # Read again: saving the instance as created would forget the children it got since.
            _fill(page, type(made).objects.get(pk=made.pk), places)
            StarterRecord.objects.create(key=page.record, page=made)
    return len(written)


def _parent(page: StarterPage, places: dict[str, Page | None]) -> Page | None:
    if page.record == MAIN_HOME:
        return Page.get_first_root_node()
    key = page.meta.get("parent")
    found = places.get(f"{page.language}/{key}" if key else MAIN_HOME)
    # Treebeard counts children on the instance: a stale one would place the child wrongly.
    return Page.objects.get(pk=found.pk) if found else None


def _create(page: StarterPage, parent: Page, places: dict[str, Page | None]) -> PublicPage:
    locale, _created = Locale.objects.get_or_create(language_code=page.language)
    fields = _own_fields(page)
    twin = places.get(f"fr/{page.key}")
    # Two homes of one translation would both claim "/": each keeps its own key.
    if page.language != "fr" and twin and page.key != "home":
        fields["translation_key"] = twin.translation_key
    made = PAGE_TYPES[page.meta["type"]](locale=locale, **fields)
    parent.add_child(instance=made)
    if page.record == MAIN_HOME:
        _serve_at_root(made)
    return made


def _own_fields(page: StarterPage) -> dict[str, Any]:
    meta = page.meta
    fields: dict[str, Any] = {
        "title": meta["title"],
        "slug": meta["slug"],
        "intro": meta.get("intro", ""),
        "search_description": meta.get("seo", ""),
        "show_in_menus": meta.get("menu") == "yes",
    }
    for name in ("apply_title", "apply_text", "follow_title", "follow_text"):
        if name in meta:
            fields[name] = meta[name]
    if "reviewed" in meta:
        fields["reviewed_on"] = date.fromisoformat(meta["reviewed"])
    if "date" in meta:
        fields["published_on"] = date.fromisoformat(meta["date"])
        fields["is_demo"] = meta.get("demo") == "yes"
    if "short" in page.lists:
        fields["in_short"] = rich_text([f"- {line}" for line in page.lists["short"]])
    if "law" in page.lists:
        fields["legal_sources"] = "\n".join(page.lists["law"])
    return fields


def _serve_at_root(home: Page) -> None:
    """Serve `home` at "/" and drop the welcome page of a bare Wagtail."""
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    former = site.root_page if site.pk else None
    address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    site.hostname = address.hostname or "localhost"
    site.port = address.port or (443 if address.scheme == "https" else 80)
    site.root_page = home
    site.save()
    if former and former.specific_class is Page:
        Page.objects.get(pk=former.pk).delete()


def _fill(page: StarterPage, made: PublicPage, places: dict[str, Page | None]) -> None:
    links: Links = {
        key.partition("/")[2]: target.pk
        for key, target in sorted(places.items())
        if target
        and (key.startswith(f"{page.language}/") or key.startswith("fr/"))
        # A page not yet translated is linked in French rather than not at all.
        and (key.startswith(f"{page.language}/") or f"{page.language}/{key[3:]}" not in places)
    }
    for name, blocks in _streams(page).items():
        raw = [
            {
                "type": kind,
                "value": value,
                "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{page.record}/{name}/{place}")),
            }
            for place, (kind, value) in enumerate(blocks)
        ]
        setattr(made, name, json.dumps(resolved(raw, links)))
    made.full_clean(exclude=["content_type"])
    made.save()
    made.save_revision().publish()


def _streams(page: StarterPage) -> dict[str, list[Block]]:
    """The blocks of each StreamField of the page."""
    streams: dict[str, list[Block]] = {}
    kind = page.meta["type"]
    if kind == "home":
        streams["steps"] = [
            ("step", step)
            for name, value in page.blocks
            if name == "steps"
            for step in value["steps"]
        ]
        streams["figures"] = [block for block in page.blocks if block[0] == "figure"]
    elif page.blocks:
        streams["groups" if kind == "faq" else "body"] = page.blocks
    for name in ("guides", "related"):
        if name in page.meta:
            streams[name] = [("page", key.strip()) for key in page.meta[name].split(",")]
    return streams
