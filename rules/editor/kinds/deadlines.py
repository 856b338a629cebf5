"""Delays as a form."""

from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from rules.editor.choices import Choice, Several, YesNo, chapter
from rules.editor.codes import with_codes
from rules.editor.compiling import Compiler, Place
from rules.editor.context import current
from rules.editor.fields import MISSING
from rules.editor.structure import Repeated, Struct
from rules.editor.texts import Bilingual, Day, Line, Number, code
from rules.kinds.deadlines import Consequence, Counting, Start, Unit
from rules.publication.deadlines import CONSEQUENCES, STARTS

from .common import EXPLANATION, LAW, TITLE, test_cases
from .sections import Section

UNITS = (
    (Unit.YEARS.value, _("years")),
    (Unit.MONTHS.value, _("months")),
    (Unit.WEEKS.value, _("weeks")),
    (Unit.DAYS.value, _("days")),
    (Unit.WORKING_DAYS.value, _("working days")),
    (Unit.AT_ONCE.value, _("at once: no delay")),
    (Unit.YEARLY.value, _("a date of each year")),
)
COUNTINGS = (
    (Counting.CALENDAR.value, _("by the calendar")),
    (Counting.PROCEDURAL.value, _("as the Code de procédure civile says (art. 641 and 642)")),
)


def _departments() -> list[tuple[str, str]]:
    """Those of the whole country: the law sets delays elsewhere too."""
    return with_codes("department", current().vocabulary)


_ELSEWHERE = (
    Several(
        key="territories",
        label=_("Departments"),
        choices=_departments,
        optional=True,
        keeps_empty=True,
    ),
    Number(key="value", label=_("Duration")),
    Bilingual(key="title", label=_("Name of these places")),
)

SECTIONS = (
    Section(
        key="deadlines",
        title=_("Delays"),
        one=_("a delay"),
        fields=(
            code(),
            TITLE,
            Number(
                key="value",
                label=_("Duration"),
                optional=True,
                help=_("Empty when there is no delay, or for a date of each year."),
            ),
            Choice(key="unit", label=_("Counted in"), choices=UNITS),
            Choice(
                key="from",
                label=_("Runs from"),
                choices=lambda: [(start.value, capfirst(str(STARTS[start]))) for start in Start],
            ),
            Choice(
                key="consequence",
                label=_("Then"),
                choices=lambda: [
                    (each.value, capfirst(str(CONSEQUENCES.get(each, _("nothing follows")))))
                    for each in Consequence
                ],
            ),
            Choice(key="counting", label=_("Counting"), choices=COUNTINGS, optional=True),
            YesNo(key="minimum", label=_("At least: more may be left, not less")),
            YesNo(key="before", label=_("Counted back: so long before")),
            Line(
                key="on",
                label=_("Date of each year"),
                optional=True,
                help=_("Month and day, as in 02-28; for a date of each year only."),
            ),
            EXPLANATION,
            LAW,
            Repeated(
                key="elsewhere",
                label=_("Another duration elsewhere"),
                of=Struct(key="place", label=_("Elsewhere"), fields=_ELSEWHERE),
                optional=True,
            ),
            chapter(),
        ),
    ),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcome(Struct):
    """What a delay gives, in one text: "13 months", or the day on which it ends."""

    def read(self, data: Any) -> Any:
        parts: dict[str, Any] = {}
        if data is not MISSING:
            value, _space, unit = data.partition(" ")
            parts = {"value": value, "unit": unit} if unit else {"day": data}
        return super().read(parts)

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        written = super().write(value, path, place, compiler, MISSING)
        if "day" in written:
            return written["day"]
        if not {"value", "unit"} <= set(written):
            compiler.fault(place, _("give a duration and its unit, or the last day"))
        return f"{written.get('value', '')} {written.get('unit', '')}"


CASES = test_cases(
    Choice(key="deadline", label=_("Delay"), choices=lambda: current().titles("deadlines")),
    Day(key="from", label=_("Running from that day"), optional=True),
    Choice(
        key="department",
        label=_("In that department"),
        choices=_departments,
        optional=True,
    ),
    Outcome(
        key="expect",
        label=_("What must come out"),
        help=_("The duration; or the last day, when the delay runs from a day."),
        classname="rules-grid",
        fields=(
            Number(key="value", label=_("Duration"), optional=True),
            Choice(key="unit", label=_("Counted in"), choices=UNITS, optional=True),
            Day(key="day", label=_("Last day"), optional=True),
        ),
    ),
)
