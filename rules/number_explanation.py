"""The explanation of a number on one row: its value, or that it is unknown, and from what."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from . import arithmetic
from .conditions import Comparison, Condition
from .facts import Fact
from .numbers import (
    Choice,
    Combined,
    Constant,
    FactNumber,
    Number,
    Operation,
    Rounded,
    Table,
    Tiers,
)
from .operators import Operator
from .types import FactType, Truth
from .values import Value

if TYPE_CHECKING:
    from .explanation import Trace


@dataclass(frozen=True)
class NumberTrace:
    """One node of a number and its value (None: unknown), with the values of its parts.

    `fact` is that of a fact or parameter; `conditions` are the cases that were looked at.
    """

    value: Decimal | None
    number: Number
    children: tuple["NumberTrace", ...] = ()
    fact: Fact | None = None
    conditions: tuple["Trace", ...] = ()

    def unknown_facts(self) -> tuple[Fact, ...]:
        """The facts whose absence leaves the number unknown, each once."""
        if self.value is not None:
            return ()
        missing = [self.fact] if self.fact is not None and not self.children else []
        for trace in self.conditions:
            missing += trace.unknown_facts()
        for child in self.children:
            missing += child.unknown_facts()
        return tuple({fact.code: fact for fact in missing}.values())


class Reader(Protocol):
    """What reads the facts and conditions inside a number."""

    def fact(self, code: str) -> Fact:
        """The fact of this code."""
        ...

    def value(self, fact: Fact) -> Value | None:
        """Its value on the row, or None when it is not known."""
        ...

    def why(self, fact: Fact) -> "Trace | NumberTrace | None":
        """The trace of the rule of a derived fact."""
        ...

    def trace(self, condition: Condition) -> "Trace":
        """The answer of a condition on the row."""
        ...


_COMBINE: Mapping[Operation, Callable[[Sequence[Decimal | None]], Decimal | None]] = {
    Operation.SUM: arithmetic.total,
    Operation.PRODUCT: arithmetic.product,
    Operation.MIN: arithmetic.least,
    Operation.MAX: arithmetic.greatest,
    Operation.DIFFERENCE: arithmetic.difference,
    Operation.QUOTIENT: arithmetic.quotient,
}


def read_number(number: Number, reader: Reader) -> NumberTrace:
    """The value of a number on the row that `reader` reads, with its trace."""
    if isinstance(number, Constant):
        return NumberTrace(number.value, number)
    if isinstance(number, FactNumber):
        fact = reader.fact(number.fact)
        value: Any = reader.value(fact)
        why = reader.why(fact)
        below = (why,) if isinstance(why, NumberTrace) else ()
        return NumberTrace(None if value is None else Decimal(value), number, below, fact)
    if isinstance(number, Table | Choice):
        return _choice(number, reader)
    if isinstance(number, Combined):
        children = tuple(read_number(part, reader) for part in number.parts)
        result = _COMBINE[number.operation]([child.value for child in children])
        return NumberTrace(result, number, children)
    child = read_number(number.of if isinstance(number, Tiers) else number.part, reader)
    if isinstance(number, Rounded):
        return NumberTrace(arithmetic.rounded(child.value, number.places), number, (child,))
    given = arithmetic.tiers(child.value, number.each, number.gives, number.cap)
    return NumberTrace(given, number, (child,))


def _choice(number: Table | Choice, reader: Reader) -> NumberTrace:
    seen: list[Trace] = []
    for when, then in cases(number, reader.fact):
        trace = reader.trace(when)
        seen.append(trace)
        if trace.truth is Truth.UNKNOWN:
            return NumberTrace(None, number, conditions=(trace,))
        if trace.truth is Truth.TRUE:
            child = read_number(then, reader)
            return NumberTrace(child.value, number, (child,), conditions=tuple(seen))
    if number.otherwise is None:
        return NumberTrace(None, number, conditions=tuple(seen))
    child = read_number(number.otherwise, reader)
    return NumberTrace(child.value, number, (child,), conditions=tuple(seen))


def cases(
    number: Table | Choice, fact: Callable[[str], Fact]
) -> tuple[tuple[Condition, Number], ...]:
    """The cases of a choice; a table is a choice by the value of its fact."""
    if isinstance(number, Choice):
        return number.cases
    operator = Operator.IS if fact(number.by).type is FactType.CODE else Operator.EQUALS
    return tuple((Comparison(number.by, operator, key), value) for key, value in number.rows)
