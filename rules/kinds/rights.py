"""Rights modules: who may do what on which demands, and what takes a right away.

Source: article R441-2-6 of the code de la construction et de l'habitation (CCH).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from rules.conditions import AllOf, Condition
from rules.errors import RuleError
from rules.parsing import parse_condition
from rules.vocabulary import Vocabulary

from .fields import FieldSet, Level, parse_levels
from .parts import Bilingual, bilingual, chapter, code, distinct, items, mapping, text


class Action(StrEnum):
    """What somebody may do with a demand."""

    LIST = "list"
    VIEW = "view"
    VIEW_DOCUMENT = "view_document"
    VERIFY_DOCUMENT = "verify_document"
    RECORD_ACT = "record_act"
    EXPORT = "export"
    STATISTICS = "statistics"
    RENEW = "renew"
    EDIT = "edit"
    ANSWER = "answer"
    MODIFY = "modify"
    WITHDRAW = "withdraw"
    CONCLUDE = "conclude"
    LAPSE = "lapse"


@dataclass(frozen=True)
class Grant:
    """A right: people for whom `principal` is true may do `actions` where `row` is true.

    `fields` is only filled by modules written before fields had modules of their own.
    """

    code: str
    title: Bilingual
    legal_basis: str
    principal: Condition
    actions: frozenset[Action]
    row: Condition
    fields: dict[FieldSet, Level]
    chapter: int | None = None

    @property
    def condition(self) -> Condition:
        """Both halves as one condition; the right exists only where it is true, not unknown."""
        return AllOf((self.principal, self.row))


@dataclass(frozen=True)
class Guard:
    """What takes `actions` away, unless `deny_when` is false for certain."""

    code: str
    title: Bilingual
    legal_basis: str
    actions: frozenset[Action]
    deny_when: Condition
    chapter: int | None = None

    def applies_to(self, action: str) -> bool:
        """True when the guard can take this action away."""
        return action in self.actions


@dataclass(frozen=True)
class Rights:
    """The body of a rights module."""

    grants: tuple[Grant, ...]
    guards: tuple[Guard, ...]

    @property
    def items(self) -> tuple[Grant | Guard, ...]:
        """Every rule, in the order of the module."""
        return (*self.grants, *self.guards)


def parse(data: Any, vocabulary: Vocabulary) -> Rights:
    """The typed body of a rights module; RuleError when anything in it is not acceptable."""
    body = mapping(data, "", {"grants"}, {"guards"})
    grants = tuple(_grant(item, path, vocabulary) for path, item in items(body["grants"], "grants"))
    guards = tuple(
        _guard(item, path, vocabulary) for path, item in items(body.get("guards", []), "guards")
    )
    distinct([grant.code for grant in grants], "grants")
    distinct([guard.code for guard in guards], "guards")
    return Rights(grants, guards)


def _grant(data: Any, path: str, vocabulary: Vocabulary) -> Grant:
    required = {"code", "title", "legal_basis", "principal", "actions", "row"}
    mapping(data, path, required, {"fields", "chapter"})
    return Grant(
        code=code(data["code"], f"{path}.code"),
        title=bilingual(data["title"], f"{path}.title"),
        legal_basis=text(data["legal_basis"], f"{path}.legal_basis"),
        principal=parse_condition(
            data["principal"], vocabulary, path=f"{path}.principal", principal_only=True
        ),
        actions=_actions(data["actions"], f"{path}.actions"),
        row=parse_condition(data["row"], vocabulary, path=f"{path}.row"),
        fields=parse_levels(data.get("fields", {}), f"{path}.fields"),
        chapter=chapter(data, path),
    )


def _guard(data: Any, path: str, vocabulary: Vocabulary) -> Guard:
    required = {"code", "title", "legal_basis", "actions", "deny_when"}
    mapping(data, path, required, {"chapter"})
    every = data["actions"] == "*"
    return Guard(
        code=code(data["code"], f"{path}.code"),
        title=bilingual(data["title"], f"{path}.title"),
        legal_basis=text(data["legal_basis"], f"{path}.legal_basis"),
        actions=frozenset(Action) if every else _actions(data["actions"], f"{path}.actions"),
        deny_when=parse_condition(data["deny_when"], vocabulary, path=f"{path}.deny_when"),
        chapter=chapter(data, path),
    )


def _actions(data: Any, path: str) -> frozenset[Action]:
    actions = set()
    for place, item in items(data, path, empty=False):
        if item not in list(Action):
            raise RuleError(place, _("“{action}” is not an action").format(action=item))
        actions.add(Action(item))
    return frozenset(actions)
