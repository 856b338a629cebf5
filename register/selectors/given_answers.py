"""What an applicant answered to one question of the form, and who may write it."""

from typing import Any

from register.access import FieldRights
from register.annex import SINGLE
from register.form.asked_locally import AskedLocally
from register.form.definition import COMMUNES, DEMAND, HOME_TYPES, INCOME, NEEDS, QUARTERS, REASONS
from register.form.single import Asked, as_kept
from register.form.together import HERS_ALONE
from register.models.answer import COLUMNS
from rules.kinds.questions import QuestionType


def may_write(rights: FieldRights, asked: Asked) -> bool:
    """True when all that the answer tells of is read, and its own group of data written."""
    can_read = all(map(rights.can_read, asked.question.told_by))
    return can_read and rights.can_write(asked.question.part)


def may_modify(rights: FieldRights, asked: Asked, *, own: bool) -> bool:
    """The same for the applicant, or for a helper, who answers nothing of what is hers alone."""
    return may_write(rights, asked) and (own or asked.question.name not in HERS_ALONE)


def kept_answer(asked: Asked) -> Any:
    """The answer of today: a text, a number, a yes or no, a list of codes; None for none.

    Amounts in euros with two decimals, days in ISO 8601.
    """
    demand, question = asked.demand, asked.question
    if question.name == REASONS:
        return as_kept(question, [reason.code for reason in demand.reasons.all()])
    if question.name == HOME_TYPES:
        return as_kept(question, [wish.code for wish in demand.wished_types.all()])
    if question.name == COMMUNES:
        return [wish.commune_id for wish in demand.wished_communes.all()]
    if question.income and asked.person:
        amounts = {each.kind: each.amount for each in asked.person.incomes.all()}
        return as_kept(question, amounts.get(question.income))
    if question.name == INCOME and asked.person:
        lines = asked.person.incomes.all()
        return as_kept(question, [f"{line.kind} {line.amount:.2f}" for line in lines])
    if question.name == NEEDS and asked.person:
        needs = asked.person.needs.all()
        return as_kept(question, [f"{need.topic}:{need.code}" for need in needs])
    if question.is_annex:
        found = [each.code for each in asked.person.needs.all() if each.topic == question.name]
        return "".join(found) if question.name in SINGLE else found
    if question.name == QUARTERS:
        wished = demand.wished_communes.all()
        return as_kept(question, [wish.quarter_id for wish in wished if wish.quarter_id])
    if isinstance(asked, AskedLocally):
        return _kept_locally(asked)
    row = asked.person or (
        demand if question.whose == DEMAND else getattr(demand, question.whose, None)
    )
    return as_kept(question, getattr(row, question.column)) if row else None


def _kept_locally(asked: AskedLocally) -> Any:
    definition = asked.local.question
    rows = asked.demand.local_answers.filter(question=definition.code)
    values = [getattr(row, COLUMNS[definition.type]) for row in rows]
    several = definition.type is QuestionType.CHOICES
    return as_kept(asked.question, values if several else next(iter(values), None))
