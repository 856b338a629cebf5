"""Papers as a form: which, when, why."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from rules.editor.choices import Choice, Several, YesNo, chapter
from rules.editor.compiling import Compiler, Place
from rules.editor.computed import Situation
from rules.editor.context import current
from rules.editor.facts import Facts
from rules.editor.fields import MISSING
from rules.editor.structure import Repeated
from rules.editor.texts import Bilingual, Number, code
from rules.kinds.documents import FileKind, Mark, Provider, Stage
from rules.kinds.fields import FieldSet
from rules.publication.words import FIELD_SETS, FILES, MARKS, PROVIDERS, STAGES

from .common import EXPLANATION, LAW, TITLE, test_cases
from .sections import Section

_PROVIDERS = tuple((provider.value, PROVIDERS[provider]) for provider in Provider)
_GROUPS = tuple((name.value, FIELD_SETS[name]) for name in FieldSet)
_FILES = tuple((kind.value, FILES[kind]) for kind in FileKind)
_MARKS = tuple((mark.value, MARKS[mark]) for mark in Mark)
_STAGES = tuple((stage.value, STAGES[stage]) for stage in Stage)

SECTIONS = (
    Section(
        key="documents",
        title=_("Papers"),
        one=_("a paper"),
        fields=(
            code(),
            Choice(key="stage", label=_("When"), choices=_STAGES),
            TITLE,
            EXPLANATION,
            LAW,
            Choice(key="from", label=_("From whom"), choices=_PROVIDERS, optional=True),
            Choice(
                key="kind",
                label=_("Where it is kept in the file"),
                choices=_FILES,
                optional=True,
            ),
            Situation(
                key="when",
                label=_("In which situation"),
                help=_("Empty: it may be asked of everybody."),
                optional=True,
            ),
            Choice(
                key="tells",
                label=_("What asking for it tells"),
                help=_("Only those who read this group of data may ask for this paper."),
                choices=_GROUPS,
                optional=True,
            ),
            Repeated(
                key="accepted",
                label=_("Accepted papers"),
                of=Bilingual(key="paper", label=_("Paper")),
            ),
            Number(
                key="valid_months",
                label=_("Months of validity"),
                help=_("From the day it was received; empty: it stays valid."),
                optional=True,
            ),
            YesNo(
                key="valid_in_year",
                label=_("Valid until the end of the year in which it was received"),
            ),
            chapter(),
        ),
    ),
    Section(
        key="reasons",
        title=_("Reasons for which a document is not used"),
        one=_("a reason"),
        fields=(
            code(),
            TITLE,
            Choice(key="marks", label=_("What it says of the document"), choices=_MARKS),
        ),
    ),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Codes(Several):
    """Codes written in one text, in the order of the module: "identity, residence"."""

    may_be_absent: bool = False

    def read(self, data: Any) -> Any:
        return [] if data is MISSING else [code for code in data.split(", ") if code]

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        if not value and self.may_be_absent:
            return MISSING
        return ", ".join(value or [])


CASES = test_cases(
    Choice(key="stage", label=_("When"), choices=_STAGES, optional=True),
    Facts(key="row", label=_("The demand"), row_only=True, optional=True),
    Codes(
        key="expect",
        label=_("What must come out"),
        optional=True,
        choices=lambda: current().titles("documents"),
    ),
    Codes(
        key="later",
        label=_("What depends on what is not known yet"),
        optional=True,
        may_be_absent=True,
        choices=lambda: current().titles("documents"),
    ),
)
