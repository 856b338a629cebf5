"""Codes that an editor chooses by name: those of a fact, of the territory tree, of a list."""

from collections.abc import Iterable, Mapping
from typing import Literal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rules import registry
from rules.errors import RuleError
from rules.kinds.parts import Bilingual
from rules.parsing import check_choice
from rules.territories import COMMUNE, QUARTER, check_keys, level
from rules.types import FactType
from rules.vocabulary import Fact, Text, Vocabulary

# Every territory, and those of which a commune can be part (quarters are smaller).
TERRITORIES, AREAS = "territory", "area"
_LEVELS = (QUARTER, COMMUNE, "epci", "dep")


def list_of(fact: Fact) -> str:
    """The list in which the codes of a fact are found; "" when it has its own, or none."""
    return COMMUNE if fact.type is FactType.COMMUNE else fact.listed


def areas_of(fact: Fact) -> str:
    """The list of the territories within which this fact may be."""
    return TERRITORIES if fact.type is FactType.TERRITORY_SET else AREAS


def named(name: str, vocabulary: Vocabulary) -> Mapping[str, Text]:
    """The codes of a list with their names."""
    if name in vocabulary.lists.registered:
        return vocabulary.lists.registered[name]()
    names = vocabulary.territories.names
    if name in _LEVELS:
        return {k.partition(":")[2]: text for k, text in names.items() if level(k) == name}
    if name == AREAS:
        return {key: text for key, text in names.items() if level(key) != QUARTER}
    return names


def with_codes(name: str, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """The codes of a list as choices, each name followed by its code."""
    return [(code, f"{text} ({code})") for code, text in named(name, vocabulary).items()]


def marked(name: Text | Bilingual, retired: bool) -> str:
    """The name of a choice, followed by what tells that it is offered no more."""
    return gettext("{name} (retired)").format(name=name) if retired else str(name)


def titles_in_force(kind: Literal["letters", "deadlines"]) -> list[tuple[str, str]]:
    """The rules of the modules of a kind in force, by code, under their titles."""
    modules = registry.in_force(kind)
    return list(
        {item.code: str(item.title) for each in modules for item in each.body.items}.items()
    )


def check_known(
    codes: Iterable[str],
    fact: Fact,
    wanted: FactType,
    vocabulary: Vocabulary,
    path: str,
    *,
    made_up: bool,
) -> None:
    """RuleError for a code typed for a fact that nothing in the register has.

    Test cases speak of `made_up` organisations: any key does there.
    """
    if wanted is FactType.TERRITORY_SET:
        check_keys(codes, vocabulary.territories, path, of_a_commune=fact.type is FactType.COMMUNE)
        return
    for code in codes:
        check_choice(code, fact, vocabulary, path)
    name = list_of(fact)
    if not name or (made_up and name in vocabulary.lists.registered):
        return
    known = named(name, vocabulary)
    for code in codes:
        if code not in known:
            raise RuleError(
                path, _("“{code}” is not a code of “{fact}”").format(code=code, fact=fact.label)
            )
