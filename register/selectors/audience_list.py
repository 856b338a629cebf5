"""Pages and counts of demands read from the audience index, along a plan (`register.audiences`).

Every statement walks covering indexes only. Pieces of a page may overlap: the same demand comes out
equal from each and is kept once. Pieces of a count are made disjoint and added up.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from register.audiences import STATE, Apart, Piece, Plan, ranges, under, under_any
from register.models import LIVE_STATES, Demand, DemandAudience
from register.models.facts import wishes
from rules.statements import NOTHING, Slot, Statement, compiled, statement

# Beyond so many overlapping pieces, they are no longer set apart from one another to be counted.
MOST_APART = 12
# Pieces, times departments, that are looked up one by one.
MOST_LOOKS = 64
# A demand and its sort value.
Key = tuple[int, date | int]
# Where a page begins: after this sort value and demand, or those given when it is read.
Start = tuple[Any, Any]


@dataclass(frozen=True)
class Order:
    """A path of demands to sort by, and the direction."""

    path: str
    descending: bool

    @property
    def column(self) -> str:
        """The column of audience rows that copies it."""
        return self.path.removeprefix("facts__")


@dataclass(frozen=True)
class Wanted:
    """What is looked for, as tests of audience rows.

    `few` are the demands found outside the index, already filtered. `sought` is a test that the
    index does not answer alone: see `search_list`.
    """

    states: tuple[str, ...]
    tests: tuple[Q, ...]
    home_type: str
    few: QuerySet[Demand] | None = None
    sought: Q | None = None


@dataclass(frozen=True, eq=False)
class IndexedList:
    """A list that was asked for, along the plan of a right: its pages and its count.

    Whoever keeps it keeps the statements written for it, and no answer.
    """

    plan: Plan
    wanted: Wanted

    def keys(self, order: Order, start: Start | None, limit: int) -> list[Key]:
        """The first demands in this order, from this start on, with their sort value."""
        page = statement(_page, self, order, start is not None, limit)
        value, demand = start or (None, None)
        return page.rows(value=value, demand=demand)  # type: ignore[return-value]

    def count(self, cap: int) -> tuple[int, bool]:
        """How many demands there are, and whether counting stopped before the end."""
        counts: dict[int, int] = dict(statement(_count, self, cap).rows())  # type: ignore[arg-type]
        stopped = any(number > cap for rank, number in counts.items() if rank < 0)
        return sum(counts.values()), stopped


def _page(asked: IndexedList, order: Order, is_resumed: bool, limit: int) -> Statement:
    start = None
    if is_resumed:
        column: Any = DemandAudience._meta.get_field(order.column)
        start = Slot("value", column), Slot("demand", Demand._meta.pk)
    return page_of(asked, order, start, limit)


def page_of(asked: IndexedList, order: Order, start: Start | None, limit: int) -> Statement:
    """Each piece in order from this start on, then each demand once."""
    wanted = asked.wanted
    found: list[QuerySet[Any, Any]] = []
    for rows in _listed(asked):
        rows = after(rows, order, start)
        found.append(rows.values_list("demand_id", order.column)[:limit])
    if wanted.few is not None:
        few = after(wanted.few, order, start)
        found.append(few.values_list("pk", order.path)[:limit])
    return _merged(found, order, limit)


def _listed(asked: IndexedList) -> Iterator[QuerySet[DemandAudience]]:
    """The rows of each piece that answer every filter."""
    for piece in asked.plan.pieces:
        rows = _wished(_rows(piece, asked.wanted), asked.wanted)
        if rows is not None:
            yield rows if asked.wanted.sought is None else rows.filter(asked.wanted.sought)


def rows_together(asked: IndexedList) -> Iterator[QuerySet[DemandAudience]]:
    """The same rows, whatever was sought: pieces of the same tests in one query, in no order."""
    alike: dict[tuple[Any, ...], list[Piece]] = {}
    for piece in asked.plan.pieces:
        alike.setdefault((piece.tests, piece.also), []).append(piece)
    for pieces in alike.values():
        where = under_any([piece.key for piece in pieces])
        rows = _wished(_rows(pieces[0], asked.wanted, where), asked.wanted)
        if rows is not None:
            yield rows


def met_in(asked: IndexedList, departments: Sequence[str]) -> Iterator[Piece]:
    """The pieces that may have rows of these departments: one look into an index for each.

    The first department from each of these on is read: a walk to the end of a piece is not.
    """
    pieces = asked.plan.pieces
    if len(pieces) * len(departments) > MOST_LOOKS:
        yield from pieces
        return
    standing = {"is_live__in": _standing(asked.wanted.states)["is_live__in"]}
    looks = []
    for rank, piece in enumerate(pieces):
        rows = DemandAudience.objects.filter(under(piece.key), **standing).order_by("department")
        for code in departments:
            first = rows.filter(department__gte=code).values_list(Value(rank), "department")
            looks.append(compiled(first[:1]))
    together = " UNION ALL ".join(
        f"SELECT * FROM ({one.text}) AS look{n}"  # noqa: S608
        for n, one in enumerate(looks)
    )
    values = tuple(value for one in looks for value in one.values)
    told = Statement(together, values, {}).rows_once()
    met = {rank for rank, code in told if code in departments}
    yield from (piece for rank, piece in enumerate(pieces) if rank in met)


def _wished(
    rows: QuerySet[DemandAudience] | None, wanted: Wanted
) -> QuerySet[DemandAudience] | None:
    return rows if rows is None or not wanted.home_type else rows.filter(wishes(wanted.home_type))


def _count(asked: IndexedList, cap: int) -> Statement:
    """One line per part: its number, below zero for those that stop at the cap, and its rows."""
    plan, wanted = asked.plan, asked.wanted
    if plan.overlapping > MOST_APART:
        return _count_together(asked, cap)
    quick: list[QuerySet[Any, Any]] = []
    slow: list[QuerySet[Any, Any]] = []
    for part in plan.disjoint():
        for rows in _counted(part, wanted):
            (quick if part.is_quick else slow).append(rows.order_by().values_list(Value(1)))
    if wanted.few is not None:
        few = wanted.few
        for piece in plan.pieces:
            few = few.exclude(Exists(_same_demand(piece, OuterRef("pk"))))
        slow.append(few.order_by().values_list(Value(1)))
    numbered = [*enumerate(quick), *((-1 - n, rows[: cap + 1]) for n, rows in enumerate(slow))]
    parts = [(number, one) for number, rows in numbered if (one := compiled(rows)).text]
    counted = [f"SELECT {n}, COUNT(*) FROM ({one.text}) AS piece" for n, one in parts]  # noqa: S608
    values = tuple(value for _n, one in parts for value in one.values)
    return Statement(" UNION ALL ".join(counted), values, {})


def _count_together(asked: IndexedList, cap: int) -> Statement:
    """The demands of many pieces, each read to the cap at most: exact where none reaches it."""
    found: list[QuerySet[Any, Any]] = [rows.values_list("demand_id") for rows in _listed(asked)]
    if asked.wanted.few is not None:
        found.append(asked.wanted.few.values_list("pk"))
    parts = [one for rows in found if (one := compiled(rows.order_by()[: cap + 1])).text]
    if not parts:
        return NOTHING
    # Only compiled queries and numbers are put in the text.
    together = " UNION ".join(
        f"SELECT * FROM ({one.text}) AS piece{n}"  # noqa: S608
        for n, one in enumerate(parts)
    )
    values = tuple(value for one in parts for value in one.values)
    return Statement(f"SELECT -1, COUNT(*) FROM ({together}) AS pieces", values, {})  # noqa: S608


def _rows(piece: Piece, wanted: Wanted, where: Q | None = None) -> QuerySet[DemandAudience] | None:
    """Rows of a piece that answer the filters, but for the type of home; None for none at all.

    `where` puts other audiences in the place of the piece's own.
    """
    where = under(piece.key) if where is None else where
    rows = DemandAudience.objects.filter(where, **_standing(wanted.states))
    for test in (*piece.tests, *wanted.tests):
        known = _known(test, wanted.states)
        if known is False:
            return None
        if known is None:
            rows = rows.filter(test)
    return rows.filter(_also(piece)) if piece.also else rows


def _standing(states: tuple[str, ...]) -> dict[str, Any]:
    live = {state in LIVE_STATES for state in states}
    # Said as a list: "is_live" alone is no key of an index for SQLite.
    found: dict[str, Any] = {"is_live__in": sorted(live)}
    every = set(LIVE_STATES) if live == {True} else None
    return found if set(states) == every else {**found, f"{STATE}__in": states}


def _counted(part: Apart, wanted: Wanted) -> Iterator[QuerySet[DemandAudience]]:
    rows = _rows(part.piece, wanted)
    if rows is None:
        return
    for test in part.without:
        rows = rows.filter(test)
    for other in part.besides:
        rows = rows.exclude(Exists(_same_demand(other, OuterRef("demand_id"))))
    if part.piece.prefix == "dep":
        # What the counting index goes by after the audience.
        rows = rows.filter(department=part.piece.code)
    if wanted.home_type:
        rows = rows.filter(wishes(wanted.home_type))
    for departments in ranges(part.departments):
        yield rows.filter(departments)


def _same_demand(piece: Piece, demand: Any) -> QuerySet[DemandAudience]:
    rows = DemandAudience.objects.filter(*piece.tests, under(piece.key), demand=demand)
    return rows.filter(_also(piece)) if piece.also else rows


def _also(piece: Piece) -> Exists:
    found = under_any(sorted(piece.also))
    return Exists(DemandAudience.objects.filter(found, demand=OuterRef("demand_id")))


def after(rows: QuerySet[Any], order: Order, start: Start | None) -> QuerySet[Any]:
    """Demands, or audience rows, in this order from this start on; equal ones by their key."""
    of_demands = rows.model is Demand
    key, column = ("pk", order.path) if of_demands else ("demand_id", order.column)
    if start is not None:
        compare = "lt" if order.descending else "gt"
        value, demand = start
        # The first test alone lets the index find its place; the second removes equal rows seen.
        rows = rows.filter(
            Q((f"{column}__{compare}e", value))
            & (Q((f"{column}__{compare}", value)) | Q((f"{key}__{compare}", demand)))
        )
    sign = "-" if order.descending else ""
    return rows.order_by(f"{sign}{column}", f"{sign}{key}")


def in_order(found: Iterable[Key], order: Order, start: Start | None) -> list[Key]:
    """The same of demands that were read already, with their sort value."""
    places = sorted(((value, key) for key, value in found), reverse=order.descending)
    if start is not None:
        places = [p for p in places if (p < start if order.descending else p > start)]
    return [(key, value) for value, key in places]


def _known(test: Q, states: tuple[str, ...]) -> bool | None:
    """What a test answers for each of these states, when they alone decide; None otherwise."""
    answers = {_answer(test, state) for state in states}
    return answers.pop() if len(answers) == 1 else None


def _answer(test: Q, state: str) -> bool | None:
    answers = [
        _answer(child, state) if isinstance(child, Q) else _compared(child, state)
        for child in test.children
    ]
    decisive = test.connector == Q.OR
    if decisive in answers:
        found: bool | None = decisive
    else:
        found = None if None in answers else not decisive
    return found if found is None or not test.negated else not found


def _compared(child: Any, state: str) -> bool | None:
    path, value = child
    if path == "demand__in" and not value:
        return False
    if path == STATE:
        return bool(state == value)
    return state in value if path == f"{STATE}__in" else None


def _merged(found: list[QuerySet[Any, Any]], order: Order, limit: int) -> Statement:
    parts = [part for part in map(compiled, found) if part.text]
    if len(parts) < 2:
        return parts[0] if parts else NOTHING
    way = "DESC" if order.descending else "ASC"
    # Only compiled queries, numbers and the words above are put in the text.
    together = " UNION ALL ".join(
        f"SELECT * FROM ({part.text}) AS piece{n}"  # noqa: S608
        for n, part in enumerate(parts)
    )
    text = f"SELECT DISTINCT * FROM ({together}) AS pieces ORDER BY 2 {way}, 1 {way} LIMIT {limit}"  # noqa: S608
    values = tuple(value for part in parts for value in part.values)
    return Statement(text, values, parts[0].converters)
