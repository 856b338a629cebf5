"""The grid in force written for a json-logic library, to compare: one demand at a time.

The library answers "no" to what is not known, where our rules answer "unknown": each comparison is
therefore guarded, and negations are pushed down to them, so that both give the same points.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from rules.conditions import AllOf, AnyOf, Comparison, Condition, Not, Ref, facts_used
from rules.explanation import Explainer
from rules.kinds.scoring import Criterion, Grid, Mode
from rules.numbers import Constant, FactNumber, Number, Tiers
from rules.operators import Operator
from rules.reading import Bindings
from rules.vocabulary import Vocabulary

Logic = dict[str, Any] | int | float | bool


def evaluator() -> Callable[[Any, Any], Any]:
    """The library's own evaluation; LookupError where it is not installed."""
    try:
        from json_logic import jsonLogic
    except ImportError as missing:
        raise LookupError("install requirements-dev.txt: json-logic is compared with") from missing
    return jsonLogic  # type: ignore[no-any-return]


def grid_logic(grid: Grid, bindings: Bindings) -> Logic:
    """The points of a grid as one json-logic tree."""
    sections = []
    for section in grid.sections:
        lines = [_line(line, bindings) for line in section.criteria]
        word = "max" if section.mode is Mode.MAX else "+"
        sections.append({word: [0, *lines]})
    return {"+": sections}


def facts_of(
    demands: Sequence[Any], grid: Grid, facts: Vocabulary, bindings: Bindings, today: date
) -> list[Any]:
    """What the library reads of each demand: plain values by fact, sets as lists."""
    used = {code for line in grid.criteria for code in _used(line)}
    rows = []
    for demand in demands:
        reader = Explainer(facts, bindings, demand, today)
        values = {code: reader.value(reader.fact(code)) for code in used}
        rows.append({code.replace(".", "_"): _plain(value) for code, value in values.items()})
    return rows


def _line(line: Criterion, bindings: Bindings) -> Logic:
    return {"if": [_side(line.when, True, bindings), _points(line.points), 0]}


def _points(number: Number) -> Logic:
    if isinstance(number, Constant):
        return float(number.value)
    if isinstance(number, Tiers) and isinstance(number.of, FactNumber):
        value, each = _var(number.of.fact), float(number.each)
        steps = {"/": [{"-": [value, {"%": [value, each]}]}, each]}
        gained = {"*": [steps, float(number.gives)]}
        return gained if number.cap is None else {"min": [gained, float(number.cap)]}
    raise LookupError("the grid counts in a way that this comparison does not write")


def _side(condition: Condition, wanted: bool, bindings: Bindings) -> Logic:
    """The rows where a condition is true, or false: what is unknown is in neither."""
    if isinstance(condition, Not):
        return _side(condition.part, not wanted, bindings)
    if isinstance(condition, AllOf | AnyOf):
        parts = [_side(part, wanted, bindings) for part in condition.parts]
        every = isinstance(condition, AllOf) is wanted
        return {"and" if every else "or": [every, *parts]}
    return {"and": [{"!=": [_var(condition.fact), None]}, _compared(condition, wanted, bindings)]}


def _compared(node: Comparison, wanted: bool, bindings: Bindings) -> Logic:
    value = _var(node.fact)
    expected = node.value
    if isinstance(expected, Ref):
        expected = bindings[expected.fact]
    if node.operator is Operator.OVERLAPS:
        found: Logic = {"or": [False, *({"in": [code, value]} for code in sorted(expected))]}  # type: ignore[arg-type]
    elif node.operator is Operator.IN:
        found = {"in": [value, sorted(expected)]}  # type: ignore[arg-type]
    else:
        word = {Operator.IS: "==", Operator.AT_LEAST: ">=", Operator.AT_MOST: "<="}[node.operator]
        found = {word: [value, _plain(expected)]}
    return found if wanted else {"!": found}


def _var(code: str) -> dict[str, str]:
    return {"var": code.replace(".", "_")}


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return float(value) if isinstance(value, Decimal) else value


def _used(line: Criterion) -> set[str]:
    used = set(facts_used(line.when))
    if isinstance(line.points, Tiers) and isinstance(line.points.of, FactNumber):
        used.add(line.points.of.fact)
    return {code for code in used if not code.startswith("parameter.")}
