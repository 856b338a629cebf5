"""Test cases of automation modules: a step and a demand; what the rule answers.

`expect` is "act", "complete" (a task to complete the file), "nothing" or "unknown", or why the rule
is held back: "loop" or "depth", given the `chain` of rules that led there.
"""

from datetime import date
from typing import Any

from rules.automation import held_back, weigh
from rules.kinds.automation import Automation
from rules.kinds.parts import mapping
from rules.reading import FactSheet, normalise_facts
from rules.vocabulary import Vocabulary


def answer(
    body: Automation, case: Any, path: str, vocabulary: Vocabulary, today: date
) -> str | None:
    """What the rule gives when it is not what the case expects."""
    mapping(case, path, {"name", "rule", "expect"}, {"event", "row", "chain"})
    rule = next((item for item in body.rules if item.code == case["rule"]), None)
    if rule is None:
        return ""
    bound = normalise_facts(case.get("event", {}), vocabulary, f"{path}.event")
    row = FactSheet(normalise_facts(case.get("row", {}), vocabulary, f"{path}.row"))
    weighed = weigh(rule, vocabulary, bound, row, today)
    found = str(held_back(rule.code, case.get("chain", [])) or weighed.answer)
    return None if found == case["expect"] else found
