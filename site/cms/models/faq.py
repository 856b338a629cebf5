"""Frequent questions."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.rich_text import expand_db_html

from cms.blocks import QuestionGroupsBlock
from cms.fields import ContentField
from cms.searching import fold, question_words

from .base import PublicPage, stream_text

# A character no editor can type separates the answers while they are expanded together.
_BETWEEN = "\x1e"


class FaqPage(PublicPage):
    """Questions by theme; each can be linked to and is found by search."""

    groups = ContentField(QuestionGroupsBlock(min_num=1), verbose_name=_("questions by theme"))

    content_panels = [*PublicPage.content_panels, FieldPanel("groups")]
    template = "cms/faq_page.html"
    page_description = _("Short answers to the questions people ask, by theme.")
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("frequent questions")
        verbose_name_plural = _("pages of frequent questions")

    def text_parts(self) -> list[str]:
        """Every question and answer."""
        return stream_text(self.groups)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the themes with their questions and answers ready to print."""
        context = super().get_context(request, *args, **kwargs)
        context["groups"] = self.printed_groups()
        return context

    def printed_groups(self) -> list[dict[str, Any]]:
        """Themes, questions and answers in HTML.

        All the answers are expanded together: their links to pages then cost one look-up, not one
        per answer.
        """
        children = [child for group in self.groups for child in group.value["questions"]]
        sources = _BETWEEN.join(child.value["answer"].source for child in children)
        answers = iter(expand_db_html(sources).split(_BETWEEN))
        return [
            {
                "anchor": f"t-{group.id}",
                "title": group.value["title"],
                "questions": [
                    {
                        "anchor": f"q-{child.id}",
                        "text": child.value["question"],
                        "answer": mark_safe(next(answers)),  # noqa: S308 (Wagtail's own rich text)
                    }
                    for child in group.value["questions"]
                ],
            }
            for group in self.groups
        ]

    def questions(self) -> Iterator[tuple[str, str, str]]:
        """Yield (anchor, question, plain answer) of each question."""
        for group in self.groups:
            for child in group.value["questions"]:
                answer: Any = child.value["answer"]
                yield f"q-{child.id}", child.value["question"], strip_tags(answer.source)

    def matching_questions(self, query: str, most: int = 4) -> list[tuple[str, str, str]]:
        """The questions that speak of all the words of `query`, or else of the most of them."""
        wanted = question_words(query)
        ranked: list[tuple[int, int, tuple[str, str, str]]] = []
        for anchor, question, answer in self.questions():
            asked, words = set(fold(question).split()), set(fold(f"{question} {answer}").split())
            score = sum(10 * (word in words) + (word in asked) for word in wanted)
            if score >= 10:
                ranked.append((-score, len(ranked), (anchor, question, answer)))
        return [found for _score, _rank, found in sorted(ranked)[:most]]
