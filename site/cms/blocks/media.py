"""Blocks that show something: documents, figures, pictures, tables, links, contacts."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from .text import SHORT_TEXT_FEATURES


class PaperBlock(blocks.StructBlock):
    """One paper to prepare, or one file to download."""

    name = blocks.CharBlock(label=_("Paper"), max_length=150)
    note = blocks.CharBlock(label=_("Where to find it, for whom"), max_length=250, required=False)
    file = DocumentChooserBlock(label=_("File to download"), required=False)

    class Meta:
        icon = "doc-full"
        label = _("Paper")


class PapersBlock(blocks.StructBlock):
    """A list of papers."""

    title = blocks.CharBlock(label=_("Title of the list"), max_length=120, required=False)
    papers = blocks.ListBlock(PaperBlock(), label=_("Papers"), min_num=1, max_num=20)

    class Meta:
        icon = "list-ul"
        label = _("List of papers")
        template = "cms/blocks/papers.html"
        description = _("Papers to prepare, each with where to find it. Only those the law allows.")
        preview_value = {
            "title": "Pour enregistrer la demande",
            "papers": [{"name": "Pièce d’identité", "note": "Même périmée pour un Français"}],
        }


class FigureBlock(blocks.StructBlock):
    """A figure, never shown without its source and its date."""

    value = blocks.CharBlock(label=_("Figure"), max_length=20, help_text=_("12 145, 24 months…"))
    text = blocks.CharBlock(label=_("What it counts"), max_length=160)
    source = blocks.CharBlock(label=_("Source"), max_length=160)
    as_of = blocks.CharBlock(label=_("Date or period"), max_length=40)

    class Meta:
        icon = "view"
        label = _("Key figure")
        template = "cms/blocks/figure.html"
        description = _("One figure, what it counts, where it comes from and when.")
        preview_value = {
            "value": "24 mois",
            "text": "délai au-delà duquel saisir la commission de médiation",
            "source": "CDAD de la Côte-d’Or",
            "as_of": "2026",
        }


class PictureBlock(blocks.StructBlock):
    """A picture with what it shows in words."""

    image = ImageChooserBlock(label=_("Picture"))
    alternative = blocks.CharBlock(
        label=_("What the picture shows"),
        max_length=250,
        help_text=_("Read aloud to people who cannot see it."),
    )
    caption = blocks.CharBlock(label=_("Caption and credit"), max_length=250, required=False)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "cms/blocks/picture.html"
        description = _("A useful picture: a paper to recognise, a place. Never decoration.")


class ContentTableBlock(TableBlock):
    """A small table; the caption says what it holds."""

    class Meta:
        icon = "table"
        label = _("Table")
        template = "cms/blocks/table.html"
        description = _("A few figures to compare. Give it a caption and a header row.")
        preview_value = {
            "data": [["Foyer", "Plafond"], ["1 personne", "23 403 €"]],
            "first_row_is_table_header": True,
            "first_col_is_header": True,
            "table_header_choice": "both",
            "table_caption": "Plafonds de ressources PLUS",
        }


class LinkCardBlock(blocks.StructBlock):
    """A way to another page of the site."""

    page = blocks.PageChooserBlock(label=_("Page"))
    title = blocks.CharBlock(
        label=_("Title"), max_length=100, required=False, help_text=_("Empty: the page's own.")
    )
    text = blocks.CharBlock(label=_("Why go there"), max_length=200, required=False)

    class Meta:
        icon = "link"
        label = _("Link to a page")
        template = "cms/blocks/link_card.html"
        description = _("A card that leads to another page of this site.")


class ContactBlock(blocks.StructBlock):
    """How to reach a human being."""

    name = blocks.CharBlock(label=_("Who"), max_length=150)
    text = blocks.RichTextBlock(
        label=_("What for"), features=SHORT_TEXT_FEATURES, required=False, max_length=500
    )
    address = blocks.CharBlock(label=_("Address"), max_length=250, required=False)
    phone = blocks.CharBlock(label=_("Telephone"), max_length=25, required=False)
    email = blocks.EmailBlock(label=_("E-mail"), required=False)
    hours = blocks.CharBlock(label=_("Opening hours"), max_length=200, required=False)

    class Meta:
        icon = "group"
        label = _("Contact")
        template = "cms/blocks/contact.html"
        description = _("Who to call, write to or visit, and when.")
        preview_value = {"name": "Votre guichet", "phone": "03 80 00 00 00"}
