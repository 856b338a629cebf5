"""Test cases of eligibility modules: a household and dated figures; then ceilings and sizes."""

from datetime import date
from typing import Any

from rules.eligibility import assess
from rules.kinds.eligibility import Eligibility
from rules.kinds.parts import mapping
from rules.reading import FactSheet, normalise_facts
from rules.vocabulary import Vocabulary


def answer(
    body: Eligibility, case: Any, path: str, vocabulary: Vocabulary, today: date
) -> str | None:
    """What the rules give when it is not what the case expects.

    `row` and `figures` are facts; the answer reads "plai: above, plus: eligible". With `people`
    instead, it is the suited sizes of home.
    """
    mapping(case, path, {"name", "expect"}, {"row", "figures", "people"})
    if "people" in case:
        norm = body.norm(case["people"])
        found = ", ".join(norm.types) if norm else ""
    else:
        row = normalise_facts(case.get("row", {}), vocabulary, f"{path}.row")
        figures = normalise_facts(case.get("figures", {}), vocabulary, f"{path}.figures")
        outcomes = assess(body, vocabulary, figures, FactSheet(row), today)
        found = ", ".join(f"{o.rule.code}: {o.outcome}" for o in outcomes)
    return None if found == case["expect"] else found
