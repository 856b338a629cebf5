"""Documents modules: the limitative list of papers that an applicant may be asked for.

Source: articles R441-2-3 and R441-2-4-1 of the CCH; the list is annexed to the form's order.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from rules.conditions import Condition, facts_used
from rules.days import add_months
from rules.errors import RuleError
from rules.parsing import parse_condition
from rules.vocabulary import Vocabulary

from .fields import FieldSet
from .parts import Bilingual, bilingual, chapter, code, distinct, items, mapping, one_of, text

LONGEST_VALIDITY = 120  # months


class Provider(StrEnum):
    """From whom a paper may be asked."""

    APPLICANT = "applicant"
    EACH_ADULT = "each_adult"
    # Spouses and civil partners taxed together, and those who depend on them, give one.
    EACH_TAX_HOUSEHOLD = "each_tax_household"
    PERSON_CONCERNED = "person_concerned"


class FileKind(StrEnum):
    """Where a paper is kept in a file: kinds of documents of the register."""

    IDENTITY = "identity"
    FAMILY = "family"
    TAX_NOTICE = "tax_notice"
    INCOME = "income"
    HOUSING = "housing"
    REASON = "reason"


class Mark(StrEnum):
    """What a reason may be given for: a document of the list, or one that is none of them."""

    UNUSABLE = "unusable"
    UNLISTED = "unlisted"


class Stage(StrEnum):
    """When a paper may be asked for."""

    REGISTRATION = "registration"
    INSTRUCTION = "instruction"
    COMPLEMENT = "complement"


@dataclass(frozen=True)
class RequiredDocument:
    """One item of the list, and the papers that are accepted for it.

    It proves something for `valid_months` after it was received, or in that year only; for ever
    when neither is said. `when` is the situation in which it may be asked for, None for everybody.
    Knowing that it may be asked of somebody says that the situation is hers: with `tells`, only
    those who read this group of data are offered it.
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
    valid_months: int | None = None
    valid_in_year: bool = False

    def valid_until(self, received_on: date) -> date | None:
        """The last day on which one received that day still proves something; None for ever."""
        if self.valid_in_year:
            return date(received_on.year, 12, 31)
        return add_months(received_on, self.valid_months) if self.valid_months else None


@dataclass(frozen=True)
class Reason:
    """Why a document is not used: one of the list, dated as the module that holds it."""

    code: str
    title: Bilingual
    marks: Mark


@dataclass(frozen=True)
class Documents:
    """The body of a documents module: papers, and the reasons for which one is not used."""

    documents: tuple[RequiredDocument, ...]
    reasons: tuple[Reason, ...] = ()

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
    body = mapping(data, "", {"documents"}, {"reasons"})
    found = tuple(
        _document(item, path, vocabulary) for path, item in items(body["documents"], "documents")
    )
    distinct([document.code for document in found], "documents")
    reasons = tuple(_reason(item, path) for path, item in items(body.get("reasons", []), "reasons"))
    distinct([reason.code for reason in reasons], "reasons")
    return Documents(found, reasons)


def _reason(data: Any, path: str) -> Reason:
    mapping(data, path, {"code", "title", "marks"})
    return Reason(
        code=code(data["code"], f"{path}.code"),
        title=bilingual(data["title"], f"{path}.title"),
        marks=one_of(Mark, data["marks"], f"{path}.marks"),
    )


_REQUIRED = {
    "code",
    "stage",
    "title",
    "explanation",
    "legal_basis",
    "accepted",
}


_OPTIONAL = {"from", "kind", "when", "tells", "chapter", "valid_months", "valid_in_year"}


def _document(data: Any, path: str, vocabulary: Vocabulary) -> RequiredDocument:
    mapping(data, path, _REQUIRED, _OPTIONAL)
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
        **_validity(data, path),
    )


def _validity(data: dict[str, Any], path: str) -> dict[str, Any]:
    months, in_year = data.get("valid_months"), data.get("valid_in_year", False)
    whole = isinstance(months, int) and not isinstance(months, bool)
    if months is not None and not (whole and 1 <= months <= LONGEST_VALIDITY):
        message = _("a number of months from 1 to {most} is expected here")
        raise RuleError(f"{path}.valid_months", message.format(most=LONGEST_VALIDITY))
    if not isinstance(in_year, bool):
        raise RuleError(f"{path}.valid_in_year", _("yes or no is expected here"))
    if in_year and months is not None:
        raise RuleError(f"{path}.valid_in_year", _("either a number of months or the year"))
    return {"valid_months": months, "valid_in_year": in_year}


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
