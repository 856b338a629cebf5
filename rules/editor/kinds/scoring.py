"""A grid of points as a form: its sections with their criteria, its exclusions, its tie-break."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from rules.editor.choices import Choice, Several, YesNo, chapter
from rules.editor.codes import named
from rules.editor.compiling import Compiler, Place
from rules.editor.context import current
from rules.editor.facts import OfASet
from rules.editor.fields import MISSING
from rules.editor.numbers import Amount
from rules.editor.structure import Repeated, Struct
from rules.editor.texts import Bilingual, code
from rules.kinds.scoring import Mode, OnUnknown, Order, ProofBy, Scope
from rules.types import FactType
from rules.vocabulary import Text

from .common import LAW, TITLE, expected, facts_of, figures, row, test_cases, when, whole_module
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
    return current().facts(of_the_demand=True)


_FOUND = "found"


@dataclass(frozen=True, kw_only=True, eq=False)
class Proof(Struct):
    """What proves a criterion: the set and the codes looked for stand among its other keys."""

    def read(self, data: Any) -> Any:
        known = {} if data is MISSING else data
        found = {key: known[key] for key in ("fact", "codes") if key in known}
        return super().read({**known, _FOUND: found} if found else known)

    def write(self, value: Any, path: str, place: Place, compiler: Compiler, old: Any) -> Any:
        before = {} if old is MISSING else old
        found = {key: before[key] for key in ("fact", "codes") if key in before}
        kept = {key: before[key] for key in before if key not in found}
        written = super().write(
            value, path, place, compiler, {**kept, _FOUND: found} if found else kept
        )
        for key in ("fact", "codes"):
            compiler.note(f"{path}.{key}", (*place, _FOUND))
        proof = written.pop(_FOUND, {}) | written
        return {key: proof[key] for key in (*(k for k in before if k in proof), *proof)}


_PROOF = Proof(
    key="proof",
    label=_("Proof"),
    classname="rules-grid",
    fields=(
        Choice(key="by", label=_("Proved by"), choices=_PROOFS),
        OfASet(key=_FOUND, label=_("What proves it"), optional=True),
        Several(
            key="organisations",
            label=_("Kinds of bodies"),
            choices=lambda: named("kind", current().vocabulary).items(),
            optional=True,
        ),
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
    whole_module(
        Choice(key="scope", label=_("For whom"), choices=_SCOPES),
        Choice(
            key="first_time",
            label=_("What tells a first demand from a transfer"),
            choices=lambda: facts_of(FactType.BOOLEAN),
        ),
        YesNo(
            key="counts_declared",
            label=_("What is declared counts until it is proved"),
            optional=False,
        ),
    ),
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
CASES = test_cases(row(optional=False), figures("parameters"), expected())
