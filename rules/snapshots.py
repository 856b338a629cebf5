"""The facts that a decision asked for, and nothing else, in a form that can be read again."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from .reading import Bindings, FactSheet, ReadOnce
from .types import FactType
from .values import Value, literal_to_json, normalise
from .vocabulary import Vocabulary


class Asked(Mapping[str, Any]):
    """What is known of the person who acts, remembering which of it was asked."""

    def __init__(self, bindings: Bindings) -> None:
        self.bindings = bindings
        self.values_asked: dict[str, Any] = {}

    def __getitem__(self, code: str) -> Any:
        value = self.bindings[code]
        self.values_asked[code] = value
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self.bindings)

    def __len__(self) -> int:
        return len(self.bindings)


def snapshot(asked: Asked, row: ReadOnce, vocabulary: Vocabulary) -> dict[str, dict[str, Any]]:
    """Both halves of what was asked, as JSON."""
    principal = {
        code: normalise(vocabulary.fact(code).type, value)
        for code, value in asked.values_asked.items()
    }
    return {"principal": _to_json(principal), "row": _to_json(row.values)}


def read(facts: Any, vocabulary: Vocabulary) -> tuple[dict[str, Any], ReadOnce]:
    """What was known of the person and of the row; RuleError when a fact is gone since.

    The row answers what it answered, derived facts included: nothing is computed again.
    """
    row = ReadOnce(FactSheet())
    row.values.update(_from_json(facts["row"], vocabulary))
    return _from_json(facts["principal"], vocabulary), row


def _to_json(values: Mapping[str, Value | None]) -> dict[str, Any]:
    return {
        code: None if value is None else literal_to_json(value)
        for code, value in sorted(values.items())
    }


def _from_json(data: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    return {code: _typed(vocabulary.fact(code).type, raw) for code, raw in data.items()}


def _typed(fact_type: FactType, raw: Any) -> Value | None:
    if fact_type is FactType.DATE and isinstance(raw, str):
        return date.fromisoformat(raw)
    return normalise(fact_type, raw)
