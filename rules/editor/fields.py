"""The fields of a rule: each knows its block, and its way to and from the JSON of the module.

A kind of module is described with fields in `rules/editor/kinds/`; its form, its reading and its
errors follow. The fields themselves: texts and numbers in `texts.py`, choices in `choices.py`, what
is made of other fields in `structure.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from rules.vocabulary import Text

from .compiling import Compiler, Place

MISSING: Any = object()


@dataclass(frozen=True, kw_only=True, eq=False)
class Field:
    """One key of a rule. `optional` keys are left out of the JSON when nothing is filled in."""

    key: str
    label: Text
    help: Text = ""
    optional: bool = False

    def block(self) -> blocks.Block:
        """The block in which the field is filled in."""
        raise NotImplementedError

    def read(self, data: Any) -> Any:
        """What the block shows of the JSON; `data` is MISSING when the key is not there."""
        return "" if data is MISSING else data

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        """The JSON of what is filled in, MISSING for nothing; faults are noted beside the block."""
        raise NotImplementedError

    def options(self) -> dict[str, Any]:
        """What every block is told."""
        return {"label": self.label, "help_text": self.help, "required": not self.optional}

    def _absent(self, place: Place, compiler: Compiler) -> Any:
        if not self.optional:
            compiler.fault(place, _("this has to be filled in"))
        return MISSING


def read_fields(fields: Sequence[Field], data: dict[str, Any]) -> dict[str, Any]:
    """The blocks' stored data of a rule in JSON."""
    return {field.key: field.read(data.get(field.key, MISSING)) for field in fields}


def write_fields(
    fields: Sequence[Field], value: Any, path: str, place: Place, compiler: Compiler, old: Any
) -> dict[str, Any]:
    """The JSON of a rule; keys that the form does not show stay as they were."""
    before = old if isinstance(old, dict) else {}
    shown = {field.key for field in fields}
    written = {key: kept for key, kept in before.items() if key not in shown}
    compiler.note(path, place)
    for field in fields:
        inner, at = f"{path}.{field.key}" if path else field.key, (*place, field.key)
        compiler.note(inner, at)
        data = field.write(value[field.key], inner, at, compiler, before.get(field.key, MISSING))
        if data is not MISSING:
            written[field.key] = data
    order = [*(key for key in before if key in written), *written]
    return {key: written[key] for key in order}
