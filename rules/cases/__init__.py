"""A module's own test cases: facts in, expected outcome out. What fails is not installed.

One module per kind, with `answer(body, case, path, vocabulary, today)`: None when the rules give
what the case expects, else what they give.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from rules.errors import RuleError
from rules.kinds.parts import text
from rules.vocabulary import Vocabulary

from . import (
    automation,
    deadlines,
    documents,
    eligibility,
    fields,
    letters,
    priority,
    questions,
    rights,
    scoring,
)

Answer = Callable[[Any, Any, str, Vocabulary, date], str | None]

_ANSWERS: Mapping[str, Answer] = {
    "rights": rights.answer,
    "fields": fields.answer,
    "deadlines": deadlines.answer,
    "documents": documents.answer,
    "eligibility": eligibility.answer,
    "priority": priority.answer,
    "questions": questions.answer,
    "letters": letters.answer,
    "automation": automation.answer,
    "scoring": scoring.answer,
}


def failures(
    kind: str, body: Any, tests: list[dict[str, Any]], vocabulary: Vocabulary, today: date
) -> Iterator[str]:
    """One message for each test case that does not give what it expects."""
    for index, case in enumerate(tests):
        path = f"tests[{index}]"
        if not isinstance(case, dict):
            raise RuleError(path, _("an object is expected here"))
        text(case.get("name"), f"{path}.name")
        found = _ANSWERS[kind](body, case, path, vocabulary, today)
        if found is not None:
            yield _("the test case “{name}” expects “{expected}”, the rules give “{found}”").format(
                name=case["name"], expected=_written(case["expect"]), found=found
            )


def _written(expected: Any) -> str:
    return fields.written(expected) if isinstance(expected, dict) else str(expected)
