"""The local questions of the modules in force, and those asked once, as facts of the vocabulary."""

from functools import lru_cache

from . import loading
from .installed import Installed
from .kinds import Body
from .kinds.questions import Question, Questions
from .loading import Stamp
from .vocabulary import Vocabulary

KIND = "questions"


@lru_cache(maxsize=8)
def with_questions(stamp: Stamp, facts: Vocabulary) -> Vocabulary:
    """The declared facts and the answers: to what is asked today, and to what was asked once."""
    governing = loading.load(stamp, facts, KIND).installed
    asked = {each.code: _questions(each) for each in governing}
    now = {question.code for questions in asked.values() for question in questions}
    earlier: dict[str, dict[str, Question]] = {}
    for each in loading.earlier(facts, KIND):
        for question in _questions(each):
            if question.code not in now:
                earlier.setdefault(each.code, {}).setdefault(question.code, question)
    retired = {code: tuple(known.values()) for code, known in earlier.items()}
    return facts.with_questions(asked, retired)


def _questions(installed: Installed[Body]) -> tuple[Question, ...]:
    return installed.body.questions if isinstance(installed.body, Questions) else ()
