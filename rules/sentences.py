"""The sentence of a condition: what the charter publishes and what a refusal says."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext

from .conditions import AllOf, AnyOf, Comparison, Condition, Not
from .formatting import listed
from .vocabulary import Vocabulary
from .wording import phrase

LONGEST_INLINE = 3


@dataclass(frozen=True)
class Line:
    """A statement, and what it consists of when it cannot be said in one breath.

    `compound` statements already hold an enumeration: they are not enumerated again in one line.
    """

    text: str
    children: tuple["Line", ...] = ()
    compound: bool = False


def sentence(condition: Condition, vocabulary: Vocabulary) -> str:
    """The condition as text in the active language, ready to publish.

    One sentence when it is short; otherwise an introduction and indented lines.
    """
    line = outline(condition, vocabulary)
    if not line.children:
        return f"{capfirst(line.text)}."
    lines = list(_written(line, 0))
    closed = [
        text if introduces else gettext("{statement};").format(statement=text)
        for text, introduces in lines[:-1]
    ]
    return "\n".join([*closed, f"{lines[-1][0]}."])


def inline(condition: Condition, vocabulary: Vocabulary) -> str:
    """The condition in one line, within brackets where it is an enumeration."""
    return _inline(outline(condition, vocabulary))


def _inline(line: Line) -> str:
    if not line.children:
        return f"({line.text})" if line.compound else line.text
    return f"{line.text} ({gettext('; ').join(_inline(child) for child in line.children)})"


def outline(condition: Condition, vocabulary: Vocabulary) -> Line:
    """The condition as a statement with nested statements, for a list on a page."""
    return _line(condition, vocabulary, negated=False)


def _line(condition: Condition, vocabulary: Vocabulary, *, negated: bool) -> Line:
    if isinstance(condition, Comparison):
        several = isinstance(condition.value, frozenset) and len(condition.value) > 1
        return Line(phrase(condition, vocabulary, negated), compound=several)
    if isinstance(condition, Not):
        return _line(condition.part, vocabulary, negated=not negated)
    every = isinstance(condition, AllOf)
    if negated and not _is_simple(condition):
        return _refused(condition, vocabulary, every)
    # "Not all" is "one at least is not": short groups are said without "it is not true that".
    parts = [
        _line(part, vocabulary, negated=negated) for part in _flat(condition.parts, every=every)
    ]
    return _joined(parts, every=every is not negated)


def _is_simple(condition: AllOf | AnyOf) -> bool:
    return len(condition.parts) <= LONGEST_INLINE and all(
        isinstance(part.part if isinstance(part, Not) else part, Comparison)
        for part in condition.parts
    )


def _flat(parts: tuple[Condition, ...], *, every: bool) -> Iterator[Condition]:
    """The parts of a group and of the groups of the same kind inside it."""
    for part in parts:
        if isinstance(part, AllOf if every else AnyOf):
            yield from _flat(part.parts, every=every)
        else:
            yield part


def _refused(condition: AllOf | AnyOf, vocabulary: Vocabulary, every: bool) -> Line:
    parts = tuple(
        _line(part, vocabulary, negated=False) for part in _flat(condition.parts, every=every)
    )
    if every:
        return Line(gettext("these conditions are not all met:"), parts, compound=True)
    return Line(gettext("none of these situations applies:"), parts, compound=True)


def _joined(parts: list[Line], *, every: bool) -> Line:
    if not parts:
        return Line(gettext("in every case") if every else gettext("in no case"))
    if len(parts) == 1:
        return parts[0]
    inline = len(parts) <= LONGEST_INLINE and not any(p.compound or p.children for p in parts)
    if inline:
        return Line(listed([part.text for part in parts], every=every), compound=True)
    introduction = (
        gettext("all of these conditions are met:")
        if every
        else gettext("at least one of these conditions is met:")
    )
    return Line(introduction, tuple(parts), compound=True)


def _written(line: Line, level: int) -> Iterator[tuple[str, bool]]:
    if level == 0:
        yield capfirst(line.text), True
    else:
        indent = "\u2003" * (level - 1)
        bullet = pgettext("bullet of a list in running text", "–")
        yield f"{indent}{bullet} {line.text}", bool(line.children)
    for child in line.children:
        yield from _written(child, level + 1)
