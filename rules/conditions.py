"""A condition: one typed tree, of which everything else is a reading."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from .operators import Operator
from .values import Value, literal_to_json


@dataclass(frozen=True)
class Ref:
    """What is expected comes from the person who acts: "one of your departments"."""

    fact: str


class Computed:
    """What is expected is computed for each row: see `numbers.Amount`."""

    def as_json(self) -> dict[str, Any]:
        """Its canonical JSON form."""
        raise NotImplementedError

    def facts(self) -> frozenset[str]:
        """The codes of the facts from which it is computed."""
        raise NotImplementedError


@dataclass(frozen=True)
class Comparison:
    """One fact compared with a value: written, bound to who acts, computed; or with nothing."""

    fact: str
    operator: Operator
    value: Value | Ref | Computed | None = None


@dataclass(frozen=True)
class AllOf:
    """True when every part is; with no part, always true."""

    parts: tuple["Condition", ...] = ()


@dataclass(frozen=True)
class AnyOf:
    """True when at least one part is; with no part, never true."""

    parts: tuple["Condition", ...] = ()


@dataclass(frozen=True)
class Not:
    """The contrary; what is unknown stays unknown."""

    part: "Condition"


Condition = AllOf | AnyOf | Not | Comparison


def to_json(condition: Condition) -> dict[str, Any]:
    """The canonical JSON form: parsing it again gives the same tree."""
    if isinstance(condition, AllOf):
        return {"all": [to_json(part) for part in condition.parts]}
    if isinstance(condition, AnyOf):
        return {"any": [to_json(part) for part in condition.parts]}
    if isinstance(condition, Not):
        return {"not": to_json(condition.part)}
    node: dict[str, Any] = {"fact": condition.fact, "op": condition.operator.value}
    if isinstance(condition.value, Ref):
        node["value"] = {"ref": condition.value.fact}
    elif isinstance(condition.value, Computed):
        node["value"] = condition.value.as_json()
    elif condition.value is not None:
        node["value"] = literal_to_json(condition.value)
    return node


def canonical(data: Any) -> str:
    """JSON with one spelling per content: sorted keys, no spaces."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def content_hash(data: Any) -> str:
    """SHA-256 of the canonical JSON of a condition or of any JSON data, in hexadecimal."""
    if isinstance(data, AllOf | AnyOf | Not | Comparison):
        data = to_json(data)
    return hashlib.sha256(canonical(data).encode()).hexdigest()


def facts_used(condition: Condition) -> frozenset[str]:
    """The codes of every fact the condition speaks of, references included."""
    if isinstance(condition, Comparison):
        value = condition.value
        if isinstance(value, Computed):
            return value.facts() | {condition.fact}
        referred = {value.fact} if isinstance(value, Ref) else set()
        return frozenset({condition.fact} | referred)
    parts = (condition.part,) if isinstance(condition, Not) else condition.parts
    return frozenset().union(*(facts_used(part) for part in parts))
