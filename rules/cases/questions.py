"""Test cases of questions modules: what is asked of somebody, or whether an answer is accepted."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from rules.errors import RuleError
from rules.kinds.parts import mapping
from rules.kinds.questions import Question, Questions, QuestionType
from rules.questions import AnswerRefused, accept, asked
from rules.reading import FactSheet, normalise_facts
from rules.types import FactType
from rules.values import parse_literal
from rules.vocabulary import Vocabulary

ACCEPTED = "accepted"
REFUSED = "refused"


def answer(
    body: Questions, case: Any, path: str, vocabulary: Vocabulary, today: date
) -> str | None:
    """What the rules give when it is not what the case expects."""
    if isinstance(case, dict) and "question" in case:
        mapping(case, path, {"name", "question", "answer", "expect"})
        found = _outcome(body, case, path)
    else:
        mapping(case, path, {"name", "expect"}, {"row", "figures"})
        row = FactSheet(normalise_facts(case.get("row", {}), vocabulary, f"{path}.row"))
        figures = normalise_facts(case.get("figures", {}), vocabulary, f"{path}.figures")
        found = ", ".join(q.code for q in asked(body.questions, vocabulary, figures, row, today))
    return None if found == case["expect"] else found


def _outcome(body: Questions, case: dict[str, Any], path: str) -> str:
    question = body.get(case["question"])
    if question is None:
        raise RuleError(f"{path}.question", _("the module does not ask this question"))
    try:
        accept(question, _typed(question, case["answer"], f"{path}.answer"))
    except AnswerRefused:
        return REFUSED
    return ACCEPTED


def _typed(question: Question, raw: Any, path: str) -> Any:
    wanted = question.type.fact_type
    if question.type is QuestionType.TEXT or wanted is None:
        return raw
    return parse_literal(wanted, _in_words(wanted, raw) if isinstance(raw, str) else raw, path)


def _in_words(wanted: FactType, typed: str) -> Any:
    """An answer typed in one line: yes or no, a whole number, codes separated by commas."""
    if wanted is FactType.BOOLEAN:
        return {"yes": True, "oui": True, "no": False, "non": False}.get(typed, typed)
    if wanted is FactType.INTEGER:
        return int(typed) if typed.isdecimal() and len(typed) < 12 else typed
    if wanted is FactType.CODE_SET:
        return [code.strip() for code in typed.split(",") if code.strip()]
    return typed
