"""Reading questions modules: what is asked of whom, which answers are acceptable, what must stay.

An answer outlives the version that asked for it: a question keeps its type and its choices from one
version to the next, and one that is no longer asked leaves its answers readable.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .errors import RuleError
from .explanation import explain_condition
from .formatting import day, listed, number
from .kinds.questions import LONGEST_TEXT, Question, Questions, QuestionType
from .reading import Bindings, ReadOnce
from .types import Truth
from .values import PRECISION, Value
from .vocabulary import Vocabulary

WIDE = "\u00a0"
Answer = Value | str
Known = Mapping[str, Iterable[Question]]


class AnswerRefused(Exception):
    """An answer that its question does not allow; `message` says how to mend it."""

    def __init__(self, message: str | Promise) -> None:
        self.message = message
        super().__init__(message)


def asked(
    questions: Iterable[Question],
    vocabulary: Vocabulary,
    bindings: Bindings,
    subject: Any,
    today: date,
) -> tuple[Question, ...]:
    """The questions put to somebody of whom `subject` tells what is known so far.

    Asked only where its condition is certainly true: what is not known is no reason to ask.
    """
    row = ReadOnce.of(subject)
    return tuple(
        question
        for question in questions
        if question.when is None
        or explain_condition(question.when, vocabulary, bindings, row, today).truth is Truth.TRUE
    )


def accept(question: Question, value: Any) -> Answer:
    """The answer, typed, once its question allows it; AnswerRefused otherwise."""
    if question.type is QuestionType.BOOLEAN:
        return _typed(value, bool)
    if question.type is QuestionType.TEXT:
        return _text(value)
    if question.type is QuestionType.CHOICE:
        return _among(question, [_typed(value, str)])[0]
    if question.type is QuestionType.CHOICES:
        if isinstance(value, str) or not value:
            raise AnswerRefused(_("Choose an answer of the list."))
        return frozenset(_among(question, [_typed(each, str) for each in value]))
    return _within(question, _figure_or_day(question, value))


def _typed(value: Any, wanted: type) -> Any:
    if not isinstance(value, wanted):
        raise AnswerRefused(_("Choose an answer of the list."))
    return value


def _text(value: Any) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not text:
        raise AnswerRefused(_("Write a few words."))
    if len(text) > LONGEST_TEXT:
        message = ngettext(
            "Write at most %(count)s character.",
            "Write at most %(count)s characters.",
            LONGEST_TEXT,
        )
        raise AnswerRefused(message % {"count": LONGEST_TEXT})
    return text


def _among(question: Question, chosen: list[str]) -> list[str]:
    known = {choice.code for choice in question.choices}
    if not set(chosen) <= known:
        raise AnswerRefused(_("Choose an answer of the list."))
    return chosen


def _figure_or_day(question: Question, value: Any) -> int | Decimal | date:
    if question.type is QuestionType.DATE:
        if not isinstance(value, date):
            raise AnswerRefused(_("Write the day, the month and the year."))
        return value
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise AnswerRefused(_("Write a number in figures."))
    if question.type is QuestionType.INTEGER:
        if value != int(value):
            raise AnswerRefused(_("Write a whole number in figures, for example 3."))
        return int(value)
    return Decimal(value).quantize(PRECISION)


def _within(question: Question, value: Any) -> Any:
    is_day = question.type is QuestionType.DATE
    if question.least is not None and value < question.least:
        told = _("Write a date from {value} on.") if is_day else _("Write {value} or more.")
        raise AnswerRefused(told.format(value=words(question, question.least)))
    if question.most is not None and value > question.most:
        told = _("Write a date up to {value}.") if is_day else _("Write {value} or less.")
        raise AnswerRefused(told.format(value=words(question, question.most)))
    return value


def words(question: Question, answer: Answer) -> str:
    """An answer as a person reads it, in the active language, with its unit."""
    if isinstance(answer, bool):
        return str(_("Yes") if answer else _("No"))
    if isinstance(answer, frozenset):
        order = [choice.code for choice in question.choices]
        chosen = sorted(answer, key=lambda c: (order.index(c) if c in order else len(order), c))
        return listed([question.choice_label(code) for code in chosen], every=True)
    if isinstance(answer, date):
        return day(answer)
    if isinstance(answer, str):
        return question.choice_label(answer) if question.type.has_choices else answer
    figure = number(answer)
    if question.unit is not None:
        return f"{figure}{WIDE}{question.unit}"
    money = {
        QuestionType.MONEY_MONTH: gettext_lazy("€{amount} a month"),
        QuestionType.MONEY_YEAR: gettext_lazy("€{amount} a year"),
    }
    wording = money.get(question.type)
    return str(wording).format(amount=figure) if wording else figure


def check_continuity(code: str, new: Questions, vocabulary: Vocabulary) -> None:
    """Refuse a version that would make earlier answers unreadable, or ask under a taken code.

    A question keeps its type and its group of data; its choices may be retired, not dropped.
    """
    for module, questions in (*vocabulary.local.asked.items(), *vocabulary.local.retired.items()):
        for earlier in questions:
            later = new.get(earlier.code)
            if later is None:
                continue
            path = f"questions.{earlier.code}"
            if module != code:
                raise RuleError(
                    path, _("the module “{module}” already uses this code").format(module=module)
                )
            _check_same(earlier, later, path)


def _check_same(earlier: Question, later: Question, path: str) -> None:
    if earlier.type is not later.type:
        raise RuleError(path, _("a question keeps its type: give the new one another code"))
    if dropped := sorted({c.code for c in earlier.choices} - {c.code for c in later.choices}):
        raise RuleError(
            path,
            _("the choice “{code}” was offered: retire it, do not drop it").format(code=dropped[0]),
        )
