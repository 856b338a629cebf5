"""The questions of a territory, built from the modules in force: no page is written for them."""

from collections.abc import Callable
from typing import Any, ClassVar, cast

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from register.form import local_questions
from register.form.fields import (
    AmountField,
    DatePartsField,
    PlainTextField,
    WholeNumberField,
    YesNoField,
)
from register.questions import LocalQuestion
from rules.kinds.questions import LONGEST_TEXT, Question, QuestionType
from rules.questions import AnswerRefused, accept, words
from rules.values import LARGEST

from .base import StepForm, Text

PREFIX = "question_"
UNITS = {QuestionType.MONEY_MONTH: _("€ per month"), QuestionType.MONEY_YEAR: _("€ per year")}
A_CENTURY = 1200


def field_name(code: str) -> str:
    """The name of a question's input."""
    return f"{PREFIX}{code}"


def _choices(question: Question) -> list[tuple[str, str]]:
    return [(choice.code, str(choice.label)) for choice in question.offered]


# The law lets nothing but identity hold a demand back: no field is ever required (R441-2-3).
_BUILDERS: dict[QuestionType, Callable[[Question, dict[str, Any]], forms.Field]] = {
    QuestionType.BOOLEAN: lambda question, options: YesNoField(**options),
    QuestionType.INTEGER: lambda question, options: WholeNumberField(
        min_value=cast(int, question.least), max_value=cast(int, question.most), **options
    ),
    QuestionType.DATE: lambda question, options: DatePartsField(months_ahead=A_CENTURY, **options),
    QuestionType.CHOICE: lambda question, options: forms.ChoiceField(
        choices=_choices(question), widget=forms.RadioSelect, **options
    ),
    QuestionType.CHOICES: lambda question, options: forms.MultipleChoiceField(
        choices=_choices(question), widget=forms.CheckboxSelectMultiple, **options
    ),
    QuestionType.TEXT: lambda question, options: PlainTextField(
        multiline=True, max_length=LONGEST_TEXT, **options
    ),
}


def _field(question: Question) -> forms.Field:
    why = _("Why we ask: {purpose}")
    told = format_lazy(why, purpose=str(question.purpose))
    help_text: Text = format_lazy("{} {}", str(question.help), told) if question.help else told
    options = {"label": str(question.label), "help_text": help_text, "required": False}
    if question.type in _BUILDERS:
        return _BUILDERS[question.type](question, options)
    return AmountField(maximum=LARGEST, **options)


class LocalQuestionsForm(StepForm):
    """The local questions of one part of the form; `step` names it as rule modules do."""

    step: ClassVar[str] = ""
    question: Text = _("A few more questions")  # type: ignore[misc]
    intro = _(
        "Your department asks this on top of the national form. You need not answer: an empty"
        " answer never holds your application back."
    )

    def build(self) -> None:
        """One field per question put to this person; alone, a question is the page's title."""
        self.asked: list[LocalQuestion] = local_questions.asked(self.answers, self.step)
        self.units = {}
        for local in self.asked:
            name = field_name(local.code)
            self.fields[name] = _field(local.question)
            unit = local.question.unit or UNITS.get(local.question.type)
            if unit:
                self.units[name] = str(unit)

    def clean(self) -> dict[str, Any]:
        """Each answer as its question allows it, said beside the field otherwise."""
        cleaned: dict[str, Any] = super().clean() or {}
        for local in self.asked:
            name = field_name(local.code)
            value = cleaned.get(name)
            if value in (None, "", []):
                continue
            try:
                accept(local.question, value)
            except AnswerRefused as refusal:
                self.complain(name, refusal.message, "refused")
        return cleaned

    def stamp(self, slot: dict[str, Any]) -> None:
        """Keep with the answers the versions that asked for them."""
        local_questions.remember_versions(slot, self.asked)

    def in_words(self, name: str, value: Any) -> Any:
        """An answer as its question words it."""
        question = next(each.question for each in self.asked if field_name(each.code) == name)
        if value in (None, "", []):
            return ""
        return (
            [question.choice_label(code) for code in value]
            if isinstance(value, list)
            else words(question, value)
        )

    @property
    def given(self) -> list[tuple[LocalQuestion, Any]]:
        """Each question answered in a way that can be read, with its typed answer."""
        values = self.valid_answers
        answers = [(local, values.get(field_name(local.code))) for local in self.asked]
        return [
            (local, frozenset(value) if isinstance(value, list) else value)
            for local, value in answers
            if value not in (None, "", [])
        ]


def form_of_step(step: str) -> type[LocalQuestionsForm]:
    """The form of one part."""
    return type(f"{step.title()}QuestionsForm", (LocalQuestionsForm,), {"step": step})
