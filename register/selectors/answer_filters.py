"""Local questions in lists: filters by answer, columns of exports, both within the reader's rights.

Filtering on an answer tells it: only rows whose group of data may be read can answer a filter.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from register import access, clock, questions
from register.access import FieldSet
from register.models import LocalAnswer
from register.principals import Principal
from register.selectors.answers import answers_by_demand
from rules import registry
from rules.conditions import Comparison
from rules.kinds.questions import Question, QuestionType
from rules.operators import Operator
from rules.questions import words
from rules.sql import compile_condition
from rules.types import FactType

Text = str | Promise
YES, NO = "yes", "no"
FIGURES = {
    Operator.AT_LEAST: _("{title}: at least…"),
    Operator.AT_MOST: _("{title}: at most…"),
}
DAYS = {
    Operator.ON_OR_BEFORE: _("{title}: at the latest on…"),
    Operator.ON_OR_AFTER: _("{title}: at the earliest on…"),
}
LARGEST = Decimal(1_000_000_000)


@dataclass(frozen=True)
class AnswerFilter:
    """Demands that answered a question so; `text` says it on the screen."""

    question: str
    operator: Operator
    value: Any
    text: str = ""


@dataclass(frozen=True)
class Option:
    """One way to filter: `token` names it in addresses; `needs` a figure or a day, or nothing."""

    token: str
    label: str
    question: Question
    operator: Operator
    value: Any = None

    @property
    def needs(self) -> FactType | None:
        """The type of the value still to be given."""
        return self.question.type.fact_type if self.value is None else None

    def filter(self, value: Any = None) -> AnswerFilter:
        """The filter, with the value given when one was needed."""
        given = self.value if value is None else value
        text = self.label
        if value is not None:
            text = f"{self.label.removesuffix('…')} {words(self.question, value)}"
        return AnswerFilter(self.question.code, self.operator, given, text)


def readable_questions(principal: Principal) -> list[Question]:
    """The questions in force whose group of data the principal may read in some demand."""
    asked = [local.question for local in questions.in_force()]
    sets = {question.field_set for question in asked}
    readable = {name for name in sets if access.may_ever_read(principal, name)}
    return [question for question in asked if question.field_set in readable]


def options(principal: Principal) -> list[Option]:
    """Every filter by answer open to the principal."""
    return [option for question in readable_questions(principal) for option in _options(question)]


def _options(question: Question) -> list[Option]:
    if question.type is QuestionType.BOOLEAN:
        return [
            _option(question, YES, Operator.IS, True),
            _option(question, NO, Operator.IS, False),
        ]
    if question.type is QuestionType.CHOICE:
        return [_option(question, c.code, Operator.IS, c.code) for c in question.choices]
    if question.type is QuestionType.CHOICES:
        return [
            _option(question, c.code, Operator.OVERLAPS, frozenset({c.code}))
            for c in question.choices
        ]
    if question.type is QuestionType.TEXT:
        return []
    wordings = DAYS if question.type is QuestionType.DATE else FIGURES
    return [
        Option(
            f"{question.code}.{operator}",
            str(wording).format(title=question.title),
            question,
            operator,
        )
        for operator, wording in wordings.items()
    ]


def _option(question: Question, name: str, operator: Operator, value: Any) -> Option:
    label = _("{title}: {answer}").format(title=question.title, answer=words(question, value))
    return Option(f"{question.code}.{name}", label, question, operator, value)


def read_value(option: Option, text: str) -> Any:
    """The figure or the day typed for a filter, or None when it cannot be read."""
    compact = "".join(text.split()).replace(",", ".")
    if option.needs is FactType.DATE:
        return _day(compact)
    try:
        value = Decimal(compact)
    except InvalidOperation:
        return None
    if not value.is_finite() or abs(value) > LARGEST:
        return None
    if option.needs is FactType.INTEGER:
        return int(value) if value == int(value) else None
    return value


def _day(text: str) -> date | None:
    try:
        if "/" in text:
            day, month, year = (int(part) for part in text.split("/"))
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        return None


def condition(principal: Principal, wanted: AnswerFilter) -> Q:
    """The demands that answered so, among those whose answer the principal may read."""
    question = next((q for q in readable_questions(principal) if q.code == wanted.question), None)
    if question is None:
        return Q(pk__in=[])
    comparison = Comparison(question.fact_code, wanted.operator, wanted.value)
    compiled = compile_condition(comparison, registry.vocabulary(), {}, clock.today())
    return compiled.is_true & access.readable(principal, question.field_set)


def groups_of(asked: Iterable[Question]) -> frozenset[FieldSet]:
    """The groups of data that the answers to these questions belong to."""
    return frozenset(FieldSet(question.field_set) for question in asked)


def answers_for(
    readable: Mapping[int, Container[FieldSet]], asked: list[Question]
) -> dict[int, dict[str, str]]:
    """For each demand the answers that may be read, in words, and for the others nothing.

    `readable` holds the groups of data that may be read of each. A question left unanswered reads
    as an empty text; one that may not be read is absent.
    """
    found: dict[int, dict[str, str]] = {pk: {} for pk in readable}
    for name in groups_of(asked):
        codes = [question.code for question in asked if question.field_set == name]
        open_to = [pk for pk, groups in readable.items() if name in groups]
        rows = LocalAnswer.objects.filter(demand__in=open_to, question__in=codes)
        told = answers_by_demand(rows)
        for pk in open_to:
            found[pk] |= {code: told.get(pk, {}).get(code, "") for code in codes}
    return found
