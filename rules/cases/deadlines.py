"""Test cases of deadlines modules: the value of one delay ("1 months")."""

from datetime import date
from typing import Any

from rules.kinds.deadlines import Deadlines
from rules.kinds.parts import mapping
from rules.vocabulary import Vocabulary


def answer(
    body: Deadlines, case: Any, path: str, vocabulary: Vocabulary, today: date
) -> str | None:
    """What the rules give when it is not what the case expects."""
    mapping(case, path, {"name", "deadline", "expect"})
    values = {item.code: f"{item.value} {item.unit}" for item in body.deadlines}
    found = values.get(case["deadline"], "")
    return None if found == case["expect"] else found
