"""One rule of a module as the charter prints it."""

from dataclasses import dataclass

from django.utils.text import capfirst

from rules.vocabulary import Vocabulary

Parts = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Published:
    """A rule in words: its statements, each under its heading ("Who", "Delay"…, or none).

    `chapter` is the number of the charter's chapter it belongs to, when it is not its module's own.
    """

    code: str
    title: str
    legal_basis: str
    chapter: int | None
    parts: Parts


def named(fact: str, vocabulary: Vocabulary) -> str:
    """A fact as a statement of its own."""
    return f"{capfirst(str(vocabulary.fact(fact).label))}."
