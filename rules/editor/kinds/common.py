"""Fields that several kinds of modules have in common."""

from django.utils.translation import gettext_lazy as _

from rules.editor.facts import Facts
from rules.editor.fields import Field
from rules.editor.structure import Conditions
from rules.editor.texts import Answer, Bilingual, Line
from rules.vocabulary import Text

from .sections import Section

TITLE = Bilingual(key="title", label=_("Title"))
EXPLANATION = Bilingual(key="explanation", label=_("Explanation"), long=True)
LAW = Line(key="legal_basis", label=_("Legal basis"))


def when(key: str = "when", label: Text = "", *, optional: bool) -> Conditions:
    """The situation in which a rule applies."""
    return Conditions(
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


def test_cases(*fields: Field) -> Section:
    """Test cases whose answer is one line."""
    return Section(
        key="tests",
        title=_("Test cases"),
        one=_("a test case"),
        fields=(
            Line(key="name", label=_("What is tried")),
            *fields,
            Answer(key="expect", label=_("What must come out")),
        ),
    )
