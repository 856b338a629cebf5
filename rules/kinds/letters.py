"""Letters modules: what is written to applicants, in the words that partners agreed on.

Sources: articles L441-2-6 and R441-2-4 to R441-2-8 of the CCH for what must be told.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from rules.errors import RuleError
from rules.markup import Block, Line, fields_of, parse_blocks, parse_line
from rules.vocabulary import Vocabulary

from .parts import Bilingual, bilingual, chapter, code, distinct, items, mapping, text

EMAIL = "email"
LANGUAGES = ("fr", "en")


@dataclass(frozen=True)
class Letter:
    """One text, in both languages, and the ways by which it may be sent.

    `about` is the step of the demand it tells, empty when it may be sent at any moment.
    """

    code: str
    title: Bilingual
    about: str
    channels: tuple[str, ...]
    subject: dict[str, Line]
    body: dict[str, tuple[Block, ...]]
    legal_basis: str
    chapter: int | None = None

    @property
    def placeholders(self) -> frozenset[str]:
        """The codes of every placeholder, in any language."""
        subjects = (Block((line,)) for line in self.subject.values())
        return fields_of((*subjects, *(block for body in self.body.values() for block in body)))


@dataclass(frozen=True)
class Letters:
    """The body of a letters module."""

    letters: tuple[Letter, ...]

    @property
    def items(self) -> tuple[Letter, ...]:
        """Every text, in the order of the module."""
        return self.letters

    def get(self, code: str) -> Letter | None:
        """The text of this code, if the module has it."""
        return next((letter for letter in self.letters if letter.code == code), None)


def parse(data: Any, vocabulary: Vocabulary) -> Letters:
    """The typed body of a letters module; RuleError when anything in it is not acceptable."""
    body = mapping(data, "", {"letters"})
    found = tuple(
        _letter(item, path, vocabulary) for path, item in items(body["letters"], "letters")
    )
    distinct([letter.code for letter in found], "letters")
    return Letters(found)


def _letter(data: Any, path: str, vocabulary: Vocabulary) -> Letter:
    required = {"code", "title", "channels", "subject", "body", "legal_basis"}
    mapping(data, path, required, {"about", "chapter"})
    letter = Letter(
        code=code(data["code"], f"{path}.code"),
        title=bilingual(data["title"], f"{path}.title"),
        about=_about(data, path, vocabulary),
        channels=_channels(data["channels"], f"{path}.channels", vocabulary),
        subject={
            language: parse_line(value, f"{path}.subject.{language}")
            for language, value in _both(data["subject"], f"{path}.subject")
        },
        body={
            language: parse_blocks(value, f"{path}.body.{language}")
            for language, value in _both(data["body"], f"{path}.body")
        },
        legal_basis=text(data["legal_basis"], f"{path}.legal_basis"),
        chapter=chapter(data, path),
    )
    _check_placeholders(letter, path, vocabulary)
    return letter


def _both(data: Any, path: str) -> list[tuple[str, Any]]:
    return sorted(mapping(data, path, set(LANGUAGES)).items())


def _about(data: dict[str, Any], path: str, vocabulary: Vocabulary) -> str:
    about = data.get("about", "")
    if about and about not in vocabulary.lists.events:
        raise RuleError(f"{path}.about", _("“{code}” is not a step of a demand").format(code=about))
    return str(about)


def _channels(data: Any, path: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    found = []
    for place, item in items(data, path, empty=False):
        if item not in vocabulary.lists.channels:
            raise RuleError(place, _("“{code}” is not a way of sending").format(code=item))
        found.append(item)
    return tuple(dict.fromkeys(found))


def _check_placeholders(letter: Letter, path: str, vocabulary: Vocabulary) -> None:
    """Each placeholder exists, has a value for this step, and may travel by every channel."""
    subjects = {language: (Block((line,)),) for language, line in letter.subject.items()}
    for part, texts in (("subject", subjects), ("body", letter.body)):
        for language, blocks in texts.items():
            for name in sorted(fields_of(blocks)):
                if refusal := _refusal(name, letter, vocabulary):
                    raise RuleError(f"{path}.{part}.{language}", refusal)
    if EMAIL in letter.channels and any(fields_of(blocks) for blocks in subjects.values()):
        raise RuleError(f"{path}.subject", _("the subject of an e-mail holds no placeholder"))


def _refusal(name: str, letter: Letter, vocabulary: Vocabulary) -> str:
    """Why this placeholder cannot be in this text; empty when it can."""
    placeholder = vocabulary.lists.placeholders.get(name)
    if placeholder is None:
        return _("the placeholder “{code}” does not exist").format(code=name)
    if placeholder.about and letter.about not in placeholder.about:
        return _("“{code}” has no value in a text about this step").format(code=name)
    for channel in letter.channels:
        if placeholder.field_set not in {"", *vocabulary.lists.channels[channel]}:
            refused = _("“{code}” must not be sent that way: {channel}")
            return refused.format(code=name, channel=channel)
    return ""
