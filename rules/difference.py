"""What changes from one version to another: in published sentences, parameters and test cases.

Also in JSON paths, for whoever writes the modules: ``body.grants[openers].row.value: 2 → 3``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext

from .disk import Package
from .publication import Published, general, publish
from .vocabulary import Vocabulary

# What names an item of a list better than its place.
NAMES = ("code", "name", "number")
ABSENT = object()


class Change(StrEnum):
    """What happened to a sentence, a parameter, a test case or a value."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Sentence:
    """A published rule that is new, gone, or says something else."""

    change: Change
    title: str
    before: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]

    @property
    def gone(self) -> tuple[tuple[str, str], ...]:
        """The statements that are no longer said."""
        return tuple(part for part in self.before if part not in self.after)

    @property
    def new(self) -> tuple[tuple[str, str], ...]:
        """The statements that were not said before."""
        return tuple(part for part in self.after if part not in self.before)


@dataclass(frozen=True)
class Value:
    """One place of the module's data, with what it held and what it holds."""

    change: Change
    path: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Difference:
    """Everything that changes, in the active language."""

    sentences: tuple[Sentence, ...]
    parameters: tuple[tuple[Change, str], ...]
    tests: tuple[tuple[Change, str], ...]
    values: tuple[Value, ...]

    @property
    def is_empty(self) -> bool:
        """True when both versions hold the same rules and the same test cases."""
        return not self.values

    @property
    def changes_no_rule(self) -> bool:
        """True when what is published is the same, word for word."""
        return not self.sentences and not self.parameters


def compare(before: Package | None, after: Package, vocabulary: Vocabulary) -> Difference:
    """From one version (None: there was none) to another; their numbers do not count."""
    return Difference(
        sentences=tuple(_sentences(before, after, vocabulary)),
        parameters=tuple(
            _keyed(
                dict.fromkeys(parameters(before.raw_body) if before else ()),
                dict.fromkeys(parameters(after.raw_body)),
            )
        ),
        tests=tuple(
            _keyed(_by_name(before.tests if before else []), _by_name(after.tests)),
        ),
        values=tuple(values(_data(before), _data(after))),
    )


def parameters(body: Any) -> list[str]:
    """The dated parameters that rules refer to, in the order of their codes."""
    return sorted(set(_parameters(body)))


def values(before: Any, after: Any, path: str = "") -> Iterator[Value]:
    """The places where two pieces of JSON differ, deepest first where both have the place."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            place = f"{path}.{key}" if path else key
            yield from _value(before.get(key, ABSENT), after.get(key, ABSENT), place)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _items(_named(before), _named(after), path)
    elif before != after:
        yield Value(Change.CHANGED, path, before, after)


def _value(before: Any, after: Any, path: str) -> Iterator[Value]:
    if before is ABSENT:
        yield Value(Change.ADDED, path, None, after)
    elif after is ABSENT:
        yield Value(Change.REMOVED, path, before, None)
    else:
        yield from values(before, after, path)


def _items(before: Mapping[str, Any], after: Mapping[str, Any], path: str) -> Iterator[Value]:
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name, ABSENT), after.get(name, ABSENT)
        yield from _value(old, new, f"{path}[{name}]")
    kept = [name for name in before if name in after]
    moved = [name for name in after if name in before]
    if kept != moved:
        yield Value(Change.CHANGED, path, kept, moved)


def _named(items: list[Any]) -> dict[str, Any]:
    """The items of a list by their code, when each has one of its own; else by their place."""
    for key in NAMES:
        names = [str(item[key]) for item in items if isinstance(item, dict) and key in item]
        if len(set(names)) == len(items):
            return dict(zip(names, items, strict=True))
    return {str(index): item for index, item in enumerate(items)}


def _data(package: Package | None) -> dict[str, Any]:
    if package is None:
        return {"manifest": {}, "body": {}, "tests": []}
    card = {key: value for key, value in package.raw_manifest.items() if key != "version"}
    return {"manifest": card, "body": package.raw_body, "tests": package.tests}


def _sentences(
    before: Package | None, after: Package, vocabulary: Vocabulary
) -> Iterator[Sentence]:
    old = _published(before, vocabulary) if before else {}
    new = _published(after, vocabulary)
    yield from _general(before, after, vocabulary)
    for key in dict.fromkeys([*old, *new]):
        was, now = old.get(key), new.get(key)
        if was == now:
            continue
        change = Change.ADDED if was is None else Change.REMOVED if now is None else Change.CHANGED
        title = (now or was).title  # type: ignore[union-attr]  # one of them is there
        yield Sentence(change, title, _told(was) if was else (), _told(now) if now else ())


def _general(before: Package | None, after: Package, vocabulary: Vocabulary) -> Iterator[Sentence]:
    """What holds for the whole of the module, when it is said otherwise."""
    was, now = (
        general(each.manifest.kind, each.body, vocabulary) if each else ()
        for each in (before, after)
    )
    if was != now:
        change = Change.CHANGED if before else Change.ADDED
        yield Sentence(change, gettext("What holds for the whole module"), was, now)


def _published(package: Package, vocabulary: Vocabulary) -> dict[tuple[str, int], Published]:
    """The published rules; two of one code (a grant and a guard) are told apart by their rank."""
    found: dict[tuple[str, int], Published] = {}
    for item in publish(package.manifest.kind, package.body, vocabulary):
        rank = sum(code == item.code for code, _rank in found)
        found[item.code, rank] = item
    return found


def _told(item: Published) -> tuple[tuple[str, str], ...]:
    return (("", item.title), *item.parts, ("", item.legal_basis))


def _by_name(tests: list[dict[str, Any]]) -> dict[str, Any]:
    return {str(case.get("name", index)): case for index, case in enumerate(tests)}


def _keyed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[Change, str]]:
    for name in dict.fromkeys([*before, *after]):
        if name not in before:
            yield Change.ADDED, name
        elif name not in after:
            yield Change.REMOVED, name
        elif before[name] != after[name]:
            yield Change.CHANGED, name


def _parameters(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key == "parameter" and isinstance(value, str):
                yield value
            elif key == "ref" and isinstance(value, str) and value.startswith("parameter."):
                yield value.removeprefix("parameter.")
            else:
                yield from _parameters(value)
    elif isinstance(data, list):
        for item in data:
            yield from _parameters(item)
