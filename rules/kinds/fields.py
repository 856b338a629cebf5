"""Fields modules: how much of each group of data is disclosed, to whom, on which demands.

Source: article R441-2-6 of the CCH; what is not needed to allocate a home is not shown.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from rules.conditions import AllOf, Condition
from rules.errors import RuleError
from rules.parsing import parse_condition
from rules.vocabulary import Vocabulary

from .parts import Bilingual, bilingual, chapter, code, distinct, items, mapping, text


class FieldSet(StrEnum):
    """The groups in which the data of a demand are disclosed."""

    IDENTITY = "identity"
    CONTACT = "contact"
    HOUSEHOLD = "household"
    RESOURCES = "resources"
    HEALTH = "health"
    WISHES = "wishes"
    DOCUMENTS = "documents"
    NOTES = "notes"
    SCORE = "score"


class Level(StrEnum):
    """How much of a group of data is disclosed; each level includes the ones before."""

    NONE = "none"
    MASKED = "masked"
    READ = "read"
    WRITE = "write"

    @property
    def rank(self) -> int:
        """0 for nothing, up to 3."""
        return list(Level).index(self)

    @property
    def can_read(self) -> bool:
        """True when the data may be shown."""
        return self.rank >= Level.READ.rank


@dataclass(frozen=True)
class FieldRule:
    """People for whom `principal` is true are shown `levels` of the demands where `row` is true.

    It discloses nothing of a demand that no right opens.
    """

    code: str
    title: Bilingual
    legal_basis: str
    principal: Condition
    row: Condition
    levels: dict[FieldSet, Level]
    chapter: int | None = None

    @property
    def condition(self) -> Condition:
        """Both halves as one condition; the rule discloses only where it is true, not unknown."""
        return AllOf((self.principal, self.row))

    def level(self, name: FieldSet) -> Level:
        """How much of a group of data this rule discloses."""
        return self.levels.get(name, Level.NONE)


@dataclass(frozen=True)
class Fields:
    """The body of a fields module."""

    rules: tuple[FieldRule, ...]

    @property
    def items(self) -> tuple[FieldRule, ...]:
        """Every rule, in the order of the module."""
        return self.rules


def parse(data: Any, vocabulary: Vocabulary) -> Fields:
    """The typed body of a fields module; RuleError when anything in it is not acceptable."""
    body = mapping(data, "", {"rules"})
    rules = tuple(_rule(item, path, vocabulary) for path, item in items(body["rules"], "rules"))
    distinct([rule.code for rule in rules], "rules")
    return Fields(rules)


def parse_levels(data: Any, path: str) -> dict[FieldSet, Level]:
    """Levels by group of data."""
    levels = {}
    for name, level in mapping(data, path, set(), {item.value for item in FieldSet}).items():
        if level not in list(Level):
            raise RuleError(f"{path}.{name}", _("the levels are none, masked, read and write"))
        levels[FieldSet(name)] = Level(level)
    return levels


def _rule(data: Any, path: str, vocabulary: Vocabulary) -> FieldRule:
    mapping(data, path, {"code", "title", "legal_basis", "principal", "row", "levels"}, {"chapter"})
    levels = parse_levels(data["levels"], f"{path}.levels")
    if not levels:
        raise RuleError(f"{path}.levels", _("name one group of data at least"))
    return FieldRule(
        code=code(data["code"], f"{path}.code"),
        title=bilingual(data["title"], f"{path}.title"),
        legal_basis=text(data["legal_basis"], f"{path}.legal_basis"),
        principal=parse_condition(
            data["principal"], vocabulary, path=f"{path}.principal", principal_only=True
        ),
        row=parse_condition(data["row"], vocabulary, path=f"{path}.row"),
        levels=levels,
        chapter=chapter(data, path),
    )
