"""Keeps the answers to local questions, checked again under the version that asked them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from register import clock
from register.models import Demand, LocalAnswer
from register.models.answer import COLUMNS
from register.questions import Asker, LocalQuestion, of_version
from register.services.application import DemandApplication, LocalAnswerData
from rules.questions import Answer, AnswerRefused, accept


def save_answers(*, demand: Demand, application: DemandApplication) -> None:
    """Store the answers of a declaration, inside the transaction that registers it.

    Raises ValidationError under "question.<code>" for a question that is not asked of this person
    or for an answer that it does not allow: what nobody asked is not kept (RGPD art. 5).
    """
    asker = Asker(application.department, lambda: application)
    rows: dict[str, list[LocalAnswer]] = {}
    for given in application.local_answers:
        local = _asked(given, asker)
        rows[local.code] = _rows(demand, local, _accepted(local, given))
    LocalAnswer.objects.bulk_create(_checked(row) for found in rows.values() for row in found)


def put_answer(*, demand: Demand, local: LocalQuestion, value: Any) -> None:
    """Replace the answer to one question, or take it away when there is none any more."""
    demand.local_answers.filter(question=local.code).delete()
    if value in (None, "", []):
        return
    typed = frozenset(value) if isinstance(value, list) else value
    given = LocalAnswerData(local.code, local.version_id, typed)
    rows = _rows(demand, local, _accepted(local, given))
    LocalAnswer.objects.bulk_create(map(_checked, rows))


def _asked(given: LocalAnswerData, asker: Asker) -> LocalQuestion:
    named = [local for local in of_version(given.version) if local.code == given.question]
    asked = asker.asked(named)
    if not asked:
        raise ValidationError({f"question.{given.question}": _("This question is not asked.")})
    return asked[0]


def _accepted(local: LocalQuestion, given: LocalAnswerData) -> Answer:
    try:
        return accept(local.question, given.value)
    except AnswerRefused as refusal:
        raise ValidationError({local.question.fact_code: str(refusal.message)}) from refusal


def _rows(demand: Demand, local: LocalQuestion, answer: Answer) -> list[LocalAnswer]:
    column = COLUMNS[local.question.type]
    return [
        LocalAnswer(
            demand=demand,
            question=local.code,
            version_id=local.version_id,
            answered_at=clock.now(),
            **{column: value},
        )
        for value in (sorted(answer) if isinstance(answer, frozenset) else [answer])
    ]


def _checked(row: LocalAnswer) -> LocalAnswer:
    row.full_clean(exclude=["demand", "version"], validate_unique=False, validate_constraints=False)
    return row
