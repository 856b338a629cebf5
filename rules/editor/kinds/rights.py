"""Rights as a form: who, on which demands, what is allowed, which data."""

from django.utils.translation import gettext_lazy as _

from rules.cases.rights import DENIED_BY, GRANTED, REFUSED
from rules.editor.context import current
from rules.editor.facts import Facts
from rules.editor.fields import Bilingual, Choice, Conditions, Line, Several, Struct, chapter, code
from rules.kinds.rights import Action, FieldSet, Level
from rules.publication.words import ACTIONS, FIELD_SETS
from rules.vocabulary import Text

from .sections import Section

LEVELS = (
    (Level.NONE.value, _("not shown")),
    (Level.MASKED.value, _("shown without detail")),
    (Level.READ.value, _("read")),
    (Level.WRITE.value, _("read and changed")),
)
_ACTIONS = tuple((action.value, ACTIONS[action]) for action in Action)

_NAMES = (
    Bilingual(key="title", label=_("Title")),
    Line(key="legal_basis", label=_("Legal basis")),
)


def _levels(key: str = "fields") -> Struct:
    """How much of each group of data."""
    return Struct(
        key=key,
        label=_("Which data"),
        help=_("Left empty: this right says nothing of these data."),
        optional=True,
        classname="rules-grid",
        fields=tuple(
            Choice(key=name.value, label=FIELD_SETS[name], choices=LEVELS, optional=True)
            for name in FieldSet
        ),
    )


GRANTS = Section(
    key="grants",
    title=_("Rights given"),
    one=_("a right"),
    fields=(
        code(),
        *_NAMES,
        Conditions(
            key="principal",
            label=_("Who"),
            help=_("All that follows must be met by the person who acts."),
            principal_only=True,
        ),
        Several(key="actions", label=_("What is allowed"), choices=_ACTIONS),
        Conditions(
            key="row",
            label=_("Which demands"),
            help=_("All that follows must be met by the demand. What is not known gives no right."),
        ),
        _levels(),
        chapter(),
    ),
)
GUARDS = Section(
    key="guards",
    title=_("What takes a right away"),
    one=_("a refusal"),
    fields=(
        code(),
        *_NAMES,
        Several(
            key="actions",
            label=_("What is refused"),
            choices=_ACTIONS,
            everything=_("everything, acts to come included"),
        ),
        Conditions(
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


CASES = Section(
    key="tests",
    title=_("Test cases"),
    one=_("a test case"),
    fields=(
        Line(key="name", label=_("What is tried")),
        Facts(key="principal", label=_("The person who acts"), principal_only=True),
        Facts(key="row", label=_("The demand"), row_only=True),
        Choice(key="action", label=_("What the person wants to do"), choices=_ACTIONS),
        Choice(key="expect", label=_("What must come out"), choices=_outcomes),
        _levels(),
    ),
)
