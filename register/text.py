"""Text as people type it, folded to what a search compares."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from anyascii import anyascii

_NOT_WORD = re.compile(r"[^a-z0-9]+")


def search_key(text: str) -> str:
    """Fold accents, case, hyphens and apostrophes: "L’Haÿ-les-Roses" becomes "l hay les roses"."""
    return _NOT_WORD.sub(" ", anyascii(text).lower()).strip()


def without_unstorable(text: str) -> str:
    """The text without NUL and half characters: PostgreSQL refuses them, SQLite would keep them."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def is_storable(value: Any) -> bool:
    """True if both engines keep every text of plain data: dataclasses, tuples, mappings."""
    if isinstance(value, str):
        return value == without_unstorable(value)
    if is_dataclass(value):
        return all(is_storable(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, Mapping):
        return is_storable((*value, *value.values()))
    return not isinstance(value, tuple) or all(map(is_storable, value))
