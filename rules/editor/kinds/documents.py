"""Papers as a form: which, when, why."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from rules.editor.choices import Choice, Several, chapter
from rules.editor.compiling import Compiler, Place
from rules.editor.context import current
from rules.editor.fields import MISSING
from rules.editor.structure import Repeated
from rules.editor.texts import Bilingual, Line, code
from rules.kinds.documents import Stage
from rules.publication.words import STAGES

from .sections import Section

_STAGES = tuple((stage.value, STAGES[stage]) for stage in Stage)

SECTIONS = (
    Section(
        key="documents",
        title=_("Papers"),
        one=_("a paper"),
        fields=(
            code(),
            Choice(key="stage", label=_("When"), choices=_STAGES),
            Bilingual(key="title", label=_("Title")),
            Bilingual(key="explanation", label=_("Explanation"), long=True),
            Line(key="legal_basis", label=_("Legal basis")),
            Repeated(
                key="accepted",
                label=_("Accepted papers"),
                of=Bilingual(key="paper", label=_("Paper")),
            ),
            chapter(),
        ),
    ),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Codes(Several):
    """Codes written in one text, in the order of the module: "identity, residence"."""

    def read(self, data: Any) -> Any:
        return [] if data is MISSING else [code for code in data.split(", ") if code]

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        return ", ".join(value or [])


CASES = Section(
    key="tests",
    title=_("Test cases"),
    one=_("a test case"),
    fields=(
        Line(key="name", label=_("What is tried")),
        Choice(key="stage", label=_("When"), choices=_STAGES),
        Codes(
            key="expect",
            label=_("What must come out"),
            optional=True,
            choices=lambda: current().titles("documents"),
        ),
    ),
)
