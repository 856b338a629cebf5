"""What a browser sends of Wagtail's blocks: the fields that their scripts draw."""

from typing import Any

from django.http import QueryDict
from wagtail import blocks

from rules.editor.widgets import ComparisonBlock


def as_posted(block: blocks.Block, state: Any, prefix: str) -> QueryDict:
    """The form of a block whose state (`block.get_form_state(value)`) nobody changed."""
    data = QueryDict(mutable=True)
    for name, value in _fields(block, state, prefix):
        data.appendlist(name, value)
    return data


def _fields(block: blocks.Block, state: Any, prefix: str) -> list[tuple[str, str]]:
    if isinstance(block, blocks.StreamBlock):
        children = [
            (block.child_blocks[child["type"]], child["value"], [("type", child["type"])])
            for child in state
        ]
        return _sequence(children, prefix)
    if isinstance(block, blocks.ListBlock):
        return _sequence([(block.child_block, child["value"], []) for child in state], prefix)
    if isinstance(block, blocks.StructBlock):
        return [
            field
            for name, child in block.child_blocks.items()
            for field in _fields(child, state[name], f"{prefix}-{name}")
        ]
    if isinstance(block, ComparisonBlock):
        return _comparison(state, prefix)
    if isinstance(block, blocks.StaticBlock):
        return []
    if isinstance(block, blocks.BooleanBlock):
        return [(prefix, "on")] if state else []
    values = state if isinstance(state, list) else [state]
    return [(prefix, "" if value is None else str(value)) for value in values]


def _sequence(children: list[Any], prefix: str) -> list[tuple[str, str]]:
    fields = [(f"{prefix}-count", str(len(children)))]
    for index, (child, value, extra) in enumerate(children):
        own = [("deleted", ""), ("order", str(index)), ("id", ""), *extra]
        fields += [(f"{prefix}-{index}-{name}", given) for name, given in own]
        fields += _fields(child, value, f"{prefix}-{index}-value")
    return fields


def _comparison(state: dict[str, Any], prefix: str) -> list[tuple[str, str]]:
    fields = [(f"{prefix}-{name}", state[name]) for name in ("fact", "op", "source")]
    if isinstance(state["value"], list):
        fields.append((f"{prefix}-several", "1"))
        return fields + [(f"{prefix}-value", code) for code in state["value"]]
    return [*fields, (f"{prefix}-value", state["value"])]
