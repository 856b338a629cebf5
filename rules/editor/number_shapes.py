"""What the block of a computed number shows of its JSON, and the way back."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from rules.errors import RuleError
from rules.numbers import Operation

from . import comparison
from .compiling import Compiler, Place

CONSTANT, FACT, PARAMETER, COMBINED = "constant", "fact", "parameter", "combined"
ROUND, TABLE, CHOICE, TIERS = "round", "table", "choice", "tiers"
NUMBER, OTHERWISE, VALUE = "number", "otherwise", "value"


def shown(data: Mapping[str, Any]) -> tuple[str, Any]:
    """The kind of a number, and what its block shows of it."""
    for operation in Operation:
        if operation.value in data:
            return COMBINED, {"operation": operation.value, "parts": data[operation.value]}
    rest = {OTHERWISE: data[OTHERWISE]} if OTHERWISE in data else {}
    if ROUND in data:
        return ROUND, {NUMBER: data[ROUND], "places": data.get("places", 0)}
    if TABLE in data:
        rows = [{"key": key, NUMBER: part} for key, part in data[TABLE]["rows"].items()]
        return TABLE, {"by": data[TABLE]["by"], "rows": rows, **rest}
    if CHOICE in data:
        cases = [{"when": case["when"], NUMBER: case["then"]} for case in data[CHOICE]]
        return CHOICE, {"cases": cases, **rest}
    if TIERS in data:
        return TIERS, {**data[TIERS], NUMBER: data[TIERS]["of"]}
    kind = next(iter(data))
    return kind, {VALUE: data[kind]}


def spelled(kind: str, parts: Any) -> Iterator[tuple[str, str]]:
    """How the parts of a block are called in the JSON, where the parser finds fault with them."""
    if kind in (CONSTANT, FACT, PARAMETER):
        yield VALUE, kind
    elif kind == COMBINED:
        yield "parts", parts.get("operation", "")
    elif kind == ROUND:
        yield NUMBER, ROUND
    elif kind == TIERS:
        yield NUMBER, f"{TIERS}.of"
    elif kind == CHOICE:
        for index in range(len(parts.get("cases", []))):
            yield f"cases[{index}].{NUMBER}", f"{CHOICE}[{index}].then"
        yield "cases", CHOICE
    elif kind == TABLE:
        for index, row in enumerate(parts.get("rows", [])):
            yield f"rows[{index}].{NUMBER}", f"{TABLE}.rows.{row.get('key', '')}"
        yield OTHERWISE, OTHERWISE


def check_keys(parts: Any, path: str, place: Place, compiler: Compiler) -> None:
    """The rows of a table are values of its fact, one row each."""
    known, by = compiler.vocabulary, parts.get("by", "")
    fact = known.fact(by) if by in known else None
    seen: set[str] = set()
    for index, row in enumerate(parts.get("rows", [])):
        at = (*place, "rows", index, "key")
        if fact is not None and "key" in row:
            try:
                row["key"] = comparison.key(fact, row["key"], known, path)
            except RuleError as error:
                compiler.fault(at, error.message)
        if row.get("key", "") in seen:
            compiler.fault(at, _("this value has two rows"))
        seen.add(row.get("key", ""))


def written(kind: str, parts: Any) -> dict[str, Any]:
    """The contrary of `shown`."""
    if kind in (CONSTANT, FACT, PARAMETER):
        return {kind: parts.get(VALUE)}
    if kind == TIERS:
        return {TIERS: {"of": parts.get(NUMBER), **without(parts, NUMBER)}}
    if kind == COMBINED:
        return {parts.get("operation", ""): parts.get("parts", [])}
    if kind == ROUND:
        return {ROUND: parts.get(NUMBER), "places": parts.get("places", 0)}
    rest = {OTHERWISE: parts[OTHERWISE]} if OTHERWISE in parts else {}
    if kind == CHOICE:
        cases = [
            {"when": case.get("when"), "then": case.get(NUMBER)} for case in parts.get("cases", [])
        ]
        return {CHOICE: cases, **rest}
    rows = {row.get("key", ""): row.get(NUMBER) for row in parts.get("rows", [])}
    return {TABLE: {"by": parts.get("by", ""), "rows": rows}, **rest}


def without(parts: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The same parts less one."""
    return {name: part for name, part in parts.items() if name != key}
