"""Test cases of scoring modules: the facts of a demand, then its points.

`expect` is the total ("45"), with what is proved in brackets while a proof is awaited ("45 (5)"),
or "not scored".
"""

from datetime import date
from decimal import Decimal
from typing import Any

from rules.kinds.parts import mapping
from rules.kinds.scoring import Grid
from rules.reading import FactSheet, normalise_facts
from rules.scoring import score
from rules.values import literal_to_json
from rules.vocabulary import Vocabulary

NOT_SCORED = "not scored"


def answer(body: Grid, case: Any, path: str, vocabulary: Vocabulary, today: date) -> str | None:
    """What the rules give when it is not what the case expects."""
    mapping(case, path, {"name", "row", "expect"}, {"parameters"})
    row = FactSheet(normalise_facts(case["row"], vocabulary, f"{path}.row"))
    bindings = normalise_facts(case.get("parameters", {}), vocabulary, f"{path}.parameters")
    found = score(body, vocabulary, bindings, row, today)
    given = _figure(found.total)
    if not found.applies:
        given = NOT_SCORED
    elif found.is_provisional:
        given = f"{given} ({_figure(found.proved)})"
    return None if given == case["expect"] else given


def _figure(points: Decimal) -> str:
    return str(literal_to_json(points))
