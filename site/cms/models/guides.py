"""Guidance: what the law says, in the words of those who need it."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField

from cms.blocks import BodyBlock, LinkedPagesBlock
from cms.fields import ContentField

from .base import PublicPage, stream_text


class GuideIndexPage(PublicPage):
    """The table of contents of the guides."""

    template = "cms/guide_index_page.html"
    page_description = _("Lists the guides under it, in the order of the page tree.")
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.GuidePage"]

    class Meta:
        verbose_name = _("list of guides")
        verbose_name_plural = _("lists of guides")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the published guides, in the editor's order."""
        context = super().get_context(request, *args, **kwargs)
        context["guides"] = GuidePage.objects.child_of(self).live().order_by("path")
        return context


class GuidePage(PublicPage):
    """One question of the applicant, answered, with the law behind the answer and its date."""

    in_short = RichTextField(
        _("in short"),
        features=["bold", "link", "ul"],
        blank=True,
        help_text=_("Two to four points: all that a hurried reader needs."),
    )
    body = ContentField(BodyBlock(), verbose_name=_("content"), blank=True)
    related = ContentField(LinkedPagesBlock(max_num=4), verbose_name=_("read next"), blank=True)
    reviewed_on = models.DateField(
        _("checked on"), help_text=_("When somebody last compared this page with the law.")
    )
    legal_sources = models.TextField(
        _("legal sources"), blank=True, help_text=_("One per line: article, decree, order.")
    )

    content_panels = [
        *PublicPage.content_panels,
        FieldPanel("in_short"),
        FieldPanel("body"),
        FieldPanel("related"),
        MultiFieldPanel(
            [FieldPanel("reviewed_on"), FieldPanel("legal_sources")], heading=_("Checking")
        ),
    ]
    template = "cms/guide_page.html"
    page_description = _("Answers one question: who may apply, which papers, what happens next.")
    parent_page_types = ["cms.GuideIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("guide")
        verbose_name_plural = _("guides")

    def text_parts(self) -> list[str]:
        """The summary, the content and the sources."""
        short = type(self)._meta.get_field("in_short").get_searchable_content(self.in_short)
        return [*short, *stream_text(self.body), self.legal_sources]

    @property
    def source_lines(self) -> list[str]:
        """The legal sources, one by one."""
        return [line.strip() for line in self.legal_sources.splitlines() if line.strip()]
