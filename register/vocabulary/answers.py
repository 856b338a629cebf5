"""Answers to local questions as facts: `question.<code>`, declared from the modules in force."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, prefetch_related_objects
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from register.models import Demand, LocalAnswer
from register.models.answer import COLUMNS
from rules.facts import Elsewhere, Fact
from rules.kinds.questions import Question, QuestionType
from rules.types import FactType

RELATION = "answer"
SEPARATOR = ":"


def answer_fact(question: Question, fact_type: FactType) -> Fact:
    """The fact that the answer to a question becomes."""
    several = question.type is QuestionType.CHOICES
    return Fact(
        code=question.fact_code,
        type=fact_type,
        label=lazystr(question.fact or question.title),
        source=question.legal_basis,
        unit=lazystr(question.unit) if question.unit is not None else "",
        sensitivity=str(question.sensitivity),
        choices={choice.code: lazystr(choice.label) for choice in question.choices}
        if question.type.has_choices
        else None,
        retired={choice.code: date.min for choice in question.choices if choice.retired},
        column=None if several else COLUMNS[question.type],
        elsewhere=None if several else _elsewhere(question.code, COLUMNS[question.type]),
        getter=_getter(question.code, COLUMNS[question.type], fact_type),
        relation=RELATION if several else None,
        key=f"{question.code}{SEPARATOR}{{}}".format if several else None,
        theme=_("Local questions"),
    )


def _elsewhere(code: str, column: str) -> Elsewhere:
    def own() -> QuerySet[LocalAnswer]:
        return LocalAnswer.objects.order_by().filter(demand=OuterRef("pk"), question=code)

    return Elsewhere(
        holds=lambda test: Q(Exists(own().filter(test))),
        value=lambda: Subquery(own().values(column)[:1]),
    )


def _getter(code: str, column: str, fact_type: FactType) -> Callable[[Demand], Any]:
    def read(demand: Demand) -> Any:
        # Read once for every question: a rule rarely speaks of one alone.
        prefetch_related_objects([demand], "local_answers")
        values = [
            getattr(row, column) for row in demand.local_answers.all() if row.question == code
        ]
        if fact_type is FactType.CODE_SET:
            return frozenset(values)
        return values[0] if values else None

    return read


def chosen(keys: frozenset[str]) -> Q:
    """Demands whose several choices hold one of these, each key being "question:choice"."""
    by_question: dict[str, list[str]] = defaultdict(list)
    for key in sorted(keys):
        question, _sign, code = key.partition(SEPARATOR)
        by_question[question].append(code)
    picked = Q()
    for question, codes in by_question.items():
        picked |= Q(question=question, code__in=codes)
    return Q(Exists(LocalAnswer.objects.filter(picked, demand=OuterRef("pk"))))
