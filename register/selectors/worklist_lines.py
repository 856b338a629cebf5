"""The lines of a list: what is read and drawn of each demand, through the rights themselves.

Keys come from the list; a demand that the rights do not open, or no longer open, has no line. What
the reader may not know of a demand leaves this module empty. The statements are written once for
the same right.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import BooleanField, Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat

from register import access, bits, codes
from register.access import FieldSet
from register.models import Demand, Person, WishedCommune
from register.principals import Principal
from register.rights import Right, Same
from register.selectors.score_list import Weighed
from rules.statements import Among, statement

PAGE_SIZE = 25
# The groups of data that a line tells; of the first two it reads more than the demand itself.
READ = (FieldSet.IDENTITY, FieldSet.WISHES)
GROUPS = (*READ, FieldSet.HOUSEHOLD, FieldSet.SCORE)


class Shown(NamedTuple):
    """What a line shows of the demand itself: the rest is not read."""

    pk: int
    number: str
    state: str
    received_on: date
    is_sealed: bool
    unborn_count: int
    household_size: int
    # Aged 18 or more, and under 18.
    adults: int
    children: int
    is_dalo: bool
    is_priority: bool
    identity_verified: bool
    # One bit per wished type of home.
    wished_home_types: int


OF_FACTS = {
    "household_size",
    "adults",
    "children",
    "is_dalo",
    "is_priority",
    "identity_verified",
    "wished_home_types",
}
# What is left empty where its group of data may not be read.
TELLING: Mapping[FieldSet, tuple[str, ...]] = {
    FieldSet.HOUSEHOLD: ("household_size", "adults", "children", "unborn_count"),
    FieldSet.SCORE: ("is_dalo", "is_priority"),
    FieldSet.WISHES: ("wished_home_types",),
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
    applicant: str = ""
    home_types: list[str] = field(default_factory=list)
    communes: list[str] = field(default_factory=list)
    # Its points, in a list that is in their order.
    weighed: Weighed | None = None
    # Answers to local questions in words, by question, in exports only; masked ones are absent.
    answers: dict[str, str] = field(default_factory=dict)

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
    def is_dalo(self) -> bool:
        """True for a household that must be housed (DALO), as far as the reader may know."""
        return self.knows_priority and self.demand.is_dalo

    @property
    def is_priority(self) -> bool:
        """True for a recognised priority, as far as the reader may know."""
        return self.knows_priority and self.demand.is_priority

    @property
    def identity_to_check(self) -> bool:
        """True until somebody compared the identity document with the declaration."""
        return not self.demand.identity_verified


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
    wanted = sorted({*GROUPS, *also})
    always = [name for name in wanted if access.reads_all(principal, action, name)]
    asked = [name for name in wanted if name not in always]
    where = Same(access.readable(principal, name) for name in asked)
    opened = statement(_opened, access.reach(principal, action), where)
    found = {}
    for told in opened.rows(keys=keys):
        row = _row(told, always, asked)
        found[row.demand.pk] = row
    return _draw([found[key] for key in keys if key in found])


def _opened(right: Right, flags: Same[Q]) -> QuerySet[Any, Any]:
    """Demands of a right: what their lines show, then whether each of these tests holds."""
    told = {
        f"flag{rank}": Case(
            When(where, then=Value(True)), default=Value(False), output_field=BooleanField()
        )
        for rank, where in enumerate(flags.objects)
    }
    demands = right.demands.filter(_among("pk", "keys")).annotate(**told)
    return demands.values_list(*SHOWN, *told)


def _row(told: Sequence[Any], always: Iterable[FieldSet], asked: Sequence[FieldSet]) -> WorklistRow:
    shown, flags = told[: len(SHOWN)], told[len(SHOWN) :]
    also = (name for name, held in zip(asked, flags, strict=True) if held)
    readable = frozenset((*always, *also))
    hidden: dict[str, Any] = {
        name: 0 for group, names in TELLING.items() if group not in readable for name in names
    }
    row = WorklistRow(demand=Shown(*shown)._replace(**hidden), readable=readable)
    if row.knows_wishes:
        row.home_types = sorted(bits.codes_in(row.demand.wished_home_types, bits.HOME_TYPES))
    return row


def _draw(rows: list[WorklistRow]) -> list[WorklistRow]:
    """Lines with their communes and names, read for the whole page in one query."""
    lines = {row.demand.pk: row for row in rows}
    told = {name: [key for key in lines if name in lines[key].readable] for name in READ}
    details = statement(_details)
    for demand_id, kind, text, _rank in details.rows(**told):
        _ADD[kind](lines[demand_id], text)
    return rows


_ADD: dict[str, Callable[[WorklistRow, str], None]] = {
    "commune": lambda row, name: row.communes.append(name),
    "name": lambda row, name: setattr(row, "applicant", name),
}


def _details() -> QuerySet[Any]:
    identity, wishes = (_among("demand", name) for name in READ)
    communes = WishedCommune.objects.filter(wishes)
    place = Case(
        When(quarter__isnull=True, then=F("commune__name")),
        default=Concat(F("commune__name"), Value(" – "), F("quarter__name")),
        output_field=CharField(),
    )
    applicants = Person.objects.filter(identity, role=codes.PersonRole.APPLICANT)
    last_name = Case(When(used_name="", then=F("birth_name")), default=F("used_name"))
    parts = [
        _detail(communes, "commune", place, F("position")),
        _detail(applicants, "name", Concat(last_name, Value(" "), F("first_names")), Value(0)),
    ]
    return parts[0].union(*parts[1:], all=True).order_by("demand_id", "kind", "rank", "text")


def _among(path: str, name: str) -> Among:
    """The rows of the demands that are given when the statement runs."""
    return Among(path, name, Demand._meta.pk)


def _detail(rows: QuerySet[Any], kind: str, text: Any, rank: Any) -> QuerySet[Any]:
    named = rows.order_by().annotate(
        kind=Value(kind, output_field=CharField()),
        text=Cast(text, CharField(max_length=220)),
        rank=rank,
    )
    return named.values_list("demand_id", "kind", "text", "rank")
