"""Local questions in words: what is asked, of whom, why, and what may be answered."""

from collections.abc import Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from rules.formatting import listed
from rules.kinds.questions import Question, Questions, QuestionType
from rules.questions import words
from rules.sentences import sentence
from rules.vocabulary import Vocabulary

from .published import Parts, Published
from .words import ANSWERS, FIELD_SETS


def publish(body: Questions, vocabulary: Vocabulary) -> Iterator[Published]:
    """One rule per question."""
    for question in body.questions:
        yield Published(
            question.code,
            str(question.title),
            question.legal_basis,
            question.chapter,
            _parts(question, vocabulary),
        )


def _parts(question: Question, vocabulary: Vocabulary) -> Parts:
    asked = (
        sentence(question.when, vocabulary)
        if question.when is not None
        else _("Everybody; nobody has to answer.")
    )
    return (
        (_("Question"), str(question.label)),
        (_("Who is asked"), asked),
        (_("Why"), str(question.purpose)),
        (_("Answer"), _answer(question)),
        (_("Group of data"), f"{capfirst(str(FIELD_SETS[question.field_set]))}."),
    )


def _answer(question: Question) -> str:
    if question.type.has_choices:
        offered = listed([str(choice.label) for choice in question.offered], every=False)
        several = question.type is QuestionType.CHOICES
        wording = _("One or several: {choices}.") if several else _("One of these: {choices}.")
        return wording.format(choices=offered)
    text = str(ANSWERS[question.type])
    if not question.type.has_bounds or question.least is None or question.most is None:
        return f"{text}."
    bounds = _("{text}, from {least} to {most}.")
    return bounds.format(
        text=text, least=words(question, question.least), most=words(question, question.most)
    )
