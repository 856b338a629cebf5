"""Local questions as a form, and their test cases."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from rules.cases.questions import ACCEPTED, REFUSED
from rules.editor.choices import Choice, YesNo, chapter
from rules.editor.codes import marked
from rules.editor.comparison import State, from_text
from rules.editor.compiling import Compiler, Place
from rules.editor.context import current
from rules.editor.fields import MISSING
from rules.editor.structure import Repeated, Struct
from rules.editor.texts import Bilingual, Line, code
from rules.editor.valued import ValueOf
from rules.errors import RuleError
from rules.kinds.parts import Bilingual as BilingualText
from rules.kinds.questions import FIELD_SETS as ANSWERED
from rules.kinds.questions import QuestionType, Sensitivity, Step
from rules.publication.words import FIELD_SETS
from rules.types import FactType
from rules.vocabulary import Text

from .common import LAW, figures, row, test_cases, when
from .documents import Codes
from .sections import Section

_TYPES = (
    (QuestionType.BOOLEAN.value, _("yes or no")),
    (QuestionType.INTEGER.value, _("a whole number")),
    (QuestionType.DECIMAL.value, _("a number")),
    (QuestionType.MONEY_MONTH.value, _("euros per month")),
    (QuestionType.MONEY_YEAR.value, _("euros per year")),
    (QuestionType.DATE.value, _("a day")),
    (QuestionType.CHOICE.value, _("one choice in a list")),
    (QuestionType.CHOICES.value, _("several choices in a list")),
    (QuestionType.TEXT.value, _("a text, read by people only")),
)
_STEPS = (
    (Step.IDENTITY.value, _("Identity")),
    (Step.HOUSEHOLD.value, _("Household")),
    (Step.CONTACT.value, _("Contact details")),
    (Step.HOUSING.value, _("Current home")),
    (Step.REASONS.value, _("Reasons")),
    (Step.RESOURCES.value, _("Resources")),
    (Step.WISHES.value, _("Wishes")),
)
_SENSITIVITIES = (
    (Sensitivity.ORDINARY.value, _("ordinary")),
    (Sensitivity.HIGH.value, _("high")),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Bound(Line):
    """The smallest or largest answer: a number, or a day."""

    def read(self, data: object) -> object:
        return "" if data is MISSING else str(data)

    def write(self, value: str, path: str, place: Place, compiler: Compiler, old: object) -> object:
        text = super().write(value, path, place, compiler, MISSING)
        if text is MISSING or text == str(old):
            return old if text is not MISSING else MISSING
        return int(text) if text.isdecimal() else text


SECTIONS = (
    Section(
        key="questions",
        title=_("Local questions"),
        one=_("a question"),
        fields=(
            code(),
            Choice(key="type", label=_("How it is answered"), choices=_TYPES),
            Choice(key="step", label=_("Asked at the end of"), choices=_STEPS),
            Choice(
                key="field_set",
                label=_("Read with"),
                choices=tuple((name.value, FIELD_SETS[name]) for name in ANSWERED),
            ),
            Bilingual(key="label", label=_("What the person reads")),
            Bilingual(key="help", label=_("Help"), optional=True),
            Bilingual(key="title", label=_("Short title, for columns and filters")),
            Bilingual(key="purpose", label=_("Why it is asked"), long=True),
            Bilingual(key="fact", label=_("How rules speak of the answer"), optional=True),
            Bilingual(key="unit", label=_("Unit"), optional=True),
            Repeated(
                key="choices",
                label=_("Choices"),
                of=Struct(
                    key="choice",
                    label=_("Choice"),
                    fields=(
                        code(),
                        Bilingual(key="label", label=_("Words")),
                        YesNo(key="retired", label=_("No longer offered")),
                    ),
                ),
                optional=True,
            ),
            Bound(key="least", label=_("Smallest answer"), optional=True),
            Bound(key="most", label=_("Largest answer"), optional=True),
            when(optional=True),
            Choice(
                key="sensitivity",
                label=_("How much it tells of a person"),
                choices=_SENSITIVITIES,
                optional=True,
            ),
            LAW,
            chapter(),
        ),
    ),
)


def _asked() -> list[dict[str, Any]]:
    """The questions of the module as the field of an answer offers them."""
    offered = []
    for each in current().body.get("questions", ()):
        with suppress(KeyError, TypeError, ValueError):
            wanted = QuestionType(each["type"]).fact_type
            choices = [
                [choice["code"], marked(BilingualText(**choice["label"]), choice.get("retired"))]
                for choice in each.get("choices", ())
            ]
            offered.append(
                {"code": each["code"], "type": str(wanted or ""), "choices": choices, "listed": ""}
            )
    return offered


@dataclass(frozen=True, kw_only=True, eq=False)
class Given(ValueOf):
    """An answer as a person gives it, chosen or typed as the question is answered."""

    def typed(self, value: State, path: str, place: Place, compiler: Compiler) -> Any:
        wanted = next((each["type"] for each in _asked() if each["code"] == value["fact"]), "")
        if not wanted:
            return super().typed(value, path, place, compiler)
        try:
            return from_text(FactType(wanted), value["value"], path)
        except RuleError as error:
            compiler.fault(place, error.message)
            return MISSING


def _outcomes() -> list[tuple[str, Text]]:
    ways = [(ACCEPTED, _("the answer is accepted")), (REFUSED, _("the answer is refused"))]
    asked = current().titles("questions")
    return [*ways, *((code, _("asked: {question}").format(question=t)) for code, t in asked)]


CASES = test_cases(
    row(),
    figures(),
    Choice(
        key="question",
        label=_("Or the answer to"),
        choices=lambda: current().titles("questions"),
        optional=True,
    ),
    Given(key="answer", label=_("Answer"), of="question", offered=_asked, optional=True),
    Codes(
        key="expect",
        label=_("What must come out"),
        help=_("The questions asked of this demand, or what becomes of the answer."),
        choices=_outcomes,
        optional=True,
    ),
)
