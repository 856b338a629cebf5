"""The questions of a territory as they are put to one applicant whose demand is registered."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from register import questions
from register.form.answers import Raw
from register.form.definition import DEMAND, Question
from register.form.fields.choices import NO, YES
from register.form.local_questions import page_key
from register.form.single import Asked
from register.form.steps.questions import PREFIX, field_name
from register.models import Demand
from register.questions import LocalQuestion
from rules.kinds.questions import Question as Definition
from rules.kinds.questions import QuestionType
from rules.questions import words


@dataclass(frozen=True)
class AskedLocally(Asked):
    """A local question, with the version that asks it."""

    local: LocalQuestion = field(kw_only=True)

    @property
    def _definition(self) -> Definition:
        return self.local.question

    @property
    def label(self) -> str:
        """What is asked, as its module words it."""
        return str(self._definition.label)

    def said(self, kept: Any) -> Any:
        """An answer as it is kept, in words."""
        if kept in (None, "", []):
            return ""
        if isinstance(kept, list):
            return [self._definition.choice_label(code) for code in kept]
        return words(self._definition, self._read(kept))

    def _read(self, kept: Any) -> Any:
        kind = self._definition.type
        if kind is QuestionType.DATE:
            return date.fromisoformat(kept)
        is_amount = kind not in (QuestionType.CHOICE, QuestionType.TEXT) and isinstance(kept, str)
        return Decimal(kept) if is_amount else kept


def _asked(demand: Demand, local: LocalQuestion) -> AskedLocally:
    definition = local.question
    page = page_key(definition.step)
    part: Any = str(definition.field_set)
    question = Question(page, field_name(definition.code), DEMAND, part)
    return AskedLocally(question, demand, local=local)


def local_questions_of(demand: Demand) -> Iterator[AskedLocally]:
    """Those in force in the department of the demand, whether or not they are put to her."""
    for local in questions.in_force():
        if questions.asks_in(local, demand.department_id):
            yield _asked(demand, local)


def typed_locally(asked: AskedLocally, kept: Any) -> Raw:
    """An answer as it is kept, as the inputs of its page would have sent it."""
    name = asked.question.name
    if kept in (None, "", []):
        return {}
    if isinstance(kept, bool):
        return {name: [YES if kept else NO]}
    if isinstance(kept, list):
        return {name: kept}
    if asked.local.question.type is QuestionType.DATE:
        year, month, day = kept.split("-")
        parts = (day, month, year)
        return {f"{name}_{place}": [str(int(part))] for place, part in enumerate(parts)}
    return {name: [str(kept)]}


def told_once(name: str, demand: Demand) -> AskedLocally | None:
    """The question of a change that was kept, as it is worded today."""
    definition = questions.known().get(name.removeprefix(PREFIX))
    return _asked(demand, LocalQuestion(definition, 0, "")) if definition else None
