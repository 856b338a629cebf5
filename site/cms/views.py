"""The public site's own addresses: search, and what machines ask for."""

from datetime import timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from wagtail.contrib.sitemaps.views import sitemap as wagtail_sitemap
from wagtail.models import Page
from wagtail.views import serve as wagtail_serve

from register.web.audience import audience

from .models import FaqPage, GuidePage, HomePage
from .searching import excerpt, find_pages

RESULTS_PER_PAGE = 10
LONGEST_QUERY = 150
SECURITY_CONTACT_DAYS = 365

# Wagtail's own views, declared like every other.
serve = audience("public", methods=["GET"])(wagtail_serve)
sitemap = audience("public", methods=["GET"])(wagtail_sitemap)


def _result(page: Page, query: str) -> dict[str, object]:
    questions = page.matching_questions(query) if isinstance(page, FaqPage) else []
    return {
        "page": page,
        "excerpt": excerpt(page.plain_text, query),
        "questions": [
            {"anchor": anchor, "text": text, "excerpt": excerpt(answer, query)}
            for anchor, text, answer in questions
        ],
    }


@audience("public", methods=["GET"])
def search(request: HttpRequest, language: str = "fr") -> HttpResponse:
    """Pages and questions that answer the visitor's words; nothing of them is kept."""
    translation.activate(language)
    request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
    query = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    found = find_pages(query, language) if query else []
    results = Paginator(found, RESULTS_PER_PAGE).get_page(request.GET.get("page"))
    other = "en" if language == "fr" else "fr"
    guides = GuidePage.objects.live().filter(locale__language_code=language).order_by("path")
    context = {
        "query": query,
        "count": len(found),
        "pager_base": f"?{urlencode({'q': query})}&",
        "page_obj": results,
        "results": [_result(page, query) for page in results],
        "guides": [] if found else list(guides[:5]),
        "home_page": HomePage.objects.live().filter(locale__language_code=language).first(),
        "other_language_url": reverse(f"search-{other}"),
    }
    return render(request, "cms/search.html", context)


@audience("public", methods=["GET"])
def robots(request: HttpRequest) -> HttpResponse:
    """Robots may read the public pages, never the spaces where people sign in."""
    closed = ("/edition/", "/bureau/", "/mon-espace/", "/demande/", "/compte/", "/documents/")
    lines = ["User-agent: *", *(f"Disallow: {prefix}" for prefix in closed)]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@audience("public", methods=["GET"])
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to report a security flaw (RFC 9116)."""
    expires = timezone.now() + timedelta(days=SECURITY_CONTACT_DAYS)
    legal = request.build_absolute_uri("/mentions-legales/")
    lines = [
        f"Contact: {legal}",
        f"Expires: {expires:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: fr, en",
        f"Canonical: {request.build_absolute_uri(reverse('security-txt'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@audience("public", methods=["GET"])
def favicon(request: HttpRequest) -> HttpResponse:
    """Old browsers ask for the icon here whatever the page says."""
    response = HttpResponse(status=301)
    response["Location"] = static("img/favicon.svg")
    return response
