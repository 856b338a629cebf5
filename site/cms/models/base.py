"""What every public page shares: language, search words, description, trail."""

from typing import Any

from django.conf import settings
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index
from wagtail.url_routing import RouteResult

from cms.searching import fold


class PublicPage(Page):
    """A page of the public site.

    It is shown in its own language whatever the browser prefers. When it is written in both, the
    visitor chose this one and goes on in it (the form, the space).
    """

    intro = models.TextField(
        _("introduction"),
        max_length=400,
        blank=True,
        help_text=_("Two sentences under the title: what the reader will know after reading."),
    )

    search_fields = [
        *Page.search_fields,
        index.SearchField("search_words"),
        index.AutocompleteField("search_words"),
    ]
    content_panels = [*Page.content_panels, FieldPanel("intro")]
    promote_panels = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
            heading=_("In search engines"),
        ),
        MultiFieldPanel([FieldPanel("show_in_menus")], heading=_("In the menu")),
    ]

    class Meta:
        abstract = True

    def text_parts(self) -> list[str]:
        """The texts of the page that are not its title nor its introduction."""
        return []

    @property
    def plain_text(self) -> str:
        """The whole page as plain text: what search reads and quotes."""
        return " ".join(part.strip() for part in [self.intro, *self.text_parts()] if part)

    @property
    def search_words(self) -> str:
        """The words of the page, folded as the words of a question are."""
        return fold(f"{self.title} {self.plain_text}")

    @property
    def description(self) -> str:
        """What a search engine shows: the editor's words, or else the introduction."""
        return self.search_description or self.intro[:300]

    @property
    def teaser(self) -> str:
        """The first sentence of the introduction: what a card says of the page."""
        first, mark, _rest = self.intro.partition(". ")
        return first + "." if mark else first

    @cached_property
    def trail(self) -> list[Page]:
        """The pages above this one, from the home of its language."""
        ancestors = self.get_ancestors().filter(depth__gt=1, locale=self.locale_id)
        return list(ancestors.live().order_by("depth"))

    @cached_property
    def twin(self) -> Page | None:
        """The same page in the other language, when it is written and published."""
        return self.get_translations().live().select_related("locale").first()

    def other_language(self) -> Page | None:
        """Where the language switch leads: the same page, or the other language's home."""
        from .home import HomePage

        return self.twin or HomePage.objects.live().exclude(locale=self.locale_id).first()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the trail above the page and the way to the other language."""
        context = super().get_context(request, *args, **kwargs)
        other = self.other_language()
        context["trail"] = self.trail
        context["twin"] = self.twin
        context["other_language_url"] = other.get_url(request) if other else ""
        return context

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find the page of an address in one look-up, however deep it is."""
        if not path_components:
            return super().route(request, path_components)
        address = f"{self.url_path}{'/'.join(path_components)}/"
        page = Page.objects.live().filter(url_path=address).first()
        if page is None:
            raise Http404
        return RouteResult(page.specific)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer in the language of the page and remember it for the rest of the visit."""
        language = self.locale.language_code
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = super().serve(request, *args, **kwargs)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        # A page that exists in one language only is a detour: it does not undo a choice.
        is_a_choice = self.twin if chosen else language != settings.LANGUAGE_CODE
        if chosen != language and is_a_choice:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=request.is_secure(),
                httponly=True,
                samesite="Lax",
            )
        return response


def stream_text(value: Any) -> list[str]:
    """The plain texts of a StreamField's value."""
    return [str(text) for text in value.stream_block.get_searchable_content(value)]
