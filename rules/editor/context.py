"""What the blocks of one page may offer: the module being edited and the facts there are."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import capfirst

from rules import registry
from rules.kinds.parts import Bilingual
from rules.manifest import parse_manifest
from rules.types import FactType
from rules.vocabulary import Text, Vocabulary


@dataclass(frozen=True)
class Editing:
    """A module as it is being edited: its card and its rules, in JSON."""

    manifest: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    strangers: dict[int, set[str]] = field(default_factory=dict)

    @property
    def vocabulary(self) -> Vocabulary:
        """The facts of this installation."""
        return registry.vocabulary()

    def chapters(self) -> list[tuple[str, str]]:
        """The chapters of the charter that the module announces, by number."""
        if not self.manifest:
            return []
        found = parse_manifest(dict(self.manifest)).chapters
        return [(str(chapter.number), f"{chapter.number}. {chapter.title}") for chapter in found]

    def titles(self, section: str) -> list[tuple[str, str]]:
        """The rules of a section of the module, by code, under their titles."""
        items = [item for item in self.body.get(section, ()) if isinstance(item, dict)]
        return [(item["code"], title_of(item)) for item in items if "code" in item]

    def facts(
        self, types: Collection[FactType] = tuple(FactType), *, of_the_demand: bool = False
    ) -> list[tuple[str, Text]]:
        """The facts of these types, by name; `of_the_demand`: without those of who acts."""
        return [
            (fact.code, capfirst(str(fact.label)))
            for fact in self.vocabulary
            if fact.type in types and not (of_the_demand and fact.is_principal)
        ]


_current: ContextVar[Editing | None] = ContextVar("rules_editing", default=None)


@contextmanager
def editing(manifest: Mapping[str, Any], body: Mapping[str, Any]) -> Iterator[Editing]:
    """Within this block the forms offer what this module holds."""
    current = Editing(manifest, body)
    token = _current.set(current)
    try:
        yield current
    finally:
        _current.reset(token)


def current() -> Editing:
    """The module being edited; an empty one outside any page."""
    return _current.get() or Editing()


def title_of(item: Mapping[str, Any]) -> str:
    """The name of a rule: its title, else its code, else what it speaks of."""
    title = item.get("title")
    if isinstance(title, dict) and {"fr", "en"} <= set(title):
        return str(Bilingual(title["fr"], title["en"]))
    named = item.get("name") or item.get("code")
    if not named and item.get("fact") in current().vocabulary:
        named = capfirst(str(current().vocabulary.fact(item["fact"]).label))
    return str(named or "")
