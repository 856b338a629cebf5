"""News of the shared file."""

from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from cms.blocks import BodyBlock
from cms.fields import ContentField

from .base import PublicPage, stream_text

PER_PAGE = 10


class NewsIndexPage(PublicPage):
    """All the news, latest first."""

    template = "cms/news_index_page.html"
    page_description = _("Lists the news under it, latest first.")
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.NewsPage"]

    class Meta:
        verbose_name = _("list of news")
        verbose_name_plural = _("lists of news")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add one page of news."""
        context = super().get_context(request, *args, **kwargs)
        news = NewsPage.objects.child_of(self).live().order_by("-published_on", "-pk")
        context["page_obj"] = Paginator(news, PER_PAGE).get_page(request.GET.get("page"))
        return context


class NewsPage(PublicPage):
    """One piece of news."""

    published_on = models.DateField(_("date shown"), default=timezone.localdate)
    is_demo = models.BooleanField(
        _("example written for the demonstration"),
        default=False,
        help_text=_("Shown with a mark, so that nobody takes it for real news."),
    )
    body = ContentField(BodyBlock(), verbose_name=_("content"), blank=True)

    content_panels = [
        *PublicPage.content_panels,
        MultiFieldPanel([FieldPanel("published_on"), FieldPanel("is_demo")], heading=_("Date")),
        FieldPanel("body"),
    ]
    template = "cms/news_page.html"
    page_description = _("A dated piece of news; it can be scheduled.")
    parent_page_types = ["cms.NewsIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("news")
        verbose_name_plural = _("news")

    def text_parts(self) -> list[str]:
        """The content."""
        return stream_text(self.body)
