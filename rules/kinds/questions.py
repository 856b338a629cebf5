"""Questions modules: what a territory asks besides the national form, with no change of program.

Registration never waits for an answer: only an identity document may hold it up (CCH R441-2-3).
Each question says why it is asked and on which legal basis (RGPD, art. 5: minimisation). It is part
of a group of data, so that rights mask its answer as they mask the rest of the group.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from rules.conditions import Condition, facts_used
from rules.errors import RuleError
from rules.parsing import parse_condition
from rules.types import FactType
from rules.values import LARGEST, Value, parse_literal
from rules.vocabulary import Vocabulary

from .fields import FieldSet
from .parts import Bilingual, bilingual, chapter, code, distinct, items, mapping, one_of, text

LONGEST_TEXT = 500


class QuestionType(StrEnum):
    """How a question is answered. A text is read by people only: it never becomes a fact."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY_MONTH = "money_month"
    MONEY_YEAR = "money_year"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"

    @property
    def fact_type(self) -> FactType | None:
        """The type of the fact that the answer becomes; None for a text."""
        if self is QuestionType.TEXT:
            return None
        codes = {QuestionType.CHOICE: FactType.CODE, QuestionType.CHOICES: FactType.CODE_SET}
        return codes.get(self) or FactType(self.value)

    @property
    def has_choices(self) -> bool:
        """True when the answer is picked in a list."""
        return self in (QuestionType.CHOICE, QuestionType.CHOICES)

    @property
    def has_bounds(self) -> bool:
        """True when the answer has a smallest and a largest value."""
        return not self.has_choices and self not in (QuestionType.BOOLEAN, QuestionType.TEXT)


class Step(StrEnum):
    """The part of the form at the end of which a question is asked."""

    IDENTITY = "identity"
    HOUSEHOLD = "household"
    CONTACT = "contact"
    HOUSING = "housing"
    REASONS = "reasons"
    RESOURCES = "resources"
    WISHES = "wishes"


class Sensitivity(StrEnum):
    """How much an answer tells of a person."""

    ORDINARY = "ordinary"
    HIGH = "high"


# Notes, score and documents are written by the register itself: nobody answers them.
FIELD_SETS = tuple(
    name for name in FieldSet if name not in (FieldSet.NOTES, FieldSet.SCORE, FieldSet.DOCUMENTS)
)


@dataclass(frozen=True)
class Choice:
    """A possible answer. A retired one stays readable and is no longer offered."""

    code: str
    label: Bilingual
    retired: bool = False


@dataclass(frozen=True)
class Question:
    """One question.

    `label` is what the person reads, `title` heads columns and filters, `fact` is what rules say: a
    noun phrase ("the number of bicycles"), or a clause for a yes or no ("the household has a car").
    `when` is the condition under which it is asked, over what is known while the form is filled in.
    """

    code: str
    type: QuestionType
    step: Step
    field_set: FieldSet
    label: Bilingual
    title: Bilingual
    purpose: Bilingual
    legal_basis: str
    fact: Bilingual | None = None
    help: Bilingual | None = None
    unit: Bilingual | None = None
    choices: tuple[Choice, ...] = ()
    least: Value | None = None
    most: Value | None = None
    when: Condition | None = None
    sensitivity: Sensitivity = Sensitivity.ORDINARY
    chapter: int | None = None

    @property
    def fact_code(self) -> str:
        """The code under which rules speak of the answer."""
        return f"question.{self.code}"

    @property
    def offered(self) -> tuple[Choice, ...]:
        """The choices that may still be picked."""
        return tuple(choice for choice in self.choices if not choice.retired)

    def choice_label(self, chosen: str) -> str:
        """The words of a choice, or its code when this version does not know it."""
        return next((str(c.label) for c in self.choices if c.code == chosen), chosen)


@dataclass(frozen=True)
class Questions:
    """The body of a questions module."""

    questions: tuple[Question, ...]

    @property
    def items(self) -> tuple[Question, ...]:
        """Every rule, in the order of the module."""
        return self.questions

    def get(self, code: str) -> Question | None:
        """The question of this code, if the module asks it."""
        return next((question for question in self.questions if question.code == code), None)


_REQUIRED = {
    "code",
    "type",
    "step",
    "field_set",
    "label",
    "title",
    "purpose",
    "legal_basis",
}
_OPTIONAL = {"fact", "help", "unit", "choices", "least", "most", "when", "sensitivity", "chapter"}


def parse(data: Any, vocabulary: Vocabulary) -> Questions:
    """The typed body of a questions module; RuleError when anything in it is not acceptable."""
    body = mapping(data, "", {"questions"})
    found = tuple(
        _question(item, path, vocabulary) for path, item in items(body["questions"], "questions")
    )
    distinct([question.code for question in found], "questions")
    return Questions(found)


