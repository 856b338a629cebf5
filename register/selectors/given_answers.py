"""What an applicant answered to one question of the form, as the register keeps it."""

from typing import Any

from register.form.single import COMMUNES, DEMAND, HOME_TYPES, REASONS, Asked, as_kept


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
    row = asked.person or (
        demand if question.whose == DEMAND else getattr(demand, question.whose, None)
    )
    return as_kept(question, getattr(row, question.column)) if row else None
