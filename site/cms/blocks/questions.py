"""Questions and answers."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .text import TEXT_FEATURES


class QuestionBlock(blocks.StructBlock):
    """A question as people ask it, and its answer."""

    question = blocks.CharBlock(label=_("Question"), max_length=160)
    answer = blocks.RichTextBlock(label=_("Answer"), features=TEXT_FEATURES)

    class Meta:
        icon = "help"
        label = _("Question and answer")
        template = "cms/blocks/question.html"
        description = _("A question in the words people use; the answer starts with the answer.")
        preview_value = {
            "question": "Ma demande est-elle gratuite ?",
            "answer": "<p>Oui, toujours.</p>",
        }


class QuestionGroupBlock(blocks.StructBlock):
    """Questions about the same moment."""

    title = blocks.CharBlock(label=_("Theme"), max_length=100)
    questions = blocks.StreamBlock([("question", QuestionBlock())], label=_("Questions"), min_num=1)

    class Meta:
        icon = "folder-open-1"
        label = _("Theme")
        template = "cms/blocks/question_group.html"
        description = _("A theme and its questions.")


class QuestionGroupsBlock(blocks.StreamBlock):
    """The whole list of questions, by theme."""

    group = QuestionGroupBlock()
