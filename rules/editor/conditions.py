"""Conditions as blocks: comparisons, and groups of which all, one, none or not all must hold."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from rules.errors import RuleError
from rules.parsing import DEEPEST, parse_condition

from . import comparison
from .compiling import Compiler, Place, child, keep_spelling
from .widgets import EVERYTHING, PRINCIPAL, ComparisonBlock

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


def _stream(deeper: blocks.Block | None, compared: blocks.Block, **meta: Any) -> blocks.StreamBlock:
    children: list[tuple[str, blocks.Block]] = [("comparison", compared)]
    if deeper is not None:
        mode = blocks.ChoiceBlock(choices=MODES, default=ALL, label=_("What must be met"))
        group = GroupBlock([("mode", mode), ("parts", deeper)])
        children.append(("group", group))
    children += [("always", AlwaysBlock()), ("never", NeverBlock())]
    meta.setdefault("label", _("Conditions"))
    return blocks.StreamBlock(children, required=False, **meta)


@cache
def _nested(principal_only: bool) -> tuple[blocks.StreamBlock, blocks.Block]:
    """The conditions inside a group, as deep as the parser accepts."""
    compared = ComparisonBlock(about=PRINCIPAL if principal_only else EVERYTHING)
    stream = _stream(None, compared)
    for _level in range(DEEPEST - 2):
        stream = _stream(stream, compared)
    return stream, compared


def condition_block(*, principal_only: bool, **meta: Any) -> blocks.StreamBlock:
    """The blocks of one condition; the blocks of the first level must all hold."""
    inner, compared = _nested(principal_only)
    return _stream(inner, compared, **meta)


def to_raw(node: dict[str, Any]) -> list[dict[str, Any]]:
    """The blocks, as stored data, of a condition in JSON."""
    if len(node.get("all", ())) > 1:
        return [_raw(part) for part in node["all"]]
    return [_raw(node)]


def _raw(node: dict[str, Any]) -> dict[str, Any]:
    if "fact" in node:
        return child("comparison", comparison.to_state(node))
    if node.get("all") == []:
        return child("always", None)
    if node.get("any") == []:
        return child("never", None)
    if "not" in node:
        inner = node["not"]
        for word, mode in (("all", NOT_ALL), ("any", NONE)):
            if inner.get(word):
                return _raw_group(mode, inner[word])
        return _raw_group(NOT, [inner])
    ((word, parts),) = node.items()
    return _raw_group(word, parts)


def _raw_group(mode: str, parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return child("group", {"mode": mode, "parts": [_raw(part) for part in parts]})


def to_json(value: Any, path: str, place: Place, compiler: Compiler, **limits: Any) -> Any:
    """The condition in JSON; what is wrong is noted beside its block."""
    compiler.note(path, place)
    children = list(value)
    if not children:
        compiler.fault(place, _("add at least one condition, or choose “in every case”"))
        return None
    reader = _Reader(compiler, limits)
    if len(children) == 1:
        return reader.part(children[0], path, (*place, 0))
    return {"all": reader.parts(children, f"{path}.all", place)}


class _Reader:
    def __init__(self, compiler: Compiler, limits: dict[str, Any]) -> None:
        self.compiler = compiler
        self.limits = limits

    def parts(self, children: Any, path: str, place: Place) -> list[Any]:
        return [
            self.part(each, f"{path}[{index}]", (*place, index))
            for index, each in enumerate(children)
        ]

    def part(self, block: Any, path: str, place: Place) -> Any:
        self.compiler.note(path, place)
        if block.block_type == "comparison":
            return self.comparison(block.value, path, place)
        if block.block_type == "always":
            return {"all": []}
        if block.block_type == "never":
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
