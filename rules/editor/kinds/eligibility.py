"""Ceilings and sizes of homes as a form."""

from django.utils.translation import gettext_lazy as _

from rules.editor.choices import Choice, Several, YesNo, chapter
from rules.editor.context import current
from rules.editor.numbers import Amount
from rules.editor.structure import Struct
from rules.editor.texts import Bilingual, Number, code
from rules.kinds.eligibility import Unknown
from rules.types import FactType
from rules.vocabulary import Text

from .common import (
    EXPLANATION,
    LAW,
    TITLE,
    expected,
    facts_of,
    figures,
    row,
    sets_of_codes,
    test_cases,
    whole_module,
)
from .sections import Section

_UNKNOWN = (
    (Unknown.TO_COMPLETE.value, _("the file is to be completed")),
    (Unknown.NOT_COUNTED.value, _("the demand is not counted")),
)


def _home_types() -> list[tuple[str, Text]]:
    """The sizes of home that the module speaks of."""
    fact = current().body.get("home_types")
    known = current().vocabulary
    return list((known.fact(fact).choices or {}).items()) if fact in known else []


SECTIONS = (
    whole_module(
        Struct(
            key="income",
            label=_("Resources compared with the ceilings"),
            fields=(
                code(),
                Choice(
                    key="fact",
                    label=_("Resources retained"),
                    choices=lambda: facts_of(FactType.MONEY_YEAR),
                ),
                TITLE,
                EXPLANATION,
                LAW,
                chapter(),
            ),
        ),
        Choice(
            key="home_types",
            label=_("List of the sizes of homes"),
            help=_("The sizes of each household, below, are chosen in it."),
            choices=sets_of_codes,
        ),
    ),
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
            Several(key="types", label=_("Sizes of home"), choices=_home_types),
            LAW,
            chapter(),
        ),
    ),
)
CASES = test_cases(
    row(),
    figures(),
    Number(key="people", label=_("Or a number of people"), optional=True),
    expected(),
)
