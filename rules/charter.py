"""The charter of use, written by the modules in force: what is published is what is executed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from . import registry
from .formatting import listed
from .kinds.deadlines import Deadline, Deadlines
from .kinds.documents import Documents, RequiredDocument
from .kinds.rights import Grant, Guard, Rights
from .kindwords import actions_text, delay, fields_text, stage_text
from .registry import Installed
from .sentences import sentence
from .vocabulary import Vocabulary


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
    summaries: list[str] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)


def chapters(language: str) -> list[Chapter]:
    """The charter in a language ("fr", "en"): its chapters in order, from the modules in force."""
    found: dict[int, Chapter] = {}
    vocabulary = registry.vocabulary()
    with override(language):
        for installed in registry.all_in_force():
            own = installed.manifest.chapters[0].number
            for number, rule in _rules(installed, vocabulary):
                title = installed.manifest.chapter(number)
                chapter = found.setdefault(title.number, Chapter(title.number, str(title.title)))
                summary = str(installed.manifest.summary)
                if title.number == own and summary not in chapter.summaries:
                    chapter.summaries.append(summary)
                chapter.rules.append(rule)
    return [found[number] for number in sorted(found)]


def _rules(installed: Installed, vocabulary: Vocabulary) -> Iterator[tuple[int | None, Rule]]:
    body = installed.body
    if isinstance(body, Rights):
        for grant in body.grants:
            yield grant.chapter, _rule(installed, grant, _grant_parts(grant, vocabulary))
        for guard in body.guards:
            yield guard.chapter, _rule(installed, guard, _guard_parts(guard, vocabulary))
    elif isinstance(body, Deadlines):
        for deadline in body.deadlines:
            parts = ((_("Delay"), f"{delay(deadline)}."), ("", str(deadline.explanation)))
            yield deadline.chapter, _rule(installed, deadline, parts)
    elif isinstance(body, Documents):
        for document in body.documents:
            yield document.chapter, _rule(installed, document, _document_parts(document))


def _rule(
    installed: Installed,
    item: Grant | Guard | Deadline | RequiredDocument,
    parts: tuple[tuple[str, str], ...],
) -> Rule:
    return Rule(
        code=item.code,
        title=str(item.title),
        parts=parts,
        sentence="\n".join(_titled(heading, text) for heading, text in parts),
        legal_basis=item.legal_basis,
        module_code=installed.code,
        module_title=str(installed.title),
        version=installed.number,
        effective_from=installed.effective_from,
        content_hash=installed.content_hash,
    )


def _titled(heading: str, text: str) -> str:
    return _("{heading}: {text}").format(heading=heading, text=text) if heading else text


def _grant_parts(grant: Grant, vocabulary: Vocabulary) -> tuple[tuple[str, str], ...]:
    parts = [
        (_("Who"), sentence(grant.principal, vocabulary)),
        (_("Which demands"), sentence(grant.row, vocabulary)),
        (_("What is allowed"), actions_text(grant.actions)),
    ]
    if grant.fields:
        parts.append((_("Which data"), fields_text(grant.fields)))
    return tuple(parts)


def _guard_parts(guard: Guard, vocabulary: Vocabulary) -> tuple[tuple[str, str], ...]:
    return (
        (_("What is refused"), actions_text(guard.actions)),
        (_("When"), sentence(guard.deny_when, vocabulary)),
    )


def _document_parts(document: RequiredDocument) -> tuple[tuple[str, str], ...]:
    accepted = listed([str(item) for item in document.accepted], every=False)
    return (
        (_("When"), stage_text(document.stage)),
        ("", str(document.explanation)),
        (_("Accepted papers"), f"{capfirst(accepted)}."),
    )
