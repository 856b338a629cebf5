"""What rights must never (or always) allow, whatever the modules say: `assertions.json`.

They sit beside rights modules and decide nothing: they are checked on the real register every
night. Source: articles 5, 25 and 39 of the GDPR.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .conditions import Condition
from .disk import MODULES
from .errors import RuleError
from .kinds.fields import FieldSet
from .kinds.parts import Bilingual, bilingual, code, distinct, items, mapping, text
from .kinds.rights import Action
from .parsing import parse_condition
from .publication.words import FIELD_SETS, actions_text
from .sentences import sentence
from .vocabulary import Vocabulary

FILE = "assertions.json"


class Expectation(StrEnum):
    """What must hold of every demand that the assertion speaks of."""

    NEVER = "never"
    ALWAYS = "always"


@dataclass(frozen=True)
class Assertion:
    """For people of whom `principal` is true: never (or always) `actions`, nor reading `data`."""

    code: str
    title: Bilingual
    legal_basis: str
    principal: Condition
    row: Condition
    actions: tuple[Action, ...]
    data: tuple[FieldSet, ...]
    expect: Expectation


def parse_assertion(data: Any, path: str, vocabulary: Vocabulary) -> Assertion:
    """One typed assertion; RuleError when anything in it is not acceptable."""
    required = {"code", "title", "legal_basis", "principal", "row", "expect"}
    mapping(data, path, required, {"actions", "data"})
    if data["expect"] not in list(Expectation):
        raise RuleError(f"{path}.expect", gettext_lazy("“never” or “always” is expected here"))
    found = Assertion(
        code=code(data["code"], f"{path}.code"),
        title=bilingual(data["title"], f"{path}.title"),
        legal_basis=text(data["legal_basis"], f"{path}.legal_basis"),
        principal=parse_condition(
            data["principal"], vocabulary, path=f"{path}.principal", principal_only=True
        ),
        row=parse_condition(data["row"], vocabulary, path=f"{path}.row"),
        actions=tuple(_members(Action, data.get("actions", []), f"{path}.actions")),
        data=tuple(_members(FieldSet, data.get("data", []), f"{path}.data")),
        expect=Expectation(data["expect"]),
    )
    if not found.actions and not found.data:
        raise RuleError(f"{path}.actions", gettext_lazy("name an action or a group of data"))
    return found


def shipped(vocabulary: Vocabulary, root: Path = MODULES) -> tuple[Assertion, ...]:
    """The assertions that modules bring with them; RuleError naming the folder that is wrong."""
    found: list[Assertion] = []
    for path in sorted(root.glob(f"*/{FILE}")):
        place = f"{path.parent.name}: assertions"
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise RuleError(place, gettext_lazy("this file is not valid JSON")) from error
        found += [parse_assertion(item, each, vocabulary) for each, item in items(data, place)]
    distinct([assertion.code for assertion in found], "assertions")
    return tuple(found)


def words(assertion: Assertion, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """The assertion as it is read: who, on which demands, what never or always."""
    what = actions_text(assertion.actions) if assertion.actions else ""
    names = ", ".join(str(FIELD_SETS[name]) for name in assertion.data)
    never = assertion.expect is Expectation.NEVER
    lines = [
        (_("Who"), sentence(assertion.principal, vocabulary)),
        (_("Which demands"), sentence(assertion.row, vocabulary)),
    ]
    if what:
        lines.append((_("Never") if never else _("Always"), what))
    if names:
        lines.append((_("Never read") if never else _("Always read"), names))
    return lines


def _members(kind: Any, data: Any, path: str) -> Iterator[Any]:
    for place, item in items(data, path):
        if item not in list(kind):
            raise RuleError(place, gettext_lazy("this is not in the list"))
        yield kind(item)
