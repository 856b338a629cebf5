"""Test cases of priority modules: a demand and what is noticed, or who recognises a priority."""

from datetime import date
from typing import Any

from rules.kinds.parts import mapping
from rules.kinds.priority import Priorities
from rules.priority import detect
from rules.reading import FactSheet, normalise_facts
from rules.vocabulary import Vocabulary


def answer(
    body: Priorities, case: Any, path: str, vocabulary: Vocabulary, today: date
) -> str | None:
    """What the rules give when it is not what the case expects.

    With `row` (and `figures`), the codes noticed, then those to be completed after "?"; with
    `recognises`, the bodies that may recognise this priority.
    """
    mapping(case, path, {"name", "expect"}, {"row", "figures", "recognises"})
    if "recognises" in case:
        rule = body.get(case["recognises"])
        found = ", ".join(rule.granted_by) if rule else ""
    else:
        row = normalise_facts(case.get("row", {}), vocabulary, f"{path}.row")
        figures = normalise_facts(case.get("figures", {}), vocabulary, f"{path}.figures")
        outcomes = detect(body, vocabulary, figures, FactSheet(row), today)
        noticed = [o.rule.code for o in outcomes if o.is_detected]
        unsure = [f"{o.rule.code}?" for o in outcomes if o.outcome == "to_complete"]
        found = ", ".join([*noticed, *unsure])
    return None if found == case["expect"] else found
