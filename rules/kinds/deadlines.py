"""Deadlines modules: the delays of the law and of the charter, as data.

Sources: articles R441-2-4 to R441-2-9, R441-10, L441-1-4 and L441-2-3 of the CCH.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from rules.errors import RuleError
from rules.vocabulary import Vocabulary

from .parts import Bilingual, bilingual, chapter, code, distinct, items, mapping, text

LONGEST = 1200


class Unit(StrEnum):
    """In what a delay is counted."""

    MONTHS = "months"
    DAYS = "days"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True)
class Deadline:
    """One delay: `value` in `unit`, and what it is for."""

    code: str
    value: int
    unit: Unit
    title: Bilingual
    explanation: Bilingual
    legal_basis: str
    chapter: int | None = None


@dataclass(frozen=True)
class Deadlines:
    """The body of a deadlines module."""

    deadlines: tuple[Deadline, ...]

    @property
    def items(self) -> tuple[Deadline, ...]:
        """Every rule, in the order of the module."""
        return self.deadlines

    def get(self, code: str) -> Deadline:
        """The delay of this code; KeyError when the module does not set it."""
        return {deadline.code: deadline for deadline in self.deadlines}[code]


def parse(data: Any, vocabulary: Vocabulary) -> Deadlines:
    """The typed body of a deadlines module; RuleError when anything in it is not acceptable."""
    body = mapping(data, "", {"deadlines"})
    found = tuple(_deadline(item, path) for path, item in items(body["deadlines"], "deadlines"))
    distinct([deadline.code for deadline in found], "deadlines")
    return Deadlines(found)


def _deadline(data: Any, path: str) -> Deadline:
    required = {"code", "value", "unit", "title", "explanation", "legal_basis"}
    mapping(data, path, required, {"chapter"})
    value = data["value"]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= LONGEST:
        raise RuleError(f"{path}.value", _("a number between 1 and 1,200 is expected here"))
    if data["unit"] not in list(Unit):
        raise RuleError(f"{path}.unit", _("a delay is in months, days or working days"))
    return Deadline(
        code=code(data["code"], f"{path}.code"),
        value=value,
        unit=Unit(data["unit"]),
        title=bilingual(data["title"], f"{path}.title"),
        explanation=bilingual(data["explanation"], f"{path}.explanation"),
        legal_basis=text(data["legal_basis"], f"{path}.legal_basis"),
        chapter=chapter(data, path),
    )
