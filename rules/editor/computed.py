"""Computed numbers as blocks: figures, operations, tables, choices and tiers inside one another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from rules.errors import RuleError
from rules.numbers import Operation
from rules.parameters import fact_code
from rules.types import NUMBER_TYPES, FactType
from rules.vocabulary import Fact, Text

from . import comparison
from .choices import Choice
from .compiling import Compiler, Place, child, keep_spelling
from .context import current
from .fields import MISSING, Field
from .structure import Conditions, Repeated, Struct
from .texts import Number
from .valued import ValueOf

# How many numbers may stand one inside another on a page; a deeper one is kept as it is.
LEVELS = 6
CONSTANT, FACT, PARAMETER, COMBINED = "constant", "fact", "parameter", "combined"
ROUND, TABLE, CHOICE, TIERS = "round", "table", "choice", "tiers"
NUMBER, OTHERWISE, VALUE = "number", "otherwise", "value"
_NUMBER, _OTHERWISE = _("Value"), _("Otherwise")

_OPERATIONS: tuple[tuple[str, Text], ...] = (
    (Operation.SUM.value, _("the sum of these numbers")),
    (Operation.DIFFERENCE.value, _("the first less the second")),
    (Operation.PRODUCT.value, _("these numbers multiplied")),
    (Operation.QUOTIENT.value, _("the first divided by the second")),
    (Operation.MIN.value, _("the smallest of these numbers")),
    (Operation.MAX.value, _("the largest of these numbers")),
)
_PLACES = tuple((str(places), str(places)) for places in range(5))


class TooDeepError(Exception):
    """A number with more levels than the page shows."""


def _facts(types: frozenset[FactType]) -> list[tuple[str, Text]]:
    found: Iterator[Fact] = (fact for fact in current().vocabulary if fact.type in types)
    return [(fact.code, capfirst(str(fact.label))) for fact in found]


def _number_facts() -> list[tuple[str, Text]]:
    return _facts(NUMBER_TYPES)


def _table_facts() -> list[tuple[str, Text]]:
    return _facts(frozenset({FactType.CODE, FactType.INTEGER}))


def _parameters() -> list[tuple[str, Text]]:
    known = current().vocabulary
    return [
        (item.code, capfirst(str(known.fact(fact_code(item.code)).label)))
        for item in known.parameters
    ]


@dataclass(frozen=True, kw_only=True, eq=False)
class Computed(Field):
    """One number, of any kind; those inside it have one level less."""

    level: int = LEVELS

    def block(self) -> blocks.Block:
        return _stream(self.level, self.key, self.label)

    def read(self, data: Any) -> Any:
        if data is MISSING:
            return []
        kind, parts = _shown(data)
        if kind not in _kinds(self.level):
            raise TooDeepError
        return [child(kind, _kinds(self.level)[kind].read(parts))]

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        given = list(value)
        if not given:
            return self._absent(place, compiler)
        (block,) = given[:1]
        kind, at = block.block_type, (*place, 0)
        inner = f"{path}.{kind}" if kind in (TABLE, TIERS) else path
        compiler.note(path, at)
        parts = _kinds(self.level)[kind].write(block.value, inner, at, compiler, MISSING)
        parts = {} if parts is MISSING else parts
        if kind == TABLE:
            _check_keys(parts, inner, at, compiler)
        for before, after in _spelled(kind, parts):
            compiler.rename(f"{inner}.{before}", f"{path}.{after}")
        return keep_spelling(old, _written(kind, parts))


def _shown(data: Mapping[str, Any]) -> tuple[str, Any]:
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


def _spelled(kind: str, parts: Any) -> Iterator[tuple[str, str]]:
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


def _check_keys(parts: Any, path: str, place: Place, compiler: Compiler) -> None:
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


def _written(kind: str, parts: Any) -> dict[str, Any]:
    """The contrary of `_shown`."""
    if kind in (CONSTANT, FACT, PARAMETER):
        return {kind: parts.get(VALUE)}
    if kind == TIERS:
        return {TIERS: {"of": parts.get(NUMBER), **_without(parts, NUMBER)}}
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


def _without(parts: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: part for name, part in parts.items() if name != key}


@cache
def _stream(level: int, key: str, label: Text) -> blocks.StreamBlock:
    """One block for each level and name: a page would not hold one for each place."""
    return blocks.StreamBlock(
        list(_kind_blocks(level).items()), label=label, required=False, max_num=1
    )


@cache
def _kind_blocks(level: int) -> Mapping[str, blocks.Block]:
    return {kind: field.block() for kind, field in _kinds(level).items()}


@cache
def _kinds(level: int) -> Mapping[str, Field]:
    """The numbers that may be chosen at a level: those made of others are not at the last one."""
    fields: dict[str, Field] = {
        CONSTANT: Number(key=VALUE, label=_("Figure"), whole=False),
        FACT: Choice(key=VALUE, label=_("Figure of the file"), choices=_number_facts),
        PARAMETER: Choice(key=VALUE, label=_("Dated figure"), choices=_parameters),
    }
    leaves: dict[str, Field] = {
        kind: Struct(key=kind, label=field.label, fields=(field,)) for kind, field in fields.items()
    }
    return leaves if level <= 1 else leaves | _made(level - 1)


def _made(level: int) -> dict[str, Field]:
    number = Computed(key=NUMBER, label=_NUMBER, level=level)
    rest = Computed(key=OTHERWISE, label=_OTHERWISE, level=level, optional=True)
    row = (
        ValueOf(key="key", label=_("When it is"), of="by"),
        number,
    )
    case = (Conditions(key="when", label=_("When")), number)
    made: dict[str, tuple[Text, tuple[Field, ...]]] = {
        COMBINED: (
            _("Operation"),
            (
                Choice(key="operation", label=_("What is computed"), choices=_OPERATIONS),
                Repeated(key="parts", label=_("Numbers"), of=number),
            ),
        ),
        ROUND: (
            _("Rounded number"),
            (
                number,
                Choice(key="places", label=_("Decimals"), choices=_PLACES, number=True),
            ),
        ),
        TABLE: (
            _("Table"),
            (
                Choice(key="by", label=_("Read by"), choices=_table_facts),
                Repeated(
                    key="rows",
                    label=_("Rows"),
                    of=Struct(key="row", label=_("Row"), fields=row),
                ),
                rest,
            ),
        ),
        CHOICE: (
            _("Choice by situation"),
            (
                Repeated(
                    key="cases",
                    label=_("Situations, the first that holds counts"),
                    of=Struct(key="case", label=_("Situation"), fields=case),
                ),
                rest,
            ),
        ),
        TIERS: (
            _("Tiers"),
            (
                number,
                Number(key="each", label=_("For each"), whole=False),
                Number(key="gives", label=_("Gives"), whole=False),
                Number(key="cap", label=_("At most"), whole=False, optional=True),
            ),
        ),
    }
    return {
        kind: Struct(key=kind, label=label, fields=fields) for kind, (label, fields) in made.items()
    }
