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
from .published import Published

__all__ = ["Published", "publish"]

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


def publish(kind: str, body: Any, vocabulary: Vocabulary) -> Iterator[Published]:
    """The rules of a module of this kind, in the active language."""
    return _PUBLISHERS[kind](body, vocabulary)
