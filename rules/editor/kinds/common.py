"""Fields that several kinds of modules have in common."""

from django.utils.translation import gettext_lazy as _

from rules.editor.computed import Situation
from rules.editor.context import current
from rules.editor.facts import Facts
from rules.editor.fields import Field
from rules.editor.texts import Answer, Bilingual, Line
from rules.types import FactType
from rules.vocabulary import Text

from .sections import Section

TITLE = Bilingual(key="title", label=_("Title"))
EXPLANATION = Bilingual(key="explanation", label=_("Explanation"), long=True)
LAW = Line(key="legal_basis", label=_("Legal basis"))


def when(key: str = "when", label: Text = "", *, optional: bool) -> Situation:
    """The situation in which a rule applies."""
    return Situation(
        key=key,
        label=label or _("In which situation"),
        help=_("No condition: in every case.") if optional else "",
        optional=optional,
    )


def row(*, optional: bool = True) -> Facts:
    """The demand of a test case."""
    return Facts(key="row", label=_("The demand"), row_only=True, optional=optional)


def figures(key: str = "figures") -> Facts:
    """The dated figures of a test case."""
    return Facts(key=key, label=_("Dated figures and steps"), principal_only=True, optional=True)


def facts_of(*types: FactType) -> list[tuple[str, Text]]:
    """The facts of the demand of these types, by name."""
    return current().facts(types, of_the_demand=True)


def sets_of_codes() -> list[tuple[str, Text]]:
    """The facts that hold several codes of a closed list."""
    known = current().vocabulary
    return [each for each in facts_of(FactType.CODE_SET) if known.fact(each[0]).choices]


def whole_module(*fields: Field) -> Section:
    """What a module says once, for all of its rules."""
    return Section(
        key="general",
        title=_("What holds for the whole module"),
        one="",
        fields=fields,
        whole=True,
    )


def test_cases(*fields: Field) -> Section:
    """Test cases: what is tried, then what is given and expected."""
    return Section(
        key="tests",
        title=_("Test cases"),
        one=_("a test case"),
        fields=(Line(key="name", label=_("What is tried")), *fields),
    )


def expected(*, long: bool = False) -> Answer:
    """What a test case expects, in words."""
    return Answer(key="expect", label=_("What must come out"), long=long)
