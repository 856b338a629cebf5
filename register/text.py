"""Text as people type it, folded to what a search compares."""

import re

from anyascii import anyascii

_NOT_WORD = re.compile(r"[^a-z0-9]+")


def search_key(text: str) -> str:
    """Fold accents, case, hyphens and apostrophes: "L’Haÿ-les-Roses" becomes "l hay les roses"."""
    return _NOT_WORD.sub(" ", anyascii(text).lower()).strip()
