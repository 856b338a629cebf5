"""How much of one demand one person is shown, and which rules may be named as saying so."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from register import codes
from register.vocabulary.groups import groups_of
from rules import registry
from rules.conditions import Condition, facts_used
from rules.explanation import Trace
from rules.kinds.fields import FieldSet, Level
from rules.types import Truth

TELLING_RESOURCES = frozenset({codes.DocumentKind.TAX_NOTICE, codes.DocumentKind.INCOME})
# What the scan of the paper form tells at once. What it says of a disability is hidden before it is
# scanned: whether somebody may read it must not tell that there is something to read.
_FORM_TELLS = frozenset(
    {
        FieldSet.IDENTITY,
        FieldSet.CONTACT,
        FieldSet.HOUSEHOLD,
        FieldSet.RESOURCES,
        FieldSet.WISHES,
    }
)


@dataclass(frozen=True)
class Reason:
    """One rule that was weighed, and whether it opened, closed or disclosed."""

    code: str
    title: str
    legal_basis: str
    module: str
    version: int
    version_id: int
    is_guard: bool
    holds: bool
    trace: Trace

    @property
    def concerns(self) -> bool:
        """True when the part of a grant that speaks of people is true of this person."""
        people = self.trace.children[:1]
        return bool(people) and people[0].truth is Truth.TRUE


@dataclass(frozen=True)
class Source:
    """A rule written for this person that names a group of data, and the level it gives it."""

    level: Level
    reason: Reason


@dataclass(frozen=True)
class FieldRights:
    """Level of each field set for one principal on one demand, and the rules that name it."""

    levels: Mapping[str, Level]
    sources: Mapping[str, tuple[Source, ...]]

    def level(self, field_set: str) -> str:
        """`none`, `masked`, `read` or `write`."""
        return self.levels.get(field_set, Level.NONE).name.lower()

    def can_read(self, field_set: str) -> bool:
        """True when the values may be shown."""
        return self.levels.get(field_set, Level.NONE).rank >= Level.READ.rank

    def can_read_document(self, kind: str) -> bool:
        """True when a document of this kind may be opened.

        A tax notice or a payslip tells the resources: who may not read those reads neither. The
        scan of the paper form tells all that was declared, a mandate or a judgment who is helped
        and where she lives.
        """
        told = {FieldSet.DOCUMENTS}
        if kind in TELLING_RESOURCES:
            told.add(FieldSet.RESOURCES)
        elif kind == codes.DocumentKind.FORM:
            told |= _FORM_TELLS
        elif kind == codes.DocumentKind.MANDATE:
            told |= {FieldSet.IDENTITY, FieldSet.CONTACT}
        return all(map(self.can_read, told))

    def is_masked(self, field_set: str) -> bool:
        """True when the person may know that there is something, but not what."""
        return self.levels.get(field_set) == Level.MASKED

    def can_write(self, field_set: str) -> bool:
        """True when the values may be changed."""
        return self.levels.get(field_set) == Level.WRITE

    def within(self, other: "FieldRights") -> "FieldRights":
        """What both disclose: for each group of data, the narrower of the two levels."""
        nothing = Level.NONE
        levels = {
            name: min(level, other.levels.get(name, nothing), key=lambda each: each.rank)
            for name, level in self.levels.items()
        }
        return FieldRights(levels, self.sources)

    def may_be_told(self, condition: Condition) -> bool:
        """True when every fact that the condition speaks of may be read."""
        vocabulary = registry.vocabulary()
        groups = (groups_of(vocabulary.fact(code)) for code in facts_used(condition))
        return all(self.can_read(group) for each in groups for group in each)

    def source(self, field_set: str, reader: "FieldRights | None" = None) -> Reason | None:
        """The rule that gives the level, as it may be told to this person or to another `reader`.

        Of several that could have given it, one that speaks of masked data would tell what is
        masked: None. Of one alone, the level tells as much. None too when no rule gives anything.
        """
        named, known = self.sources.get(field_set, ()), reader or self
        given = widest(named)
        could = [each.reason for each in named if each.level == given]
        told = [reason for reason in could if known.may_be_told(reason.trace.condition)]
        giving = [reason for reason in told if reason.holds]
        if giving:
            return giving[0]
        masked = [reason for reason in could if not known.may_be_told(reason.trace.condition)]
        return masked[0] if len(masked) == 1 and given is not Level.NONE else None

    def depends_on_masked(self, field_set: str, reader: "FieldRights") -> bool:
        """True when the level itself would tell another `reader` what is masked to her."""
        named = self.sources.get(field_set, ())
        return not all(reader.may_be_told(each.reason.trace.condition) for each in named)

    def reason(self, field_set: str) -> str:
        """The title of the rule that decides this level."""
        if source := self.source(field_set):
            return source.title
        if widest(self.sources.get(field_set, ())) is Level.NONE:
            return str(_("No rule opens this information to you."))
        return str(_("The rule that says so speaks of data that is masked to you."))


def everything() -> FieldRights:
    """The rights with which somebody takes away all that she declared."""
    return FieldRights(dict.fromkeys(FieldSet, Level.READ), {})


def widest(sources: tuple[Source, ...]) -> Level:
    """The level that the rules true of a demand give to a group of data."""
    held = (source.level for source in sources if source.reason.holds)
    return max(held, key=lambda level: level.rank, default=Level.NONE)
