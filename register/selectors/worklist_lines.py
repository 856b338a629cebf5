"""The lines of a list: what is read and drawn of each demand, through the rights themselves.

Keys come from the list; a demand that the rights do not open, or no longer open, has no line. What
the reader may not know of a demand is not read. The statements are written once for the same right.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import BooleanField, Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.db.models.lookups import In

from register import access, clock, codes
from register.models import Demand, DemandFacts, Person, WishedCommune, WishedType
from register.principals import Principal
from register.rights import Right, Same
from register.selectors.worklist_filter import months_before
from rules.statements import Slot, statement

PAGE_SIZE = 25
ADULT_AGE_MONTHS = 18 * 12
# The key of no demand.
NOBODY = 0
IDENTITY = "identity_readable"
# What a line shows of the demand itself: the rest is not read.
OF_DEMAND = ("id", "number", "state", "received_on", "is_sealed", "unborn_count")
OF_FACTS = ("demand_id", "household_size", "identity_verified", "is_priority", "is_dalo")


@dataclass
class WorklistRow:
    """One demand as a line of the list."""

    demand: Demand
    # Stays empty when the reader may not know it: it is then not even read.
    applicant: str = ""
    home_types: list[str] = field(default_factory=list)
    communes: list[str] = field(default_factory=list)
    adults: int = 0
    children: int = 0
    # Answers to local questions in words, by question, in exports only; masked ones are absent.
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def identity_to_check(self) -> bool:
        """True until somebody compared the identity document with the declaration."""
        return not self.demand.facts.identity_verified


def read_lines(
    principal: Principal,
    action: access.Action,
    keys: Sequence[int],
    sets: Mapping[str, Q] | None = None,
) -> list[WorklistRow]:
    """The lines of these demands in this order, of those open to the principal for this action.

    `sets` are more things to know of each demand: under which attribute, and where it is true.
    """
    if not keys:
        return []
    told = {IDENTITY: access.readable(principal, "identity"), **(sets or {})}
    size = max(len(keys), PAGE_SIZE)
    right = access.reach(principal, action)
    opened = statement(_opened, right, Same(told.values()), tuple(told), size)
    found = {row[0]: _demand(row, tuple(told)) for row in opened.rows(keys=_filled(keys, size))}
    return _draw([found[key] for key in keys if key in found], size)


def _opened(right: Right, sets: Same[Q], names: tuple[str, ...], size: int) -> QuerySet[Any, Any]:
    """Demands of a right, with what their lines show."""
    told = {
        name: Case(When(where, then=Value(True)), default=Value(False), output_field=BooleanField())
        for name, where in zip(names, sets.objects, strict=True)
    }
    demands = right.demands.filter(_among("pk", "keys", size)).annotate(**told)
    return demands.values_list(*OF_DEMAND, *(f"facts__{name}" for name in OF_FACTS), *told)


def _demand(row: Sequence[Any], names: tuple[str, ...]) -> Demand:
    own, rest = row[: len(OF_DEMAND)], row[len(OF_DEMAND) :]
    demand = Demand.from_db(DEFAULT_DB_ALIAS, OF_DEMAND, own)
    demand.facts = DemandFacts.from_db(DEFAULT_DB_ALIAS, OF_FACTS, rest[: len(OF_FACTS)])
    for name, value in zip(names, rest[len(OF_FACTS) :], strict=True):
        setattr(demand, name, value)
    return demand


def _filled(keys: Sequence[int], size: int) -> list[int]:
    """As many keys as the statement has places."""
    return [*keys, *[NOBODY] * (size - len(keys))]


def _draw(demands: list[Demand], size: int) -> list[WorklistRow]:
    """Lines with their wishes and people, read for the whole page in one query."""
    rows = {demand.pk: WorklistRow(demand=demand) for demand in demands}
    named = [d.pk for d in demands if d.identity_readable]  # type: ignore[attr-defined]
    details = statement(_details, grown_up(), size)
    for demand_id, kind, text, _rank in details.rows(
        shown=_filled(list(rows), size), named=_filled(named, size)
    ):
        _ADD[kind](rows[demand_id], text)
    return list(rows.values())


def _add_person(row: WorklistRow, age: str) -> None:
    if age == "adult":
        row.adults += 1
    else:
        row.children += 1


_ADD: dict[str, Callable[[WorklistRow, str], None]] = {
    "commune": lambda row, name: row.communes.append(name),
    "name": lambda row, name: setattr(row, "applicant", name),
    "person": _add_person,
    "type": lambda row, code: row.home_types.append(code),
}


def grown_up() -> date:
    """Whoever was born later is a child."""
    return months_before(clock.today(), ADULT_AGE_MONTHS)


def _details(grown_up: date, size: int) -> QuerySet[Any]:
    shown, named = _among("demand", "shown", size), _among("demand", "named", size)
    types = WishedType.objects.filter(shown)
    communes = WishedCommune.objects.filter(shown)
    people = Person.objects.filter(shown)
    applicants = Person.objects.filter(named, role=codes.PersonRole.APPLICANT)
    last_name = Case(When(used_name="", then=F("birth_name")), default=F("used_name"))
    age = Case(When(birth_date__gt=grown_up, then=Value("child")), default=Value("adult"))
    parts = [
        _detail(types, "type", F("code"), Value(0)),
        _detail(communes, "commune", F("commune__name"), F("position")),
        _detail(people, "person", age, F("position")),
        _detail(applicants, "name", Concat(last_name, Value(" "), F("first_names")), Value(0)),
    ]
    return parts[0].union(*parts[1:], all=True).order_by("demand_id", "kind", "rank", "text")


def _among(path: str, name: str, size: int) -> In:
    """The rows of the demands that are given when the statement runs."""
    return In(F(path), [Slot(name, Demand._meta.pk, place) for place in range(size)])


def _detail(rows: QuerySet[Any], kind: str, text: Any, rank: Any) -> QuerySet[Any]:
    named = rows.order_by().annotate(
        kind=Value(kind, output_field=CharField()),
        text=Cast(text, CharField(max_length=220)),
        rank=rank,
    )
    return named.values_list("demand_id", "kind", "text", "rank")
