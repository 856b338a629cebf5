"""Answers to local questions as a reader may see them: what she may not read is never loaded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from django.db.models import QuerySet

from register import questions
from register.access import FieldRights, FieldSet
from register.models import Demand, LocalAnswer
from register.models.answer import COLUMNS
from rules.kinds.questions import Question, QuestionType
from rules.questions import Answer, words


@dataclass(frozen=True)
class AnswerView:
    """One answer: the question as it was put, its value, and whether it is still asked."""

    question: Question
    value: Answer
    answered_at: datetime
    version: str

    @property
    def words(self) -> str:
        """The answer as it is read, in the active language."""
        return words(self.question, self.value)

    @property
    def kept(self) -> bool | int | str | list[str]:
        """The answer as data: figures with decimals as texts, days ISO 8601, choices codes."""
        if isinstance(self.value, frozenset):
            return sorted(self.value)
        if isinstance(self.value, date):
            return self.value.isoformat()
        return str(self.value) if isinstance(self.value, Decimal) else self.value


def answers_of(demand: Demand, rights: FieldRights | None = None) -> list[AnswerView]:
    """The answers of a demand, in the order they were asked; with `rights`, those they open."""
    rows = demand.local_answers.select_related("version__module").order_by("pk")
    if rights is not None:
        rows = rows.filter(question__in=readable_codes(rights))
    return [view for _demand, view in _views(rows)]


def readable_codes(rights: FieldRights) -> list[str]:
    """Codes of the questions whose group of data may be read."""
    return [q.code for q in questions.known().values() if rights.can_read(q.field_set)]


def masked_sets(rights: FieldRights) -> list[FieldSet]:
    """Groups of data of the questions in force of which only the existence may be known.

    Told by the questions, never by the answers: an empty answer must not show.
    """
    asked = {local.question.field_set for local in questions.in_force()}
    return [name for name in FieldSet if name in asked and rights.is_masked(name)]


def answers_by_demand(rows: QuerySet[LocalAnswer]) -> dict[int, dict[str, str]]:
    """Answers in words by demand and question, in one query."""
    found: dict[int, dict[str, str]] = {}
    for demand_id, view in _views(rows.select_related("version__module")):
        found.setdefault(demand_id, {})[view.question.code] = view.words
    return found


def _views(rows: Iterable[LocalAnswer]) -> Iterable[tuple[int, AnswerView]]:
    ordered = sorted(rows, key=lambda row: row.pk)
    by_question = sorted(ordered, key=lambda row: (row.demand_id, row.question))
    views = []
    for (demand_id, code), group in groupby(by_question, lambda r: (r.demand_id, r.question)):
        same = list(group)
        question = questions.definition(code, same[0].version_id)
        if question is not None:
            view = AnswerView(
                question, _value(question, same), same[0].answered_at, str(same[0].version)
            )
            views.append((same[0].pk, demand_id, view))
    return [(demand_id, view) for _pk, demand_id, view in sorted(views, key=lambda v: v[0])]


def _value(question: Question, rows: list[LocalAnswer]) -> Answer:
    values = [getattr(row, COLUMNS[question.type]) for row in rows]
    return frozenset(values) if question.type is QuestionType.CHOICES else values[0]
