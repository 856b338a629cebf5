"""The lines of a list: what is read and drawn of each demand, through the rights themselves.

Keys come from the list; a demand that the rights do not open, or no longer open, has no line. What
the reader may not know of a demand leaves this module empty. A page is one statement, written once
for the same right: names and places are copied in the facts of the demand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from register import access, bits
from register.access import FieldSet
from register.models import Demand
from register.principals import Principal
from register.rights import Right, Same
from register.selectors.exported_answers import Exported
from register.selectors.missing import LABELS, TELLS, Declared, Lack, lacks_of_each, may_wait
from register.selectors.score_list import Weighed
from rules.statements import Among, statement

PAGE_SIZE = 25
# The groups of data that a line tells.
GROUPS = (FieldSet.IDENTITY, FieldSet.WISHES, FieldSet.HOUSEHOLD, FieldSet.SCORE)
# Those that what is missing tells besides.
OF_MISSING = frozenset({*TELLS.values(), FieldSet.DOCUMENTS})


class Shown(NamedTuple):
    """What a line shows of the demand itself: the rest is not read."""

    pk: int
    number: str
    state: str
    received_on: date
    is_sealed: bool
    unborn_count: int
    is_association: bool
    # None for an association.
    household_size: int | None
    # Aged 18 or more, and under 18.
    adults: int | None
    children: int | None
    is_dalo: bool
    is_priority: bool
    identity_verified: bool | None
    # One bit per wished type of home.
    wished_home_types: int
    # One wished place a line.
    wished_places: str
    applicant_name: str
    # The year N-2 of the incomes, and what they come to in a year: both for what is missing.
    tax_year: int | None
    annual_income: Decimal | None
    # True of those whose papers are to be looked at.
    may_wait: bool


OF_FACTS = {
    "household_size",
    "adults",
    "children",
    "is_dalo",
    "is_priority",
    "identity_verified",
    "wished_home_types",
    "wished_places",
    "applicant_name",
    "annual_income",
}
# What is left empty where its group of data may not be read.
TELLING: Mapping[FieldSet, Mapping[str, object]] = {
    FieldSet.IDENTITY: {"applicant_name": ""},
    FieldSet.WISHES: {"wished_home_types": 0, "wished_places": ""},
    FieldSet.HOUSEHOLD: dict.fromkeys(("household_size", "adults", "children", "unborn_count"), 0),
    FieldSet.SCORE: {"is_dalo": False, "is_priority": False},
    FieldSet.RESOURCES: {"annual_income": None, "tax_year": None},
}
# Where each of them is read, in the same order.
SHOWN = tuple(f"facts__{name}" if name in OF_FACTS else name for name in Shown._fields)


@dataclass
class WorklistRow:
    """One demand as a line of the list.

    What is of a group of data that the reader may not read stays empty.
    """

    demand: Shown
    readable: frozenset[FieldSet] = frozenset()
    # Its points, in a list that is in their order.
    weighed: Weighed | None = None
    # What it lacks, as far as the reader may know, in lists that say it.
    lacks: tuple[Lack, ...] = ()
    # Answers to local questions in words, by question, in exports only; masked ones are absent.
    answers: dict[str, str] = field(default_factory=dict)
    # Answers of the form that were asked for, likewise; those not given are absent too.
    given: Mapping[str, Exported] = field(default_factory=dict)

    @property
    def knows_household(self) -> bool:
        """True when the reader may know who is to be housed."""
        return FieldSet.HOUSEHOLD in self.readable

    @property
    def knows_wishes(self) -> bool:
        """True when the reader may know the home wished."""
        return FieldSet.WISHES in self.readable

    @property
    def knows_priority(self) -> bool:
        """True when the reader may know whether the demand has priority."""
        return FieldSet.SCORE in self.readable

    @property
    def applicant(self) -> str:
        """The name of the applicant, last name first."""
        return self.demand.applicant_name

    @property
    def home_types(self) -> list[str]:
        """The codes of the wished types of home, the smallest first."""
        return sorted(bits.codes_in(self.demand.wished_home_types, bits.HOME_TYPES))

    @property
    def communes(self) -> list[str]:
        """The wished communes, with the quarter wished in them, in order of preference."""
        return self.demand.wished_places.splitlines()

    @property
    def is_dalo(self) -> bool:
        """True for a household that must be housed (DALO), as far as the reader may know."""
        return self.knows_priority and self.demand.is_dalo

    @property
    def is_priority(self) -> bool:
        """True for a recognised priority, as far as the reader may know."""
        return self.knows_priority and self.demand.is_priority

    @property
    def missing(self) -> list[str]:
        """What it lacks, in words."""
        return [str(LABELS[lack]) for lack in self.lacks]


def read_lines(
    principal: Principal,
    action: access.Action,
    keys: Sequence[int],
    also: Iterable[FieldSet] = (),
) -> list[WorklistRow]:
    """The lines of these demands in this order, of those open to the principal for this action.

    Each with the groups of data that may be read of it, `also` among them: asked of each only if
    they differ.
    """
    if not keys:
        return []
    wanted = {*GROUPS, *also}
    always = access.read_in_all(principal, action, wanted)
    asked = sorted(wanted - always)
    where = Same(access.readable(principal, name) for name in asked)
    opened = statement(_opened, access.reach(principal, action), where)
    masks: dict[Sequence[bool], _Mask] = {}
    found = {}
    for told in opened.rows(keys=keys):
        flags = told[len(SHOWN) :]
        if flags not in masks:
            masks[flags] = _mask(always, asked, flags)
        readable, blank = masks[flags]
        shown = Shown._make(told[: len(SHOWN)])
        found[shown.pk] = WorklistRow(shown._replace(**blank) if blank else shown, readable)
    return [found[key] for key in keys if key in found]


def say_what_is_missing(rows: Sequence[WorklistRow]) -> None:
    """Write on these lines, read with the groups `OF_MISSING`, what each demand lacks."""
    declared = {
        row.demand.pk: Declared(
            row.demand.is_association,
            row.demand.identity_verified,
            row.demand.annual_income,
            row.demand.tax_year,
            row.demand.received_on,
        )
        for row in rows
    }
    readable = {row.demand.pk: row.readable for row in rows}
    lacks = lacks_of_each(declared, readable, [r.demand.pk for r in rows if r.demand.may_wait])
    for row in rows:
        row.lacks = lacks[row.demand.pk]


def _opened(right: Right, flags: Same[Q]) -> QuerySet[Any, Any]:
    """Demands of a right: what their lines show, then whether each of these tests holds."""
    told = {f"flag{rank}": _holds(where) for rank, where in enumerate(flags.objects)}
    demands = right.demands.filter(Among("pk", "keys", Demand._meta.pk))
    demands = demands.annotate(may_wait=_holds(may_wait()), **told)
    return demands.values_list(*SHOWN, *told)


def _holds(where: Q) -> Case:
    return Case(When(where, then=Value(True)), default=Value(False), output_field=BooleanField())


# The groups of data that may be read in a line, and what is left empty in it.
_Mask = tuple[frozenset[FieldSet], Mapping[str, Any]]


def _mask(always: frozenset[FieldSet], asked: Sequence[FieldSet], flags: Sequence[bool]) -> _Mask:
    readable = always.union(name for name, held in zip(asked, flags, strict=True) if held)
    blank: dict[str, Any] = {}
    for group, empty in TELLING.items():
        if group not in readable:
            blank |= empty
    return readable, blank
