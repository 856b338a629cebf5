"""Eligibility modules: which resources are retained, under which ceilings, for which homes.

Sources: article R441-1 of the CCH, order of 29 July 1987; norms of size are local usage.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from rules.conditions import Comparison
from rules.errors import RuleError
from rules.facts import Fact
from rules.number_parsing import parse_number
from rules.numbers import Amount, Number
from rules.operators import Operator
from rules.types import FactType
from rules.vocabulary import Vocabulary

from .parts import Bilingual, bilingual, chapter, code, distinct, items, mapping, text

LARGEST_HOUSEHOLD = 30


class Unknown(StrEnum):
    """What becomes of a demand of which the resources, or the ceiling, are not known."""

    TO_COMPLETE = "to_complete"
    NOT_COUNTED = "not_counted"


@dataclass(frozen=True)
class Income:
    """Which resources are compared with the ceilings: a fact, and how it is found, in words."""

    code: str
    fact: str
    title: Bilingual
    explanation: Bilingual
    legal_basis: str
    chapter: int | None = None


@dataclass(frozen=True)
class Ceiling:
    """A financing and its ceiling, as a number that dated figures give."""

    code: str
    title: Bilingual
    explanation: Bilingual
    legal_basis: str
    source: Bilingual
    income: str
    ceiling: Number
    unknown: Unknown
    chapter: int | None = None

    @property
    def condition(self) -> Comparison:
        """The resources are at most the ceiling; unknown when either is not known."""
        return Comparison(self.income, Operator.AT_MOST, Amount(self.ceiling))


@dataclass(frozen=True)
class Norm:
    """The sizes of home that suit so many people; `or_more` for the last line."""

    code: str
    people: int
    or_more: bool
    types: tuple[str, ...]
    title: Bilingual
    legal_basis: str
    chapter: int | None = None

    def suits(self, people: int) -> bool:
        """True if this line is about a household of this size."""
        return people == self.people or (self.or_more and people > self.people)


@dataclass(frozen=True)
class Eligibility:
    """The body of an eligibility module; `home_types` is the fact whose codes its norms name."""

    income: Income
    ceilings: tuple[Ceiling, ...]
    norms: tuple[Norm, ...]
    home_types: str

    @property
    def items(self) -> tuple[Income | Ceiling | Norm, ...]:
        """Every rule, in the order of the module."""
        return (self.income, *self.ceilings, *self.norms)

    def norm(self, people: int) -> Norm | None:
        """The line of a household of this size, if the module has one."""
        return next((norm for norm in self.norms if norm.suits(people)), None)


def parse(data: Any, vocabulary: Vocabulary) -> Eligibility:
    """The typed body of an eligibility module; RuleError when anything is not acceptable."""
    body = mapping(data, "", {"income", "ceilings", "norms", "home_types"})
    income = _income(body["income"], vocabulary)
    types = vocabulary.fact(body["home_types"], "home_types")
    ceilings = tuple(
        _ceiling(item, path, income, vocabulary)
        for path, item in items(body["ceilings"], "ceilings", empty=False)
    )
    norms = tuple(_norm(item, path, types) for path, item in items(body["norms"], "norms"))
    distinct([ceiling.code for ceiling in ceilings], "ceilings")
    distinct([norm.code for norm in norms], "norms")
    return Eligibility(income, ceilings, norms, types.code)


def _income(data: Any, vocabulary: Vocabulary) -> Income:
    mapping(data, "income", {"code", "fact", "title", "explanation", "legal_basis"}, {"chapter"})
    fact = vocabulary.fact(data["fact"], "income.fact")
    if fact.type is not FactType.MONEY_YEAR:
        raise RuleError("income.fact", _("an amount in euros per year is expected here"))
    return Income(
        code=code(data["code"], "income.code"),
        fact=fact.code,
        title=bilingual(data["title"], "income.title"),
        explanation=bilingual(data["explanation"], "income.explanation"),
        legal_basis=text(data["legal_basis"], "income.legal_basis"),
        chapter=chapter(data, "income"),
    )


def _ceiling(data: Any, path: str, income: Income, vocabulary: Vocabulary) -> Ceiling:
    required = {"code", "title", "explanation", "legal_basis", "source", "ceiling", "unknown"}
    mapping(data, path, required, {"chapter"})
    if data["unknown"] not in list(Unknown):
        raise RuleError(f"{path}.unknown", _("what is unknown is “to_complete” or “not_counted”"))
    return Ceiling(
        code=code(data["code"], f"{path}.code"),
        title=bilingual(data["title"], f"{path}.title"),
        explanation=bilingual(data["explanation"], f"{path}.explanation"),
        legal_basis=text(data["legal_basis"], f"{path}.legal_basis"),
        source=bilingual(data["source"], f"{path}.source"),
        income=income.fact,
        ceiling=parse_number(
            data["ceiling"], vocabulary, path=f"{path}.ceiling", wanted=FactType.MONEY_YEAR
        ),
        unknown=Unknown(data["unknown"]),
        chapter=chapter(data, path),
    )


def _norm(data: Any, path: str, types: Fact) -> Norm:
    required = {"code", "people", "types", "title", "legal_basis"}
    mapping(data, path, required, {"or_more", "chapter"})
    people = data["people"]
    whole = isinstance(people, int) and not isinstance(people, bool)
    if not whole or not 1 <= people <= LARGEST_HOUSEHOLD:
        raise RuleError(f"{path}.people", _("a number of people from 1 to 30 is expected here"))
    if not isinstance(data.get("or_more", False), bool):
        raise RuleError(f"{path}.or_more", _("a yes or no answer is expected here"))
    found = tuple(
        _known(item, place, types)
        for place, item in items(data["types"], f"{path}.types", empty=False)
    )
    return Norm(
        code=code(data["code"], f"{path}.code"),
        people=people,
        or_more=data.get("or_more", False),
        types=found,
        title=bilingual(data["title"], f"{path}.title"),
        legal_basis=text(data["legal_basis"], f"{path}.legal_basis"),
        chapter=chapter(data, path),
    )


def _known(item: Any, path: str, fact: Fact) -> str:
    if not isinstance(item, str) or item not in (fact.choices or {}):
        raise RuleError(
            path, _("“{code}” is not a code of “{fact}”").format(code=item, fact=fact.label)
        )
    return item
