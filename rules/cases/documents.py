"""Test cases of documents modules: the codes of the papers asked for at a stage."""

from datetime import date
from typing import Any

from rules.kinds.documents import Documents
from rules.kinds.parts import mapping
from rules.vocabulary import Vocabulary


def answer(
    body: Documents, case: Any, path: str, vocabulary: Vocabulary, today: date
) -> str | None:
    """What the rules give when it is not what the case expects."""
    mapping(case, path, {"name", "stage", "expect"})
    found = ", ".join(item.code for item in body.documents if item.stage == case["stage"])
    return None if found == case["expect"] else found
