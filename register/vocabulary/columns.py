"""How a fact is declared when it is one column of the facts row."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from django.db.models import TextChoices

from register import code_lists
from rules.types import FactType
from rules.vocabulary import Fact

ROW = "facts__"
HEALTH = "health"
HIGH = "high"


def listed(choices: type[TextChoices]) -> dict[str, Any]:
    """The codes that a fact may hold, and since when some are not given any more."""
    if choices not in code_lists.NAMED:
        return {"choices": dict(choices.choices)}
    found = code_lists.of(choices)
    return {"choices": found.labels, "retired": found.retired}


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
        **(listed(choices) if choices else {}),
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
