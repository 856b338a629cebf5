"""A number of a rule: one typed tree over a closed arithmetic, of which all else is a reading.

Nothing is ever evaluated from text. What cannot be told (a missing value, a division by zero, a
result of 10¹¹ or more) is unknown, in every reading.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from .conditions import Computed, Condition, facts_used, to_json
from .values import literal_to_json


@dataclass(frozen=True)
class Constant:
    """A written number."""

    value: Decimal


@dataclass(frozen=True)
class FactNumber:
    """The value of a fact, or of a parameter (its code then begins with "parameter.")."""

    fact: str


class Operation(StrEnum):
    """What is done with several numbers. A product is rounded once, to four decimals, half up."""

    SUM = "sum"
    PRODUCT = "product"
    MIN = "min"
    MAX = "max"
    DIFFERENCE = "difference"
    QUOTIENT = "quotient"


PAIRS = (Operation.DIFFERENCE, Operation.QUOTIENT)


@dataclass(frozen=True)
class Combined:
    """Several numbers taken together."""

    operation: Operation
    parts: tuple["Number", ...]


@dataclass(frozen=True)
class Rounded:
    """A number rounded half up (away from zero) to 0 to 4 decimals."""

    part: "Number"
    places: int


@dataclass(frozen=True)
class Table:
    """A number read in a table by the value of a fact; `otherwise` for any other value."""

    by: str
    rows: tuple[tuple[int | str, "Number"], ...]
    otherwise: "Number | None" = None


@dataclass(frozen=True)
class Choice:
    """The number of the first case that holds; unknown once a case is unknown."""

    cases: tuple[tuple[Condition, "Number"], ...]
    otherwise: "Number | None" = None


@dataclass(frozen=True)
class Tiers:
    """`gives` for each full `each` of a number, up to `cap` in all: "1 per six months, at most 10".

    A number below zero gives nothing.
    """

    of: "Number"
    each: Decimal
    gives: Decimal
    cap: Decimal | None = None


Number = Constant | FactNumber | Combined | Rounded | Table | Choice | Tiers


@dataclass(frozen=True)
class Amount(Computed):
    """A number as what a fact is compared with: "the income is at most this share of that"."""

    number: Number

    def as_json(self) -> dict[str, Any]:
        """`{"number": …}`, as it is written beside `value`."""
        return {"number": number_to_json(self.number)}

    def facts(self) -> frozenset[str]:
        """The codes of the facts from which the number is computed."""
        return number_facts(self.number)


def number_to_json(number: Number) -> dict[str, Any]:
    """The canonical JSON form: parsing it again gives the same tree."""
    if isinstance(number, Constant):
        return {"constant": literal_to_json(number.value)}
    if isinstance(number, FactNumber):
        kind, _dot, code = number.fact.partition(".")
        return {"parameter": code} if kind == "parameter" else {"fact": number.fact}
    if isinstance(number, Combined):
        return {number.operation.value: [number_to_json(part) for part in number.parts]}
    if isinstance(number, Rounded):
        return {"round": number_to_json(number.part), "places": number.places}
    if isinstance(number, Tiers):
        return {"tiers": _tiers_to_json(number)}
    node: dict[str, Any]
    if isinstance(number, Table):
        rows = {str(key): number_to_json(value) for key, value in number.rows}
        node = {"table": {"by": number.by, "rows": rows}}
    else:
        node = {
            "choice": [
                {"when": to_json(when), "then": number_to_json(then)} for when, then in number.cases
            ]
        }
    if number.otherwise is not None:
        node["otherwise"] = number_to_json(number.otherwise)
    return node


def _tiers_to_json(tiers: Tiers) -> dict[str, Any]:
    node = {
        "of": number_to_json(tiers.of),
        "each": literal_to_json(tiers.each),
        "gives": literal_to_json(tiers.gives),
    }
    if tiers.cap is not None:
        node["cap"] = literal_to_json(tiers.cap)
    return node


def parts_of(number: Number) -> Iterator[Number]:
    """The numbers directly inside a number."""
    if isinstance(number, Combined):
        yield from number.parts
    elif isinstance(number, Rounded):
        yield number.part
    elif isinstance(number, Tiers):
        yield number.of
    elif isinstance(number, Table | Choice):
        yield from (value for _key, value in _cases(number))
        if number.otherwise is not None:
            yield number.otherwise


def _cases(number: Table | Choice) -> tuple[tuple[Any, Number], ...]:
    return number.rows if isinstance(number, Table) else number.cases


def number_facts(number: Number) -> frozenset[str]:
    """The codes of every fact and parameter the number speaks of."""
    own: set[str] = set()
    if isinstance(number, FactNumber):
        own.add(number.fact)
    elif isinstance(number, Table):
        own.add(number.by)
    elif isinstance(number, Choice):
        own.update(*(facts_used(when) for when, _then in number.cases))
    return frozenset(own).union(*(number_facts(part) for part in parts_of(number)))
