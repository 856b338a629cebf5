"""Conditions as blocks: comparisons, and groups of which all, one, none or not all must hold.

A comparison with a computed number is a field of its own, `compared`, which is handed over: the
numbers hold conditions too.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from rules.errors import RuleError
from rules.parsing import DEEPEST, parse_condition

from . import comparison
from .compiling import Compiler, Place, child, keep_spelling
from .fields import MISSING, Field
from .widgets import EVERYTHING, PRINCIPAL, ComparisonBlock

COMPARISON, COMPARED, GROUP, ALWAYS, NEVER = "comparison", "compared", "group", "always", "never"
ALL, ANY, NOT_ALL, NONE, NOT = "all", "any", "not_all", "none", "not"
MODES = (
    (ALL, _("all of these conditions")),
    (ANY, _("at least one of these conditions")),
    (NONE, _("none of these conditions")),
    (NOT_ALL, _("these conditions, but not all together")),
    (NOT, _("the contrary of this condition")),
)


class AlwaysBlock(blocks.StaticBlock):
    """The condition that always holds."""

    class Meta:
        icon = "check"
        label = _("In every case")
        admin_text = _("Nothing is required here: the rule applies in every case.")


class NeverBlock(blocks.StaticBlock):
    """The condition that never holds."""

    class Meta:
        icon = "cross"
        label = _("In no case")
        admin_text = _("This never happens: the rule does not apply.")


class GroupBlock(blocks.StructBlock):
    """Several conditions said together."""

    class Meta:
        icon = "list-ul"
        label = _("Group of conditions")
        form_classname = "struct-block rules-group"
        label_format = "{mode}"


Blocks = tuple[tuple[str, blocks.Block], ...]


def _stream(deeper: blocks.Block | None, leaves: Blocks, **meta: Any) -> blocks.StreamBlock:
    children = list(leaves)
    if deeper is not None:
        mode = blocks.ChoiceBlock(choices=MODES, default=ALL, label=_("What must be met"))
        children.append((GROUP, GroupBlock([("mode", mode), ("parts", deeper)])))
    children += _alone()
    meta.setdefault("label", _("Conditions"))
    return blocks.StreamBlock(children, required=False, **meta)


@cache
def _alone() -> Blocks:
    return ((ALWAYS, AlwaysBlock()), (NEVER, NeverBlock()))


@cache
def _nested(principal_only: bool, compared: Field | None) -> tuple[blocks.StreamBlock, Blocks]:
    """The conditions inside a group, as deep as the parser accepts."""
    about = PRINCIPAL if principal_only else EVERYTHING
    leaves: Blocks = ((COMPARISON, ComparisonBlock(about=about)),)
    if compared is not None:
        leaves = (*leaves, (COMPARED, compared.block()))
    stream = _stream(None, leaves)
    for _level in range(DEEPEST - 2):
        stream = _stream(stream, leaves)
    return stream, leaves


def condition_block(
    *, principal_only: bool, compared: Field | None = None, **meta: Any
) -> blocks.StreamBlock:
    """The blocks of one condition; the blocks of the first level must all hold."""
    inner, leaves = _nested(principal_only, compared)
    return _stream(inner, leaves, **meta)


def to_raw(node: dict[str, Any], compared: Field | None = None) -> list[dict[str, Any]]:
    """The blocks, as stored data, of a condition in JSON."""
    if len(node.get("all", ())) > 1:
        return [_raw(part, compared) for part in node["all"]]
    return [_raw(node, compared)]


def _raw(node: dict[str, Any], compared: Field | None) -> dict[str, Any]:
    if "fact" in node:
        shown = compared.read(node) if compared and comparison.has_number(node) else MISSING
        if shown is not MISSING:
            return child(COMPARED, shown)
        return child(COMPARISON, comparison.to_state(node))
    if node.get("all") == []:
        return child(ALWAYS, None)
    if node.get("any") == []:
        return child(NEVER, None)
    if "not" in node:
        inner = node["not"]
        for word, mode in (("all", NOT_ALL), ("any", NONE)):
            if inner.get(word):
                return _raw_group(mode, inner[word], compared)
        return _raw_group(NOT, [inner], compared)
    ((word, parts),) = node.items()
    return _raw_group(word, parts, compared)


def _raw_group(
    mode: str, parts: Iterable[dict[str, Any]], compared: Field | None
) -> dict[str, Any]:
    return child(GROUP, {"mode": mode, "parts": [_raw(part, compared) for part in parts]})


def to_json(
    value: Any,
    path: str,
    place: Place,
    compiler: Compiler,
    *,
    compared: Field | None = None,
    **limits: Any,
) -> Any:
    """The condition in JSON; what is wrong is noted beside its block."""
    compiler.note(path, place)
    children = list(value)
    if not children:
        compiler.fault(place, _("add at least one condition, or choose “in every case”"))
        return None
    reader = _Reader(compiler, compared, limits)
    if len(children) == 1:
        return reader.part(children[0], path, (*place, 0))
    return {"all": reader.parts(children, f"{path}.all", place)}


class _Reader:
    def __init__(self, compiler: Compiler, compared: Field | None, limits: dict[str, Any]) -> None:
        self.compiler = compiler
        self.compared_field = compared
        self.limits = limits

    def parts(self, children: Any, path: str, place: Place) -> list[Any]:
        return [
            self.part(each, f"{path}[{index}]", (*place, index))
            for index, each in enumerate(children)
        ]

    def part(self, block: Any, path: str, place: Place) -> Any:
        self.compiler.note(path, place)
        if block.block_type == COMPARISON:
            return self.comparison(block.value, path, place)
        if block.block_type == COMPARED and self.compared_field is not None:
            return self.compared(self.compared_field, block.value, path, place)
        if block.block_type == ALWAYS:
            return {"all": []}
        if block.block_type == NEVER:
            return {"any": []}
        return self.group(block.value, path, place)

    def comparison(self, state: comparison.State, path: str, place: Place) -> Any:
        try:
            node = comparison.to_json(state, self.compiler.vocabulary, path)
            parse_condition(node, self.compiler.vocabulary, path=path, **self.limits)
            comparison.check(node, self.compiler.vocabulary, path)
        except RuleError as error:
            self.compiler.fault(place, error.message)
            return None
        return node

    def compared(self, field: Field, value: Any, path: str, place: Place) -> Any:
        known = len(self.compiler.faults)
        node = field.write(value, path, place, self.compiler, MISSING)
        if len(self.compiler.faults) == known:
            try:
                parse_condition(node, self.compiler.vocabulary, path=path, **self.limits)
            except RuleError as error:
                self.compiler.refuse(error)
        return node

    def group(self, value: Any, path: str, place: Place) -> Any:
        mode, children, inner = value["mode"], list(value["parts"]), (*place, "parts")
        if not children:
            self.compiler.fault(inner, _("add at least one condition to this group"))
            return None
        if mode == NOT:
            if len(children) > 1:
                self.compiler.fault(inner, _("the contrary is that of one condition only"))
                return None
            return {"not": self.part(children[0], f"{path}.not", (*inner, 0))}
        if mode in (NONE, NOT_ALL):
            word = "any" if mode == NONE else "all"
            return {"not": {word: self.parts(children, f"{path}.not.{word}", inner)}}
        if mode not in (ALL, ANY):
            self.compiler.fault((*place, "mode"), _("choose how these conditions are combined"))
            return None
        return {mode: self.parts(children, f"{path}.{mode}", inner)}


__all__ = ["condition_block", "keep_spelling", "to_json", "to_raw"]
