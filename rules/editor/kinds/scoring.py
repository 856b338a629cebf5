"""A grid of points as a form: its sections with their criteria, its exclusions, its tie-break."""

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from rules.editor.choices import Choice, chapter
from rules.editor.context import current
from rules.editor.numbers import Amount
from rules.editor.structure import Repeated, Struct
from rules.editor.texts import Bilingual, Listed, code
from rules.kinds.scoring import Mode, OnUnknown, Order, ProofBy, Scope
from rules.types import FactType
from rules.vocabulary import Text

from .common import LAW, TITLE, figures, row, test_cases, when
from .sections import Section

_SCOPES = (
    (Scope.BOTH.value, _("every demand")),
    (Scope.FIRST_TIME.value, _("people not yet in social housing")),
    (Scope.TRANSFER.value, _("people who ask for a transfer")),
)
_UNKNOWN = (
    (OnUnknown.NOT_EARNED.value, _("the points are not given")),
    (OnUnknown.TO_COMPLETE.value, _("the file is to be completed")),
)
_PROOFS = (
    (ProofBy.AUTOMATIC.value, _("the register itself")),
    (ProofBy.DOCUMENT.value, _("a verified document")),
    (ProofBy.BODY.value, _("a body")),
)
_MODES = (
    (Mode.SUM.value, _("the criteria add up")),
    (Mode.MAX.value, _("only the highest criterion counts")),
)
_ORDERS = (
    (Order.ASCENDING.value, _("the smallest, or the oldest, first")),
    (Order.DESCENDING.value, _("the largest, or the newest, first")),
    (Order.MOST.value, _("the one that has most of them first")),
)


def _facts() -> list[tuple[str, Text]]:
    facts = [fact for fact in current().vocabulary if not fact.is_principal]
    return [(fact.code, capfirst(str(fact.label))) for fact in facts]


def _sets() -> list[tuple[str, Text]]:
    sets = {fact.code for fact in current().vocabulary if fact.type is FactType.CODE_SET}
    return [(fact, label) for fact, label in _facts() if fact in sets]


_PROOF = Struct(
    key="proof",
    label=_("Proof"),
    classname="rules-grid",
    fields=(
        Choice(key="by", label=_("Proved by"), choices=_PROOFS),
        Choice(key="fact", label=_("Looked for in"), choices=_sets, optional=True),
        Listed(key="codes", label=_("Codes that prove it"), optional=True),
        Listed(key="organisations", label=_("Kinds of bodies"), optional=True),
    ),
)
_CRITERION = Struct(
    key="criterion",
    label=_("Criterion"),
    fields=(
        code(),
        TITLE,
        when(optional=True),
        Amount(key="points", label=_("Points")),
        _PROOF,
        Choice(key="on_unknown", label=_("When the file does not say"), choices=_UNKNOWN),
        Choice(key="scope", label=_("For whom"), choices=_SCOPES, optional=True),
        Bilingual(key="explanation", label=_("Explanation"), long=True, optional=True),
        LAW,
        chapter(),
    ),
)

SECTIONS = (
    Section(
        key="sections",
        title=_("Sections of the grid"),
        one=_("a section"),
        fields=(
            code(),
            TITLE,
            Choice(key="mode", label=_("How they count together"), choices=_MODES),
            Repeated(key="criteria", label=_("Criteria"), of=_CRITERION, folded=True),
        ),
    ),
    Section(
        key="exclusions",
        title=_("Demands that are not scored"),
        one=_("an exclusion"),
        fields=(code(), TITLE, when(optional=False), LAW, chapter()),
    ),
    Section(
        key="tie_break",
        title=_("Between equal demands"),
        one=_("an order"),
        fields=(
            Choice(key="fact", label=_("What tells them apart"), choices=_facts),
            Choice(key="order", label=_("Who comes first"), choices=_ORDERS),
        ),
    ),
)
CASES = test_cases(row(optional=False), figures("parameters"))
