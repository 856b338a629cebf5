"""Automatic rules as a form: what starts them, what they do, within which limits."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from rules.editor.choices import Choice, Several, chapter
from rules.editor.codes import titles_in_force, with_codes
from rules.editor.compiling import Compiler, Place
from rules.editor.context import current
from rules.editor.fields import MISSING
from rules.editor.structure import Repeated, Struct
from rules.editor.texts import Bilingual, Number, code
from rules.kinds.automation import Mode, OnUnknown, Verb
from rules.kinds.deadlines import Unit
from rules.vocabulary import Text

from .common import EXPLANATION, LAW, TITLE, expected, figures, row, test_cases, when
from .sections import Section

_WAITS = (
    (Unit.DAYS.value, _("days")),
    (Unit.WORKING_DAYS.value, _("working days")),
    (Unit.MONTHS.value, _("months")),
)
_VERBS = (
    (Verb.TASK.value, _("give a task")),
    (Verb.ASSIGN.value, _("charge an organisation with the file")),
    (Verb.LABEL.value, _("put a working tag")),
    (Verb.MESSAGE.value, _("write a message")),
    (Verb.LETTER.value, _("send a letter")),
    (Verb.WEBHOOK.value, _("tell another program")),
)
_MODES = (
    (Mode.DRY_RUN.value, _("only says what it would do")),
    (Mode.ACTIVE.value, _("acts")),
)
_UNKNOWN = (
    (OnUnknown.NOTHING.value, _("nothing is done")),
    (OnUnknown.TASK.value, _("a task asks to complete the file")),
)
_WAIT = (
    Number(key="value", label=_("Duration"), optional=True),
    Choice(key="unit", label=_("Counted in"), choices=_WAITS, optional=True),
)
_DELAY = Choice(
    key="delay",
    label=_("Or at the end of a delay"),
    choices=lambda: titles_in_force("deadlines"),
    optional=True,
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Due(Struct):
    """When a task is due: after a while, or at the end of a delay of the deadlines."""

    def read(self, data: Any) -> Any:
        return super().read({"delay": data} if isinstance(data, str) else data)

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        before = {"delay": old} if isinstance(old, str) else old
        written = super().write(value, path, place, compiler, before)
        return written if written is MISSING else written.get("delay", written)


def _bodies() -> list[tuple[str, Text]]:
    return list(current().vocabulary.lists.bodies.items())


def _events() -> list[tuple[str, Text]]:
    return list(current().vocabulary.lists.events.items())


_ACT = Struct(
    key="act",
    label=_("Act"),
    fields=(
        Choice(key="do", label=_("What is done"), choices=_VERBS),
        Choice(key="to", label=_("For which organisation"), choices=_bodies, optional=True),
        Choice(key="from", label=_("In whose name"), choices=_bodies, optional=True),
        Bilingual(key="title", label=_("Task"), optional=True),
        Choice(
            key="tag",
            label=_("Working tag"),
            choices=lambda: current().vocabulary.lists.tags.items(),
            optional=True,
        ),
        Choice(
            key="letter",
            label=_("Text"),
            choices=lambda: titles_in_force("letters"),
            optional=True,
        ),
        Choice(
            key="endpoint",
            label=_("Program told"),
            choices=lambda: with_codes("endpoint", current().vocabulary),
            optional=True,
        ),
        Due(
            key="due",
            label=_("To be done within"),
            classname="rules-grid",
            optional=True,
            fields=(*_WAIT, _DELAY),
        ),
    ),
)


SECTIONS = (
    Section(
        key="rules",
        title=_("Automatic rules"),
        one=_("an automatic rule"),
        fields=(
            code(),
            TITLE,
            EXPLANATION,
            LAW,
            Struct(
                key="trigger",
                label=_("What starts it"),
                fields=(
                    Choice(
                        key="event", label=_("A step of the demand"), choices=_events, optional=True
                    ),
                    Choice(
                        key="daily",
                        label=_("Or a delay that comes by itself"),
                        choices=lambda: current().vocabulary.lists.moments.items(),
                        optional=True,
                    ),
                    Struct(
                        key="after",
                        label=_("After having waited"),
                        fields=_WAIT,
                        classname="rules-grid",
                        optional=True,
                    ),
                    Several(
                        key="unless",
                        label=_("Unless one of these came since"),
                        choices=_events,
                        optional=True,
                    ),
                ),
            ),
            when(optional=True),
            Choice(
                key="on_unknown",
                label=_("When the file does not say"),
                choices=_UNKNOWN,
                optional=True,
            ),
            Repeated(key="actions", label=_("What it does"), of=_ACT),
            Choice(key="mode", label=_("Mode"), choices=_MODES),
            Number(key="quota", label=_("At most so many times a day")),
            chapter(),
        ),
    ),
)
CASES = test_cases(
    Choice(key="rule", label=_("Rule"), choices=lambda: current().titles("rules")),
    figures("event"),
    row(),
    Several(
        key="chain",
        label=_("Rules that led there"),
        choices=lambda: current().titles("rules"),
        optional=True,
    ),
    expected(),
)
