"""Documents modules: the limitative list of papers that an applicant may be asked for.

Source: articles R441-2-3 and R441-2-4-1 of the CCH; the list is annexed to the form's order.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from rules.conditions import Condition, facts_used
from rules.errors import RuleError
from rules.parsing import parse_condition
from rules.vocabulary import Vocabulary

from .fields import FieldSet
from .parts import Bilingual, bilingual, chapter, code, distinct, items, mapping, one_of, text


class Provider(StrEnum):
    """From whom a paper may be asked."""

    APPLICANT = "applicant"
    EACH_ADULT = "each_adult"
    PERSON_CONCERNED = "person_concerned"


class FileKind(StrEnum):
    """Where a paper is kept in a file: kinds of documents of the register."""

    IDENTITY = "identity"
    FAMILY = "family"
    TAX_NOTICE = "tax_notice"
    INCOME = "income"
    HOUSING = "housing"
    REASON = "reason"


class Stage(StrEnum):
    """When a paper may be asked for."""

    REGISTRATION = "registration"
    INSTRUCTION = "instruction"
    COMPLEMENT = "complement"


@dataclass(frozen=True)
class RequiredDocument:
    """One item of the list, and the papers that are accepted for it.

    `when` is the situation in which it may be asked for, None for everybody. Knowing that it may be
    asked of somebody says that the situation is hers: with `tells`, only those who read this group
    of data are offered it.
    """

    code: str
    stage: Stage
    title: Bilingual
    explanation: Bilingual
    legal_basis: str
    accepted: tuple[Bilingual, ...]
    provider: Provider
    kind: FileKind
    when: Condition | None = None
    tells: FieldSet | None = None
    chapter: int | None = None


@dataclass(frozen=True)
class Documents:
    """The body of a documents module."""

    documents: tuple[RequiredDocument, ...]

    @property
    def items(self) -> tuple[RequiredDocument, ...]:
        """Every rule, in the order of the module."""
        return self.documents

    def get(self, code: str) -> RequiredDocument | None:
        """The item of this code, if the list has it."""
        return next((document for document in self.documents if document.code == code), None)

    def at(self, stage: Stage) -> tuple[RequiredDocument, ...]:
        """What may be asked for at this stage."""
        return tuple(document for document in self.documents if document.stage is stage)


def parse(data: Any, vocabulary: Vocabulary) -> Documents:
    """The typed body of a documents module; RuleError when anything in it is not acceptable."""
    body = mapping(data, "", {"documents"})
    found = tuple(
        _document(item, path, vocabulary) for path, item in items(body["documents"], "documents")
    )
    distinct([document.code for document in found], "documents")
    return Documents(found)


_REQUIRED = {
    "code",
    "stage",
    "title",
    "explanation",
    "legal_basis",
    "accepted",
}


def _document(data: Any, path: str, vocabulary: Vocabulary) -> RequiredDocument:
    mapping(data, path, _REQUIRED, {"from", "kind", "when", "tells", "chapter"})
    stage = one_of(Stage, data["stage"], f"{path}.stage")
    when = _when(data, path, vocabulary)
    if stage is Stage.REGISTRATION and when is not None:
        raise RuleError(f"{path}.when", _("what registration needs depends on no situation"))
    return RequiredDocument(
        code=code(data["code"], f"{path}.code"),
        stage=stage,
        title=bilingual(data["title"], f"{path}.title"),
        explanation=bilingual(data["explanation"], f"{path}.explanation"),
        legal_basis=text(data["legal_basis"], f"{path}.legal_basis"),
        accepted=tuple(
            bilingual(item, place)
            for place, item in items(data["accepted"], f"{path}.accepted", empty=False)
        ),
        provider=one_of(Provider, data.get("from", Provider.APPLICANT), f"{path}.from"),
        kind=one_of(FileKind, data.get("kind", _usual_kind(data["code"])), f"{path}.kind"),
        when=when,
        tells=one_of(FieldSet, data["tells"], f"{path}.tells") if "tells" in data else None,
        chapter=chapter(data, path),
    )


def _usual_kind(code: Any) -> FileKind:
    """Where a paper is kept when its list, written before that was said, does not say it."""
    return FileKind(code) if code in list(FileKind) else FileKind.REASON


def _when(data: dict[str, Any], path: str, vocabulary: Vocabulary) -> Condition | None:
    if "when" not in data:
        return None
    condition = parse_condition(data["when"], vocabulary, path=f"{path}.when")
    for used in sorted(facts_used(condition)):
        fact = vocabulary.fact(used)
        if fact.sensitivity != "ordinary" and "tells" not in data:
            raise RuleError(
                f"{path}.when",
                _("asking for this paper tells “{fact}”: say of which group of data").format(
                    fact=fact.label
                ),
            )
    return condition
