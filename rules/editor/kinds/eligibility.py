"""Ceilings and sizes of homes as a form."""

from django.utils.translation import gettext_lazy as _

from rules.editor.choices import Choice, YesNo, chapter
from rules.editor.numbers import Amount
from rules.editor.texts import Bilingual, Listed, Number, code
from rules.kinds.eligibility import Unknown

from .common import EXPLANATION, LAW, TITLE, figures, row, test_cases
from .sections import Section

_UNKNOWN = (
    (Unknown.TO_COMPLETE.value, _("the file is to be completed")),
    (Unknown.NOT_COUNTED.value, _("the demand is not counted")),
)

SECTIONS = (
    Section(
        key="ceilings",
        title=_("Ceilings of resources"),
        one=_("a ceiling"),
        fields=(
            code(),
            TITLE,
            EXPLANATION,
            Bilingual(key="source", label=_("Source of the figures"), long=True),
            LAW,
            Amount(
                key="ceiling",
                label=_("Ceiling"),
                help=_("The dated figures themselves are in the reference tables."),
            ),
            Choice(key="unknown", label=_("When the file does not say"), choices=_UNKNOWN),
            chapter(),
        ),
    ),
    Section(
        key="norms",
        title=_("Sizes of homes"),
        one=_("a size"),
        fields=(
            code(),
            TITLE,
            Number(key="people", label=_("People to house")),
            YesNo(key="or_more", label=_("This number or more")),
            Listed(key="types", label=_("Sizes of home, separated by commas")),
            LAW,
            chapter(),
        ),
    ),
)
CASES = test_cases(
    row(), figures(), Number(key="people", label=_("Or a number of people"), optional=True)
)