def _question(data: Any, path: str, vocabulary: Vocabulary) -> Question:
    mapping(data, path, _REQUIRED, _OPTIONAL)
    kind = one_of(QuestionType, data["type"], f"{path}.type")
    least, most = _bounds(data, kind, path)
    return Question(
        code=code(data["code"], f"{path}.code"),
        type=kind,
        step=one_of(Step, data["step"], f"{path}.step"),
        field_set=_field_set(data["field_set"], f"{path}.field_set"),
        label=bilingual(data["label"], f"{path}.label"),
        title=bilingual(data["title"], f"{path}.title"),
        purpose=bilingual(data["purpose"], f"{path}.purpose"),
        legal_basis=text(data["legal_basis"], f"{path}.legal_basis"),
        fact=_fact(data, kind, path),
        help=_maybe(data, "help", path),
        unit=_maybe(data, "unit", path),
        choices=_choices(data, kind, path),
        least=least,
        most=most,
        when=_when(data.get("when"), f"{path}.when", vocabulary),
        sensitivity=one_of(
            Sensitivity, data.get("sensitivity", Sensitivity.ORDINARY), f"{path}.sensitivity"
        ),
        chapter=chapter(data, path),
    )


def _field_set(value: Any, path: str) -> FieldSet:
    chosen: FieldSet = one_of(FieldSet, value, path)
    if chosen not in FIELD_SETS:
        raise RuleError(path, _("nobody answers questions of this group of data"))
    return chosen


def _maybe(data: dict[str, Any], key: str, path: str) -> Bilingual | None:
    return bilingual(data[key], f"{path}.{key}") if key in data else None


def _fact(data: dict[str, Any], kind: QuestionType, path: str) -> Bilingual | None:
    """Every answer but a text is a fact: how rules speak of it must be written."""
    is_text = kind is QuestionType.TEXT
    if is_text and "fact" in data:
        raise RuleError(f"{path}.fact", _("a text never becomes a fact in rules"))
    if not is_text and "fact" not in data:
        raise RuleError(path, _("“{key}” is missing").format(key="fact"))
    return _maybe(data, "fact", path)


def _choices(data: dict[str, Any], kind: QuestionType, path: str) -> tuple[Choice, ...]:
    if not kind.has_choices:
        if "choices" in data:
            raise RuleError(f"{path}.choices", _("this type of question has no choices"))
        return ()
    found = []
    for place, item in items(data.get("choices"), f"{path}.choices", empty=False):
        mapping(item, place, {"code", "label"}, {"retired"})
        retired = item.get("retired", False)
        if not isinstance(retired, bool):
            raise RuleError(f"{place}.retired", _("a yes or no answer is expected here"))
        found.append(
            Choice(
                code(item["code"], f"{place}.code"),
                bilingual(item["label"], f"{place}.label"),
                retired,
            )
        )
    distinct([choice.code for choice in found], f"{path}.choices")
    return tuple(found)


def _bounds(
    data: dict[str, Any], kind: QuestionType, path: str
) -> tuple[Value | None, Value | None]:
    if not kind.has_bounds:
        for key in {"least", "most"} & set(data):
            raise RuleError(f"{path}.{key}", _("this type of question has no bounds"))
        return None, None
    wanted = FactType(kind.value)
    least, most = (
        parse_literal(wanted, data[key], f"{path}.{key}") if key in data else usual
        for key, usual in (("least", _usual(kind, 0)), ("most", _usual(kind, LARGEST)))
    )
    if kind is not QuestionType.DATE and least < 0:  # type: ignore[operator]
        raise RuleError(f"{path}.least", _("a number of 0 or more is expected here"))
    if least is not None and most is not None and least > most:  # type: ignore[operator]
        raise RuleError(f"{path}.most", _("the largest answer is below the smallest"))
    return least, most


def _usual(kind: QuestionType, value: int) -> int | Decimal | date | None:
    """Numbers are asked from 0; a date has no bound of its own."""
    if kind is QuestionType.DATE:
        return None
    return value if kind is QuestionType.INTEGER else Decimal(value)


def _when(data: Any, path: str, vocabulary: Vocabulary) -> Condition | None:
    if data is None:
        return None
    condition = parse_condition(data, vocabulary, path=path)
    for fact in sorted(facts_used(condition)):
        if fact not in vocabulary.local.while_filling:
            raise RuleError(
                path,
                _("“{fact}” is not known while the form is filled in").format(
                    fact=vocabulary.fact(fact).label
                ),
            )
    return condition
