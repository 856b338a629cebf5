"""Disclosed data as a form: to whom, of which demands, how much of each group."""

from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from rules.editor.choices import Choice, chapter
from rules.editor.computed import Situation
from rules.editor.facts import Facts
from rules.editor.structure import Conditions, Struct
from rules.editor.texts import code
from rules.kinds.fields import FieldSet, Level
from rules.publication.words import FIELD_SETS
from rules.vocabulary import Text

from .common import LAW, TITLE, test_cases
from .sections import Section

LEVELS = (
    (Level.NONE.value, _("not shown")),
    (Level.MASKED.value, _("shown without detail")),
    (Level.READ.value, _("read")),
    (Level.WRITE.value, _("read and changed")),
)


_capital = lazy(lambda text: capfirst(str(text)), str)


def levels(key: str, label: Text, *, optional: bool = False) -> Struct:
    """How much of each group of data."""
    return Struct(
        key=key,
        label=label,
        help=_("Left empty: nothing is said of these data."),
        optional=optional,
        classname="rules-grid",
        fields=tuple(
            Choice(key=name.value, label=_capital(FIELD_SETS[name]), choices=LEVELS, optional=True)
            for name in FieldSet
        ),
    )


WHO = Conditions(
    key="principal",
    label=_("Who"),
    help=_("All that follows must be met by the person who acts."),
    principal_only=True,
)
PERSON = Facts(key="principal", label=_("The person who acts"), principal_only=True)
DEMAND = Facts(key="row", label=_("The demand"), row_only=True)

SECTIONS = (
    Section(
        key="rules",
        title=_("Disclosed data"),
        one=_("a disclosure"),
        fields=(
            code(),
            TITLE,
            LAW,
            WHO,
            Situation(
                key="row",
                label=_("Which demands"),
                help=_("All that follows must be met. What is not known discloses nothing."),
            ),
            levels("levels", _("Which data")),
            chapter(),
        ),
    ),
)
CASES = test_cases(
    PERSON,
    DEMAND,
    levels("expect", _("What must come out")),
)
