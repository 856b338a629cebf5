"""The tiny markup of texts: paragraphs, lists and emphasis, with typed placeholders.

    Bonjour {{ applicant.name }},

    Merci d’envoyer *avant le {{ demand.expires_on }}* :

    - votre avis d’imposition ;
    - une pièce d’identité.

An empty line ends a paragraph, a line that begins with a hyphen is an item of a list, asterisks
give emphasis. There is nothing else: no link, no HTML, nothing that is evaluated.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .errors import RuleError

LONGEST = 5_000
# An asterisk inside a word is a letter of it: "Cerfa 15036*01".
_PIECES = re.compile(r"\{\{\s*([a-z_.]+)\s*\}\}|((?<![0-9A-Za-z])\*|\*(?![0-9A-Za-z]))")
_BULLET = "- "


@dataclass(frozen=True)
class Span:
    """Some words, or the code of a placeholder."""

    text: str
    is_field: bool = False
    is_strong: bool = False


Line = tuple[Span, ...]


@dataclass(frozen=True)
class Block:
    """A paragraph (one line) or a list (one line per item)."""

    lines: tuple[Line, ...]
    is_list: bool = False


def parse_blocks(data: Any, path: str) -> tuple[Block, ...]:
    """The blocks of a text; RuleError when it is empty, too long or malformed."""
    if not isinstance(data, str) or not data.strip():
        raise RuleError(path, _("a text is expected here"))
    if len(data) > LONGEST:
        raise RuleError(path, _("this text is longer than 5,000 characters"))
    parts = re.split(r"\n\s*\n", data.strip())
    return tuple(_block(part.strip().splitlines(), path) for part in parts)


def parse_line(data: Any, path: str) -> Line:
    """One line of text with placeholders, such as a subject."""
    if not isinstance(data, str) or not data.strip() or "\n" in data:
        raise RuleError(path, _("one line of text is expected here"))
    return _line(data.strip(), path)


def fields_of(blocks: tuple[Block, ...]) -> frozenset[str]:
    """The codes of the placeholders of a text."""
    spans = (span for block in blocks for line in block.lines for span in line)
    return frozenset(span.text for span in spans if span.is_field)


def _block(lines: list[str], path: str) -> Block:
    bullets = [line.lstrip().startswith(_BULLET) for line in lines]
    if all(bullets):
        items = (line.lstrip().removeprefix(_BULLET) for line in lines)
        return Block(tuple(_line(item, path) for item in items), is_list=True)
    if any(bullets):
        raise RuleError(path, _("leave an empty line before and after a list"))
    return Block((_line(" ".join(line.strip() for line in lines), path),))


def _line(text: str, path: str) -> Line:
    spans: list[Span] = []
    place, is_strong = 0, False
    for piece in _PIECES.finditer(text):
        spans.append(Span(text[place : piece.start()], is_strong=is_strong))
        place = piece.end()
        if piece[2]:
            is_strong = not is_strong
        else:
            spans.append(Span(piece[1], is_field=True, is_strong=is_strong))
    spans.append(Span(text[place:], is_strong=is_strong))
    if is_strong:
        raise RuleError(path, _("an asterisk that opens an emphasis is never closed"))
    if any(re.search(r"[{}]", span.text) for span in spans):
        raise RuleError(path, _("a placeholder is written “{{ applicant.name }}”"))
    return tuple(span for span in spans if span.text)
