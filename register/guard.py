"""Words that a note about a person must not hold without need, found before they are kept.

GDPR article 9 keeps apart what tells of health, origin, religion and opinions; CNIL asks that free
text be objective. The list warns and never refuses: a word has its uses. It is in French, as notes
are, one word or expression a line with its theme, whole words compared without accents nor case.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from register.text import search_key

WORDS = Path(__file__).parent / "reference" / "guarded_words.csv"
THEMES: dict[str, str | Promise] = {
    "health": _("health"),
    "origin": _("origin"),
    "religion": _("religion"),
    "opinion": _("opinion"),
    "life": _("private life"),
    "justice": _("justice"),
    "insult": _("judgement on the person"),
}


@dataclass(frozen=True)
class Found:
    """A word as it was typed, and what it tells of."""

    word: str
    theme: str | Promise


def found_in(text: str) -> list[Found]:
    """The words of the list in a text, in the order in which they stand, each once."""
    keyed = search_key(text)
    found: dict[str, Found] = {}
    for match in _pattern().finditer(keyed):
        word = match.group()
        found.setdefault(word, Found(word, THEMES[_themes()[_singular(word)]]))
    return list(found.values())


@cache
def _themes() -> dict[str, str]:
    with WORDS.open(encoding="utf-8", newline="") as lines:
        return {search_key(row["word"]): row["theme"] for row in csv.DictReader(lines)}


@cache
def _pattern() -> re.Pattern[str]:
    """Whole words, longest first, with or without the marks of feminine and plural."""
    longest = sorted(_themes(), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?:e?s?)(?!\w)")


def _singular(word: str) -> str:
    """The entry of the list that a found word comes from."""
    return next(each for each in (word, word[:-1], word[:-2]) if each in _themes())
