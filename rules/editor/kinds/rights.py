"""Rights as a form: who, on which demands, what is allowed, which data."""

from django.utils.translation import gettext_lazy as _

from rules.cases.rights import DENIED_BY, GRANTED, REFUSED
from rules.editor.choices import Choice, Several, chapter
from rules.editor.computed import Situation
from rules.editor.context import current
from rules.editor.texts import code
from rules.kinds.rights import Action
from rules.publication.words import ACTIONS
from rules.vocabulary import Text

from .common import LAW, TITLE, test_cases
from .fields import DEMAND, PERSON, WHO, levels
from .sections import Section

_ACTIONS = tuple((action.value, ACTIONS[action]) for action in Action)

GRANTS = Section(
    key="grants",
    title=_("Rights given"),
    one=_("a right"),
    fields=(
        code(),
        TITLE,
        LAW,
        WHO,
        Several(key="actions", label=_("What is allowed"), choices=_ACTIONS),
        Situation(
            key="row",
            label=_("Which demands"),
            help=_("All that follows must be met by the demand. What is not known gives no right."),
        ),
        levels("fields", _("Which data"), optional=True),
        chapter(),
    ),
)
GUARDS = Section(
    key="guards",
    title=_("What takes a right away"),
    one=_("a refusal"),
    fields=(
        code(),
        TITLE,
        LAW,
        Several(
            key="actions",
            label=_("What is refused"),
            choices=_ACTIONS,
            everything=_("everything, acts to come included"),
        ),
        Situation(
            key="deny_when",
            label=_("When"),
            help=_("Refused as well when nobody knows whether this is met."),
        ),
        chapter(),
    ),
)
SECTIONS = (GRANTS, GUARDS)


def _outcomes() -> list[tuple[str, Text]]:
    guards = current().titles("guards")
    denied = [
        (f"{DENIED_BY}{code}", _("refused by “{guard}”").format(guard=t)) for code, t in guards
    ]
    return [(GRANTED, _("allowed")), (REFUSED, _("not allowed")), *denied]


CASES = test_cases(
    PERSON,
    DEMAND,
    Choice(key="action", label=_("What the person wants to do"), choices=_ACTIONS),
    Choice(key="expect", label=_("What must come out"), choices=_outcomes),
)
