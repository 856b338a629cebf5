"""The sentence of a rule while it is being edited, and what the whole module says of it."""

from collections.abc import Mapping
from typing import Any

from rules.kinds import parse_body
from rules.publication import Published, publish
from rules.vocabulary import Vocabulary


def with_rule(body: Mapping[str, Any], section: str, index: int, rule: Any) -> dict[str, Any]:
    """The body of a module in which one rule is replaced, or added at the end of its section."""
    items = list(body.get(section, ()))
    items[index : index + 1] = [rule]
    return {**body, section: items}


def in_words(
    kind: str, body: Mapping[str, Any], code: str, vocabulary: Vocabulary
) -> Published | None:
    """The rule of this code as the charter would publish it; RuleError when it cannot be."""
    parsed = parse_body(kind, dict(body), vocabulary)
    return next((each for each in publish(kind, parsed, vocabulary) if each.code == code), None)
