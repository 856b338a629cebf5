"""Test cases of documents modules: the papers of a stage, or those a situation calls for."""

from datetime import date
from typing import Any

from rules.documents import weigh
from rules.kinds.documents import Documents
from rules.kinds.parts import mapping
from rules.reading import FactSheet, normalise_facts
from rules.types import Truth
from rules.vocabulary import Vocabulary


def answer(
    body: Documents, case: Any, path: str, vocabulary: Vocabulary, today: date
) -> str | None:
    """What the rules give when it is not what the case expects.

    With `stage`, every paper of that stage; with `row`, those that the situation calls for, and in
    `later` those that depend on what is not known yet.
    """
    if isinstance(case, dict) and "stage" in case:
        mapping(case, path, {"name", "stage", "expect"})
        found = ", ".join(item.code for item in body.documents if item.stage == case["stage"])
        return None if found == case["expect"] else found
    mapping(case, path, {"name", "row", "expect"}, {"later", "figures"})
    row = FactSheet(normalise_facts(case["row"], vocabulary, f"{path}.row"))
    figures = normalise_facts(case.get("figures", {}), vocabulary, f"{path}.figures")
    weighed = weigh(body.documents, vocabulary, figures, row, today)
    asked, later = (
        ", ".join(item.code for item, truth in weighed if truth is wanted)
        for wanted in (Truth.TRUE, Truth.UNKNOWN)
    )
    if (asked, later) == (case["expect"], case.get("later", "")):
        return None
    return f"{asked}; {later}" if later else asked
