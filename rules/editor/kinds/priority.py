"""Priorities as a form: how they are noticed, proved and recognised, and by whom."""

from django.utils.translation import gettext_lazy as _

from rules.editor.choices import Choice, Several, chapter
from rules.editor.context import current
from rules.editor.structure import Repeated
from rules.editor.texts import Bilingual, Number, code
from rules.kinds.priority import Unknown

from .common import (
    EXPLANATION,
    LAW,
    TITLE,
    expected,
    figures,
    row,
    sets_of_codes,
    test_cases,
    when,
    whole_module,
)
from .sections import Section

_UNKNOWN = (
    (Unknown.TO_COMPLETE.value, _("the file is to be completed")),
    (Unknown.NOT_DETECTED.value, _("the priority is not noticed")),
)

SECTIONS = (
    whole_module(
        Choice(
            key="labels",
            label=_("List of the priorities"),
            help=_("The code of each priority, below, is one of this list."),
            choices=sets_of_codes,
        ),
    ),
    Section(
        key="priorities",
        title=_("Priorities"),
        one=_("a priority"),
        fields=(
            code(),
            TITLE,
            EXPLANATION,
            LAW,
            when("detect", _("Noticed by the register when"), optional=True),
            Choice(key="unknown", label=_("When the file does not say"), choices=_UNKNOWN),
            Repeated(
                key="proof",
                label=_("Proved by"),
                of=Bilingual(key="paper", label=_("Paper or decision")),
                optional=True,
            ),
            Several(
                key="granted_by",
                label=_("Recognised by"),
                choices=lambda: current().vocabulary.lists.recognisers.items(),
            ),
            Number(key="valid_months", label=_("Valid for (months)"), optional=True),
            chapter(),
        ),
    ),
)
CASES = test_cases(
    row(),
    figures(),
    Choice(
        key="recognises",
        label=_("Or who recognises"),
        choices=lambda: current().titles("priorities"),
        optional=True,
    ),
    expected(),
)
