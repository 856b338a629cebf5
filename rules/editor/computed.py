"""Computed numbers as blocks: figures, operations, tables, choices and tiers inside one another."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from rules.numbers import Operation
from rules.operators import KNOWLEDGE, OPERATORS
from rules.parameters import fact_code
from rules.types import NUMBER_TYPES, FactType
from rules.vocabulary import Text

from .choices import Choice
from .compiling import Compiler, Place, child, keep_spelling
from .context import current
from .fields import MISSING, Field
from .number_shapes import (
    CHOICE,
    COMBINED,
    CONSTANT,
    FACT,
    NUMBER,
    OTHERWISE,
    PARAMETER,
    ROUND,
    TABLE,
    TIERS,
    VALUE,
    check_keys,
    shown,
    spelled,
    without,
    written,
)
from .structure import Conditions, Repeated, Struct
from .texts import Number
from .valued import ValueOf
from .words import OPERATOR_NAMES

# How many numbers may stand one inside another on a page; a deeper one is kept as it is.
LEVELS = 6
# The same in a number with which a situation of another number compares something.
LEVELS_WITHIN = 2
_NUMBER, _OTHERWISE = _("Value"), _("Otherwise")

_OPERATIONS: tuple[tuple[str, Text], ...] = (
    (Operation.SUM.value, _("the sum of these numbers")),
    (Operation.DIFFERENCE.value, _("the first less the second")),
    (Operation.PRODUCT.value, _("these numbers multiplied")),
    (Operation.QUOTIENT.value, _("the first divided by the second")),
    (Operation.MIN.value, _("the smallest of these numbers")),
    (Operation.MAX.value, _("the largest of these numbers")),
)
_COMPARISONS = tuple(
    (operator.value, OPERATOR_NAMES[operator])
    for operator in OPERATORS[FactType.DECIMAL]
    if operator not in KNOWLEDGE
)
_PLACES = tuple((str(places), str(places)) for places in range(5))


class TooDeepError(Exception):
    """A number with more levels than the page shows."""


def _number_facts() -> list[tuple[str, Text]]:
    return current().facts(NUMBER_TYPES)


def _compared_facts() -> list[tuple[str, Text]]:
    figures = [(fact_code(code), name) for code, name in _parameters()]
    return list(dict([*_number_facts(), *figures]).items())


def _table_facts() -> list[tuple[str, Text]]:
    return current().facts((FactType.CODE, FactType.INTEGER))


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
        kind, parts = shown(data)
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
            check_keys(parts, inner, at, compiler)
        for before, after in spelled(kind, parts):
            compiler.rename(f"{inner}.{before}", f"{path}.{after}")
        return keep_spelling(old, written(kind, parts))


@dataclass(frozen=True, kw_only=True, eq=False)
class Compared(Struct):
    """The comparison of a figure with a computed number: `{"fact", "op", "value": {"number"}}`."""

    def read(self, data: Any) -> Any:
        try:
            return super().read({**data, NUMBER: data[VALUE][NUMBER]})
        except TooDeepError:
            return MISSING

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        written = super().write(value, path, place, compiler, old)
        compiler.rename(f"{path}.{NUMBER}", f"{path}.{VALUE}.{NUMBER}")
        return {**without(written, NUMBER), VALUE: {NUMBER: written.get(NUMBER)}}


@cache
def compared_at(level: int) -> Compared:
    """The comparison with a number of so many levels."""
    return Compared(
        key="compared",
        label=_("Comparison with a computed number"),
        fields=(
            Choice(key="fact", label=_("What is looked at"), choices=_compared_facts),
            Choice(key="op", label=_("Comparison"), choices=_COMPARISONS),
            Computed(key=NUMBER, label=_("Computed number"), level=level),
        ),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Situation(Conditions):
    """A condition in which figures may be compared with computed numbers."""

    compared: Field | None = field(default_factory=lambda: compared_at(LEVELS))


@cache
def _stream(level: int, key: str, label: Text) -> blocks.StreamBlock:
    """One block for each level and name: a page would not hold one for each place."""
    return blocks.StreamBlock(
        list(_kind_blocks(level).items()), label=label, required=False, max_num=1
    )


@cache
def _kind_blocks(level: int) -> Mapping[str, blocks.Block]:
    made = {} if level <= 1 else _made(level - 1)
    return {**_leaf_blocks(), **{kind: field.block() for kind, field in made.items()}}


@cache
def _kinds(level: int) -> Mapping[str, Field]:
    """The numbers that may be chosen at a level: those made of others are not at the last one."""
    return _leaves() if level <= 1 else {**_leaves(), **_made(level - 1)}


@cache
def _leaf_blocks() -> Mapping[str, blocks.Block]:
    return {kind: field.block() for kind, field in _leaves().items()}


@cache
def _leaves() -> Mapping[str, Field]:
    fields: dict[str, Field] = {
        CONSTANT: Number(key=VALUE, label=_("Figure"), whole=False),
        FACT: Choice(key=VALUE, label=_("Figure of the file"), choices=_number_facts),
        PARAMETER: Choice(key=VALUE, label=_("Dated figure"), choices=_parameters),
    }
    return {
        kind: Struct(key=kind, label=field.label, fields=(field,)) for kind, field in fields.items()
    }


@cache
def _made(level: int) -> dict[str, Field]:
    number = Computed(key=NUMBER, label=_NUMBER, level=level)
    rest = Computed(key=OTHERWISE, label=_OTHERWISE, level=level, optional=True)
    row = (
        ValueOf(key="key", label=_("When it is"), of="by"),
        number,
    )
    compared = compared_at(min(level, LEVELS_WITHIN))
    case = (Conditions(key="when", label=_("When"), compared=compared), number)
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
