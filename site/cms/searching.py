"""Search that forgives accents, plurals and half-remembered words, alike on both engines.

The words of a page and the words of a question go through the same folding (`fold`), so neither
engine's own stemming matters. The question is never stored nor logged.
"""

import re
from typing import TYPE_CHECKING, Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Locale, Page

from register.text import search_key

if TYPE_CHECKING:
    from .models import PublicPage

MAX_WORDS = 12
EXCERPT_LENGTH = 220
_WORD = re.compile(r"\w+", re.UNICODE)

# Words that say nothing of the subject, in the two languages of the site (already folded).
_EMPTY_WORDS = frozenset(
    [
        "a",
        "ai",
        "au",
        "aux",
        "avec",
        "avoir",
        "ce",
        "cet",
        "cette",
        "ces",
        "comment",
        "dan",
        "de",
        "du",
        "des",
        "elle",
        "en",
        "es",
        "est",
        "et",
        "etre",
        "faire",
        "faut",
        "fait",
        "il",
        "ils",
        "j",
        "je",
        "l",
        "la",
        "le",
        "les",
        "leur",
        "lui",
        "ma",
        "me",
        "mes",
        "moi",
        "mon",
        "n",
        "ne",
        "nos",
        "notre",
        "nous",
        "on",
        "ou",
        "par",
        "pas",
        "pe",
        "peut",
        "peux",
        "plus",
        "pour",
        "puis",
        "qu",
        "quand",
        "que",
        "quel",
        "quelle",
        "qui",
        "quoi",
        "s",
        "sa",
        "se",
        "ses",
        "si",
        "son",
        "sont",
        "suis",
        "sur",
        "t",
        "ta",
        "te",
        "toi",
        "ton",
        "tu",
        "un",
        "une",
        "vos",
        "votre",
        "vous",
        "y",
        "am",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "can",
        "do",
        "does",
        "for",
        "from",
        "how",
        "i",
        "in",
        "is",
        "it",
        "my",
        "of",
        "or",
        "the",
        "to",
        "what",
        "when",
        "where",
        "which",
        "who",
        "will",
        "with",
        "you",
        "your",
    ]
)


def singular(word: str) -> str:
    """Fold a French plural: "etudiants" and "etudiant", "sociaux" and "social" meet."""
    if len(word) > 4 and word.endswith("eaux"):
        return word[:-1]
    if len(word) > 4 and word.endswith("aux"):
        return word[:-2] + "l"
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


def fold(text: str) -> str:
    """Accents, case, punctuation and plurals folded away."""
    return " ".join(singular(word) for word in search_key(text).split())


def question_words(query: str) -> list[str]:
    """The words of a question that carry its subject; all of them when none does."""
    words = fold(query).split()
    empty = {singular(word) for word in _EMPTY_WORDS} | _EMPTY_WORDS
    return ([word for word in words if word not in empty] or words)[:MAX_WORDS]


def find_pages(query: str, language: str) -> list["PublicPage"]:
    """Published, public pages of `language` that answer `query`, best first.

    All words first; then the beginnings of words; then any of the words.
    """
    words = " ".join(question_words(query))
    if not words:
        return []
    locale = Locale.objects.filter(language_code=language).first()
    pages = Page.objects.live().public().filter(locale=locale).specific()
    attempts: list[Any] = [
        lambda: pages.search(words, operator="and"),
        lambda: pages.autocomplete(words, operator="and"),
        lambda: pages.search(words, operator="or"),
    ]
    for attempt in attempts:
        found = [page for page in attempt() if hasattr(page, "plain_text")]
        if found:
            return found
    return []


def excerpt(text: str, query: str) -> SafeString:
    """The passage of `text` around the first word of the question, that word marked."""
    wanted = set(question_words(query))
    hits = [match for match in _WORD.finditer(text) if fold(match.group()) in wanted]
    start = max(0, hits[0].start() - EXCERPT_LENGTH // 3) if hits else 0
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = min(len(text), start + EXCERPT_LENGTH)
    end = text.rfind(" ", start, end) if end < len(text) else end
    parts, position = [], start
    for hit in hits:
        if hit.start() < start or hit.end() > end:
            continue
        parts += [escape(text[position : hit.start()]), f"<mark>{escape(hit.group())}</mark>"]
        position = hit.end()
    parts.append(escape(text[position:end]))
    before, after = ("… " if start else ""), (" …" if end < len(text) else "")
    return mark_safe(before + "".join(parts) + after)  # noqa: S308 (every part is escaped above)
