"""The home page: two doors, three steps, the guides, the news, sourced figures."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

from cms.blocks import FigureStreamBlock, LinkedPagesBlock, StepStreamBlock
from cms.fields import ContentField

from .base import PublicPage, stream_text


class HomePage(PublicPage):
    """The first page: a worried visitor finds the right door within seconds."""

    apply_title = models.CharField(_("door “apply”: title"), max_length=80)
    apply_text = models.CharField(_("door “apply”: text"), max_length=200)
    follow_title = models.CharField(_("door “follow”: title"), max_length=80)
    follow_text = models.CharField(_("door “follow”: text"), max_length=200)
    steps = ContentField(StepStreamBlock(min_num=2, max_num=4), verbose_name=_("steps"), blank=True)
    guides = ContentField(
        LinkedPagesBlock(max_num=6),
        verbose_name=_("guides to put forward"),
        blank=True,
        help_text=_("The six questions most asked this month."),
    )
    figures = ContentField(FigureStreamBlock(max_num=4), verbose_name=_("key figures"), blank=True)

    content_panels = [
        *PublicPage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("apply_title"),
                FieldPanel("apply_text"),
                FieldPanel("follow_title"),
                FieldPanel("follow_text"),
            ],
            heading=_("The two doors"),
        ),
        FieldPanel("steps"),
        FieldPanel("guides"),
        FieldPanel("figures"),
    ]
    template = "cms/home_page.html"
    page_description = _("The first page of the site, one per language.")
    parent_page_types = ["wagtailcore.Page", "cms.HomePage"]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def text_parts(self) -> list[str]:
        """The doors, the steps and the figures."""
        doors = [self.apply_title, self.apply_text, self.follow_title, self.follow_text]
        return [*doors, *stream_text(self.steps), *stream_text(self.figures)]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the three latest news of this language and the pages every visitor looks for."""
        from .news import NewsIndexPage, NewsPage

        context = super().get_context(request, *args, **kwargs)
        news = NewsPage.objects.live().filter(locale=self.locale_id)
        context["latest_news"] = news.order_by("-published_on", "-pk")[:3]
        context["news_index"] = NewsIndexPage.objects.live().filter(locale=self.locale_id).first()
        return context

    @property
    def twin(self) -> Page | None:
        """The home of the other language: two homes of one translation would both claim "/"."""
        homes = HomePage.objects.live().exclude(locale=self.locale_id)
        return homes.select_related("locale").first()

    @property
    def trail(self) -> list[Page]:
        """A home page has nothing above it."""
        return []
