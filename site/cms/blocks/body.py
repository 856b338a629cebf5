"""The block lists offered on each page."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .media import (
    ContactBlock,
    ContentTableBlock,
    FigureBlock,
    LinkCardBlock,
    PapersBlock,
    PictureBlock,
)
from .questions import QuestionBlock
from .text import (
    CallOutBlock,
    HeadingBlock,
    ParagraphBlock,
    QuoteBlock,
    StepBlock,
    StepsBlock,
    WarningBlock,
)

TEXT, SHOW, GUIDE = _("Text"), _("Show"), _("Guide the reader")


class BodyBlock(blocks.StreamBlock):
    """Everything an editor may put in the body of a page."""

    heading = HeadingBlock(group=TEXT)
    paragraph = ParagraphBlock(group=TEXT)
    quote = QuoteBlock(group=TEXT)
    steps = StepsBlock(group=GUIDE)
    call_out = CallOutBlock(group=GUIDE)
    warning = WarningBlock(group=GUIDE)
    papers = PapersBlock(group=GUIDE)
    question = QuestionBlock(group=GUIDE)
    link_card = LinkCardBlock(group=GUIDE)
    contact = ContactBlock(group=GUIDE)
    figure = FigureBlock(group=SHOW)
    picture = PictureBlock(group=SHOW)
    # The spreadsheet shipped with Wagtail knows no other language.
    table = ContentTableBlock(group=SHOW, table_options={"language": "en-US"})

    def clean(self, value: Any, **kwargs: Any) -> Any:
        """Refuse a sub-section without a section above it: the outline would have a hole."""
        cleaned = super().clean(value, **kwargs)
        seen_section = False
        for position, child in enumerate(cleaned):
            if child.block_type != "heading":
                continue
            if child.value["level"] == "2":
                seen_section = True
            elif not seen_section:
                message = _t("Put a section title above this sub-section.")
                raise blocks.StreamBlockValidationError(
                    block_errors={position: ValidationError(message)}
                )
        return cleaned


class StepStreamBlock(blocks.StreamBlock):
    """The few steps of the home page."""

    step = StepBlock()


class FigureStreamBlock(blocks.StreamBlock):
    """Figures with their sources."""

    figure = FigureBlock()


class LinkedPagesBlock(blocks.StreamBlock):
    """Guides chosen by the editor."""

    page = blocks.PageChooserBlock(label=_("Guide"), page_type="cms.GuidePage")
