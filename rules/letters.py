"""A text of a letters module filled with the values of one file: plain data and plain text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .formatting import day, listed, number
from .kinds.letters import Letter
from .markup import Block, Line
from .vocabulary import Vocabulary


class MissingValue(LookupError):
    """A placeholder has no value in this file: the text cannot be sent. Names it, never a value."""


@dataclass(frozen=True)
class Words:
    """Some words as they are printed."""

    text: str
    is_strong: bool = False


FilledLine = tuple[Words, ...]


@dataclass(frozen=True)
class FilledBlock:
    """A paragraph, or a list with one line per item."""

    lines: tuple[FilledLine, ...]
    is_list: bool = False


@dataclass(frozen=True)
class Filled:
    """A text ready to be sent or shown."""

    code: str
    subject: str
    blocks: tuple[FilledBlock, ...]

    @property
    def text(self) -> str:
        """The body as plain text: emphasis is lost, lists keep their hyphens."""
        return "\n\n".join(_plain(block) for block in self.blocks)

    def as_data(self) -> list[dict[str, Any]]:
        """The body for a letter template: dicts, lists and strings only."""
        return [
            {
                "list": block.is_list,
                "lines": [
                    [{"text": words.text, "strong": words.is_strong} for words in line]
                    for line in block.lines
                ],
            }
            for block in self.blocks
        ]


def fill(
    letter: Letter, language: str, values: Mapping[str, Any], vocabulary: Vocabulary
) -> Filled:
    """The text in a language ("fr", "en"), which is also the active one, with these values.

    MissingValue when a placeholder has none. Values are inserted as they are, never read as markup.
    """

    def written(line: Line) -> FilledLine:
        return tuple(
            Words(_value(s.text, values, vocabulary) if s.is_field else s.text, s.is_strong)
            for s in line
        )

    def block(part: Block) -> FilledBlock:
        return FilledBlock(tuple(written(line) for line in part.lines), part.is_list)

    subject = "".join(words.text for words in written(letter.subject[language]))
    return Filled(letter.code, subject, tuple(block(part) for part in letter.body[language]))


def _value(code: str, values: Mapping[str, Any], vocabulary: Vocabulary) -> str:
    value = values.get(code)
    if value in (None, "", [], ()) or code not in vocabulary.lists.placeholders:
        raise MissingValue(code)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, list | tuple):
        return listed([str(item) for item in value], every=True)
    return number(value) if isinstance(value, int) else str(value)


def _plain(block: FilledBlock) -> str:
    lines = ["".join(words.text for words in line) for line in block.lines]
    return "\n".join(f"- {line}" for line in lines) if block.is_list else "\n".join(lines)
