"""Fields made of others: conditions, several fields under one key, lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wagtail import blocks

from . import conditions
from .compiling import Compiler, Place, child, keep_spelling
from .fields import MISSING, Field, read_fields, write_fields


@dataclass(frozen=True, kw_only=True, eq=False)
class Conditions(Field):
    """A condition; `compared` is the comparison with a computed number, where there may be one."""

    principal_only: bool = False
    compared: Field | None = None

    def block(self) -> blocks.Block:
        return conditions.condition_block(
            principal_only=self.principal_only,
            compared=self.compared,
            label=self.label,
            help_text=self.help,
        )

    def read(self, data: Any) -> Any:
        return [] if data is MISSING else conditions.to_raw(data, self.compared)

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        if self.optional and not len(value):
            return MISSING
        limits: dict[str, Any] = {"principal_only": True} if self.principal_only else {}
        written = conditions.to_json(value, path, place, compiler, compared=self.compared, **limits)
        return keep_spelling(old, written)


@dataclass(frozen=True, kw_only=True, eq=False)
class Struct(Field):
    """Several fields under one key; left out when `optional` and empty."""

    fields: Sequence[Field]
    classname: str = ""

    def block(self) -> blocks.Block:
        return blocks.StructBlock(
            [(each.key, each.block()) for each in self.fields],
            label=self.label,
            help_text=self.help,
            form_classname=f"struct-block {self.classname}".strip(),
        )

    def read(self, data: Any) -> Any:
        return read_fields(self.fields, {} if data is MISSING else data)

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        written = write_fields(self.fields, value, path, place, compiler, old)
        return MISSING if self.optional and not written else written


@dataclass(frozen=True, kw_only=True, eq=False)
class Repeated(Field):
    """A list of one field: texts, or groups of fields."""

    of: Field
    folded: bool = False

    def block(self) -> blocks.Block:
        return blocks.ListBlock(
            self.of.block(),
            label=self.label,
            help_text=self.help,
            default=[],
            collapsed=self.folded,
        )

    def read(self, data: Any) -> Any:
        return [] if data is MISSING else [child("item", self.of.read(item)) for item in data]

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        before = old if isinstance(old, list) else []
        written = []
        for index, item in enumerate(value):
            at = (*place, index)
            compiler.note(f"{path}[{index}]", at)
            was = before[index] if index < len(before) else MISSING
            written.append(self.of.write(item, f"{path}[{index}]", at, compiler, was))
        if not written:
            return self._absent(place, compiler)
        return [item for item in written if item is not MISSING]
