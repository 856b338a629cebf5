"""Test cases of fields modules: a person and a demand; the level of each group of data named."""

from datetime import date
from typing import Any

from rules.fields import levels, weigh
from rules.kinds.fields import Fields, Level, parse_levels
from rules.kinds.parts import mapping
from rules.reading import FactSheet, normalise_facts
from rules.vocabulary import Vocabulary


def answer(body: Fields, case: Any, path: str, vocabulary: Vocabulary, today: date) -> str | None:
    """What the rules give when it is not what the case expects, group by group."""
    mapping(case, path, {"name", "principal", "row", "expect"})
    principal = normalise_facts(case["principal"], vocabulary, f"{path}.principal")
    row = FactSheet(normalise_facts(case["row"], vocabulary, f"{path}.row"))
    expected = parse_levels(case["expect"], f"{path}.expect")
    given = levels(weigh(body.rules, vocabulary, principal, row, today))
    found = {name: given.get(name, Level.NONE) for name in expected}
    return None if found == expected else written(found)


def written(found: dict[Any, Any]) -> str:
    """Levels on one line: "identity: read, health: masked"."""
    return ", ".join(f"{name}: {level}" for name, level in found.items())
