"""Each kind of module in words: what the charter, the editor and the refusals print."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rules.vocabulary import Vocabulary

from . import (
    automation,
    deadlines,
    documents,
    eligibility,
    fields,
    letters,
    priority,
    questions,
    rights,
    scoring,
)
from .published import Parts, Published

__all__ = ["Parts", "Published", "general", "publish"]

_PUBLISHERS: Mapping[str, Callable[[Any, Vocabulary], Iterator[Published]]] = {
    "rights": rights.publish,
    "fields": fields.publish,
    "deadlines": deadlines.publish,
    "documents": documents.publish,
    "eligibility": eligibility.publish,
    "priority": priority.publish,
    "questions": questions.publish,
    "letters": letters.publish,
    "automation": automation.publish,
    "scoring": scoring.publish,
}

# What a module of these kinds says once, for all of its rules.
_GENERAL: Mapping[str, Callable[[Any, Vocabulary], Parts]] = {
    "eligibility": eligibility.general,
    "priority": priority.general,
    "scoring": scoring.general,
}


def general(kind: str, body: Any, vocabulary: Vocabulary) -> Parts:
    """What holds for the whole of a module, under its headings; nothing for most kinds."""
    return _GENERAL[kind](body, vocabulary) if kind in _GENERAL else ()


def publish(kind: str, body: Any, vocabulary: Vocabulary) -> Iterator[Published]:
    """The rules of a module of this kind, in the active language."""
    return _PUBLISHERS[kind](body, vocabulary)
