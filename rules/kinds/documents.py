"""Documents modules: the limitative list of papers that an applicant may be asked for.

Source: articles R441-2-3 and R441-2-4-1 of the CCH; the list is annexed to the form's order.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from rules.errors import RuleError
from rules.vocabulary import Vocabulary

from .parts import Bilingual, bilingual, chapter, code, distinct, items, mapping, text


class Stage(StrEnum):
    """When a paper may be asked for."""

    REGISTRATION = "registration"
    INSTRUCTION = "instruction"
    COMPLEMENT = "complement"


@dataclass(frozen=True)
class RequiredDocument:
    """One item of the list, and the papers that are accepted for it."""

    code: str
    stage: Stage
    title: Bilingual
    explanation: Bilingual
    legal_basis: str
    accepted: tuple[Bilingual, ...]
    chapter: int | None = None


@dataclass(frozen=True)
class Documents:
    """The body of a documents module."""

    documents: tuple[RequiredDocument, ...]

    @property
    def items(self) -> tuple[RequiredDocument, ...]:
        """Every rule, in the order of the module."""
        return self.documents

    def at(self, stage: Stage) -> tuple[RequiredDocument, ...]:
        """What may be asked for at this stage."""
        return tuple(document for document in self.documents if document.stage is stage)


def parse(data: Any, vocabulary: Vocabulary) -> Documents:
    """The typed body of a documents module; RuleError when anything in it is not acceptable."""
    body = mapping(data, "", {"documents"})
    found = tuple(_document(item, path) for path, item in items(body["documents"], "documents"))
    distinct([document.code for document in found], "documents")
    return Documents(found)


def _document(data: Any, path: str) -> RequiredDocument:
    required = {"code", "stage", "title", "explanation", "legal_basis", "accepted"}
    mapping(data, path, required, {"chapter"})
    if data["stage"] not in list(Stage):
        raise RuleError(f"{path}.stage", _("“{stage}” is not a stage").format(stage=data["stage"]))
    return RequiredDocument(
        code=code(data["code"], f"{path}.code"),
        stage=Stage(data["stage"]),
        title=bilingual(data["title"], f"{path}.title"),
        explanation=bilingual(data["explanation"], f"{path}.explanation"),
        legal_basis=text(data["legal_basis"], f"{path}.legal_basis"),
        accepted=tuple(
            bilingual(item, place)
            for place, item in items(data["accepted"], f"{path}.accepted", empty=False)
        ),
        chapter=chapter(data, path),
    )
