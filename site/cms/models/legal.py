"""Obligations of the site: privacy, accessibility, rights over one's data, legal notice."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from cms.blocks import BodyBlock
from cms.fields import ContentField

from .base import PublicPage, stream_text


class LegalPage(PublicPage):
    """A page the law asks for, listed at the foot of every page."""

    reviewed_on = models.DateField(_("checked on"))
    body = ContentField(BodyBlock(), verbose_name=_("content"), blank=True)

    content_panels = [
        *PublicPage.content_panels,
        FieldPanel("reviewed_on"),
        FieldPanel("body"),
    ]
    template = "cms/legal_page.html"
    page_description = _("Privacy, accessibility, legal notice: shown at the foot of every page.")
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("legal page")
        verbose_name_plural = _("legal pages")

    def text_parts(self) -> list[str]:
        """The content."""
        return stream_text(self.body)
