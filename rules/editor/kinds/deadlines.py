"""Delays as a form."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from rules.editor.compiling import Compiler, Place
from rules.editor.context import current
from rules.editor.fields import MISSING, Bilingual, Choice, Line, Number, Struct, chapter, code
from rules.kinds.deadlines import Unit

from .sections import Section

UNITS = (
    (Unit.MONTHS.value, _("months")),
    (Unit.DAYS.value, _("days")),
    (Unit.WORKING_DAYS.value, _("working days")),
)

SECTIONS = (
    Section(
        key="deadlines",
        title=_("Delays"),
        one=_("a delay"),
        fields=(
            code(),
            Bilingual(key="title", label=_("Title")),
            Number(key="value", label=_("Duration")),
            Choice(key="unit", label=_("Counted in"), choices=UNITS),
            Bilingual(key="explanation", label=_("Explanation"), long=True),
            Line(key="legal_basis", label=_("Legal basis")),
            chapter(),
        ),
    ),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Delay(Struct):
    """A delay written in one text: "13 months"."""

    def read(self, data: Any) -> Any:
        value, _space, unit = "".partition(" ") if data is MISSING else data.partition(" ")
        return super().read({"value": value or MISSING, "unit": unit or MISSING})

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        written = super().write(value, path, place, compiler, MISSING)
        return f"{written.get('value', '')} {written.get('unit', '')}"


CASES = Section(
    key="tests",
    title=_("Test cases"),
    one=_("a test case"),
    fields=(
        Line(key="name", label=_("What is tried")),
        Choice(key="deadline", label=_("Delay"), choices=lambda: current().titles("deadlines")),
        Delay(
            key="expect",
            label=_("What must come out"),
            classname="rules-grid",
            fields=(
                Number(key="value", label=_("Duration")),
                Choice(key="unit", label=_("Counted in"), choices=UNITS),
            ),
        ),
    ),
)
