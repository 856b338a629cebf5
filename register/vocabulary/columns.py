"""How a fact is declared when it is one column of the facts row."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from rules.types import FactType
from rules.vocabulary import Fact

ROW = "facts__"
HEALTH = "health"
HIGH = "high"


def column(
    code: str,
    type_: FactType,
    label: Any,
    source: str,
    name: str,
    *,
    choices: Any = None,
    **more: Any,
) -> Fact:
    """The fact of this code, read from column `name` of the facts row."""
    return Fact(
        code=f"demand.{code}",
        type=type_,
        label=label,
        source=source,
        choices=dict(choices.choices) if choices else None,
        column=f"{ROW}{name}",
        getter=attrgetter(f"facts.{name}"),
        **more,
    )


def code_set(
    code: str,
    label: Any,
    source: str,
    choices: Any,
    places: Mapping[str, int],
    **more: Any,
) -> Fact:
    """A set of codes kept as bits in the column of the same name of the facts row."""
    return column(
        code, FactType.CODE_SET, label, source, code, choices=choices, bits=places, **more
    )


def months_since(code: str, label: Any, source: str, name: str, **more: Any) -> Fact:
    """Whole months run since a date of the facts row."""
    return column(code, FactType.DURATION, label, source, name, from_date=True, **more)
