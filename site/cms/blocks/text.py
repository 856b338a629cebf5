"""Blocks of text: headings, paragraphs, steps, call-outs, quotations."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul"]
SHORT_TEXT_FEATURES = ["bold", "italic", "link"]


class HeadingBlock(blocks.StructBlock):
    """A title inside the page."""

    text = blocks.CharBlock(label=_("Title"), max_length=120)
    level = blocks.ChoiceBlock(
        label=_("Importance"),
        choices=[("2", _("Section")), ("3", _("Sub-section"))],
        default="2",
        help_text=_("A sub-section always comes under a section."),
    )

    class Meta:
        icon = "title"
        label = _("Title")
        template = "cms/blocks/heading.html"
        description = _("Announces what follows; screen readers use it to move in the page.")
        preview_value = {"text": "Quels documents préparer ?", "level": "2"}


class ParagraphBlock(blocks.RichTextBlock):
    """Running text, with lists and links."""

    def __init__(self, **kwargs: object) -> None:
        kwargs.setdefault("features", TEXT_FEATURES)
        super().__init__(**kwargs)

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "cms/blocks/paragraph.html"
        description = _("One idea per paragraph, short sentences, the familiar word first.")
        preview_value = "<p>Une seule demande suffit pour tous les bailleurs du département.</p>"


class StepBlock(blocks.StructBlock):
    """One step of a procedure."""

    title = blocks.CharBlock(label=_("What to do"), max_length=100)
    text = blocks.RichTextBlock(
        label=_("How"), features=SHORT_TEXT_FEATURES, required=False, max_length=600
    )

    class Meta:
        icon = "order"
        label = _("Step")


class StepsBlock(blocks.StructBlock):
    """A numbered procedure."""

    steps = blocks.ListBlock(StepBlock(), label=_("Steps"), min_num=2, max_num=9)

    class Meta:
        icon = "list-ol"
        label = _("Numbered steps")
        template = "cms/blocks/steps.html"
        description = _("A procedure to follow in order: two to nine steps.")
        preview_value = {
            "steps": [
                {"title": "Préparez votre pièce d’identité", "text": "<p>Une photo suffit.</p>"},
                {"title": "Remplissez le formulaire", "text": "<p>En une ou plusieurs fois.</p>"},
            ]
        }


class CallOutBlock(blocks.StructBlock):
    """The sentence to remember."""

    title = blocks.CharBlock(label=_("Title"), max_length=80, required=False)
    text = blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES, max_length=900)

    class Meta:
        icon = "pick"
        label = _("Worth remembering")
        template = "cms/blocks/call_out.html"
        description = _("The one thing to keep in mind; at most one per section.")
        preview_value = {"title": "", "text": "<p>Votre numéro ne change jamais.</p>"}


class WarningBlock(CallOutBlock):
    """A risk the reader must see."""

    class Meta:
        icon = "warning"
        label = _("Warning")
        template = "cms/blocks/warning.html"
        description = _("A date not to miss or a right that can be lost. Keep it rare.")
        preview_value = {
            "title": "",
            "text": "<p>Sans renouvellement, la demande est radiée.</p>",
        }


class QuoteBlock(blocks.StructBlock):
    """Somebody's words."""

    text = blocks.TextBlock(label=_("Words"), max_length=500)
    author = blocks.CharBlock(label=_("Who said or wrote it"), max_length=120)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "cms/blocks/quote.html"
        description = _("Exact words, with their author or the article of law.")
        preview_value = {
            "text": "Le droit à un logement décent et indépendant est garanti par l’État.",
            "author": "Code de la construction et de l’habitation",
        }
