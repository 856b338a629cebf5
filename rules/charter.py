"""The charter of use, written by the modules in force: what is published is what is executed."""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import override

from . import registry
from .kinds.parts import Bilingual
from .publication import Published, publish
from .registry import Installed

# What partners commit to and no module executes: purpose, governance, funding, evaluation…
COMMITMENTS = Path(__file__).resolve().parent / "chapters.json"


@dataclass(frozen=True)
class Rule:
    """One published rule, and the version of the module that executes it.

    `parts` are the rule's statements, each under its heading ("Who", "Which demands"…, or none);
    `sentence` is the same in one piece.
    """

    code: str
    title: str
    parts: tuple[tuple[str, str], ...]
    sentence: str
    legal_basis: str
    module_code: str
    module_title: str
    version: int
    effective_from: date
    content_hash: str


@dataclass
class Chapter:
    """A chapter of the charter with its rules; `summaries` introduce it, one per module."""

    number: int
    title: str
    legal_basis: str = ""
    summaries: list[str] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)


def chapters(language: str) -> list[Chapter]:
    """The charter in a language ("fr", "en"): its chapters in order, from the modules in force."""
    found: dict[int, Chapter] = {}
    vocabulary = registry.vocabulary()
    with override(language):
        for installed in registry.all_in_force():
            own = installed.manifest.chapters[0].number
            for item in publish(installed.kind, installed.body, vocabulary):
                title = installed.manifest.chapter(item.chapter)
                chapter = found.setdefault(title.number, Chapter(title.number, str(title.title)))
                summary = str(installed.manifest.summary)
                if title.number == own and summary not in chapter.summaries:
                    chapter.summaries.append(summary)
                chapter.rules.append(_rule(installed, item))
    return [found[number] for number in sorted(found)]


def book(language: str) -> list[Chapter]:
    """The whole charter: its chapters, those that commit people rather than the software included.

    Without any rule in force there is no charter to publish.
    """
    found = {chapter.number: chapter for chapter in chapters(language)}
    if not found:
        return []
    with override(language):
        for written in json.loads(COMMITMENTS.read_text(encoding="utf-8")):
            number = written["number"]
            title, said = Bilingual(**written["title"]), Bilingual(**written["text"])
            chapter = found.setdefault(number, Chapter(number, str(title)))
            chapter.summaries.insert(0, str(said))
            chapter.legal_basis = written["legal_basis"]
    return [found[number] for number in sorted(found)]


def _rule(installed: Installed, item: Published) -> Rule:
    return Rule(
        code=item.code,
        title=item.title,
        parts=item.parts,
        sentence="\n".join(_titled(heading, text) for heading, text in item.parts),
        legal_basis=item.legal_basis,
        module_code=installed.code,
        module_title=str(installed.title),
        version=installed.number,
        effective_from=installed.effective_from,
        content_hash=installed.content_hash,
    )


def _titled(heading: str, text: str) -> str:
    return _("{heading}: {text}").format(heading=heading, text=text) if heading else text
