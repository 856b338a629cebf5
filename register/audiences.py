"""Reads from a right which rows of the audience index it opens: the fast path of lists and counts.

The right stays defined once, by the rules (`access.reach`). When its formula only speaks of
audiences and of columns that audience rows copy, its rows are those of a few audience keys, and
this module names them; when it does not, there is no plan and `access.scope` serves.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import and_, or_
from typing import Any

from django.db.models import Q

from register.models import DemandAudience
from register.territories import territory_tree
from register.vocabulary.lookups import audiences_of
from rules.formulas import Formula, Group, Lookup
from rules.plan import Alternative, alternatives
from rules.territories import QUARTER

# Relations of rules that hold for a few demands only: they are looked up, never indexed.
FEW = frozenset(
    {
        "account",
        "mandate",
        "mandate_answer",
        "mandate_modify",
        "mandate_represent",
        "share",
        "person_share",
    }
)
# Several territories are merged key by key; beyond, the query of the rule itself is better.
MOST_KEYS = 64
# Audiences of which every demand has exactly one, with the column that holds it.
SINGLE = {"dep": "department", "org": "registered_by"}
# From the coarsest to the finest: what comes first needs no other.
ORDER = ("dep", "agr", "epci", "commune", "quarter", "org")
COPIED = frozenset(
    field.name
    for field in DemandAudience._meta.concrete_fields
    if field.name not in ("demand", "audience", "quarter")
)
# An association names no household, and shows no identity document.
UNKNOWN_AT_TIMES = frozenset({"household_size", "identity_verified"})
ASSOCIATION = "is_association"
# Between quarters of one commune that are read together.
BESIDE = "+"
NEVER = Q(demand__in=[])
NO_COMPOSITE: Mapping[str, frozenset[str]] = {}
# Not copied: audience rows say "live" only. Tests of it read the demand itself.
STATE = "demand__state"
TESTED = {*COPIED, STATE}
NAMES = {"department_id": "department", "registered_by_id": "registered_by", "state": STATE}


@dataclass(frozen=True)
class Piece:
    """Rows of one audience that pass tests of their columns.

    `also` are other audiences, in one of which the demand must be found too.
    """

    key: str
    tests: frozenset[Q] = frozenset()
    also: frozenset[str] = frozenset()

    @property
    def prefix(self) -> str:
        """The kind of audience."""
        return self.key.partition(":")[0]

    @property
    def code(self) -> str:
        """The code of the territory or body."""
        return self.key.partition(":")[2]

    @property
    def single(self) -> Q | None:
        """The same key as a test of a column, if every demand has exactly one of its kind."""
        if self.prefix not in SINGLE or self.also:
            return None
        return Q((SINGLE[self.prefix], int(self.code) if self.prefix == "org" else self.code))

    def misses(self, other: "Piece") -> bool:
        """True when no demand can be in both."""
        both = self.prefix == other.prefix and self.single is not None
        return both and self.key != other.key


@dataclass(frozen=True)
class Apart:
    """A piece without what the pieces before it hold, so that pieces can be added up.

    `departments` are those already open; `without` are tests that must fail; `besides` are pieces
    that only a look into the index tells apart.
    """

    piece: Piece
    departments: frozenset[str] = frozenset()
    without: frozenset[Q] = frozenset()
    besides: tuple[Piece, ...] = ()

    @property
    def is_quick(self) -> bool:
        """True when one walk along an index counts it: no index covers quarters."""
        return not self.besides and not self.piece.also and self.piece.prefix != QUARTER


@dataclass(frozen=True)
class Plan:
    """Pieces of the index, from the coarsest to the finest, and what is found outside it."""

    pieces: tuple[Piece, ...]
    few: Formula = False

    def disjoint(self) -> Iterator[Apart]:
        """The pieces, each without what those before it hold."""
        for rank, piece in enumerate(self.pieces):
            before = [other for other in self.pieces[:rank] if not piece.misses(other)]
            departments: set[str] = set()
            without: set[Q] = set()
            besides: list[Piece] = []
            for other in before:
                more = other.tests - piece.tests
                if other.key == piece.key and not other.also:
                    without.add(~reduce(and_, more or {~NEVER}))
                elif other.single is None:
                    besides.append(other)
                elif other.prefix == "dep" and not more:
                    departments.add(other.code)
                else:
                    without.add(~reduce(and_, [other.single, *more]))
            yield Apart(piece, frozenset(departments), frozenset(without), tuple(besides))

    @property
    def is_quick(self) -> bool:
        """True when walks along an index count it exactly."""
        return all(part.is_quick for part in self.disjoint())

    @property
    def overlapping(self) -> int:
        """How many pieces share demands with others: departments and bodies never do."""
        return _overlapping(self.pieces)

    def within(self, key: str) -> "Plan":
        """The same rights among the demands of one audience, which then leads."""
        above = {key, *territory_tree().chain(key)[1:]}
        every: list[frozenset[Q]] = []
        straight: list[Q] = []
        crossed: dict[frozenset[Q], set[str]] = {}
        for piece in self.pieces:
            if piece.key in above and not piece.also:
                every.append(piece.tests)
            elif _commune_of(piece) == key:
                straight.append(reduce(and_, piece.tests, under(piece.key)))
            elif piece.single is not None:
                if piece.prefix != "dep" or not any(each.startswith("dep:") for each in above):
                    straight.append(reduce(and_, piece.tests, piece.single))
            else:
                crossed.setdefault(piece.tests, set()).add(piece.key)
        straight += [reduce(and_, tests, ~NEVER) for tests in every]
        led = [Piece(key, frozenset({reduce(or_, straight)}))] if straight else []
        # Looked up once for all the audiences of the same tests, and not where all of it is open.
        looked_up = [
            Piece(key, tests, frozenset(keys))
            for tests, keys in crossed.items()
            if not any(wider <= tests for wider in every)
        ]
        return Plan((*led, *looked_up), self.few)


def plan_of(
    opened: Formula, composites: Mapping[str, frozenset[str]] = NO_COMPOSITE
) -> Plan | None:
    """The plan of a right; None when the index cannot answer it.

    `composites` are audiences built for one body: the keys that each stands for.
    """
    found = alternatives(opened)
    if found is None:
        return None
    pieces: list[Piece] = []
    few: list[Formula] = []
    for each in found:
        if any(lookup.relation in FEW and not lookup.absent for lookup in each.lookups):
            few.append(Group(True, (*each.lookups, *each.tests)))
            continue
        opened_by = _pieces(each, composites)
        if opened_by is None:
            return None
        pieces += opened_by
    if any(piece.prefix not in ORDER for piece in pieces):
        return None
    if _overlapping(pieces) > MOST_KEYS:
        return None
    others: Formula = Group(False, tuple(few)) if few else False
    return Plan(tuple(_tidied(pieces)), others)


def _overlapping(pieces: Iterable[Piece]) -> int:
    return sum(1 for piece in pieces if piece.single is None)


def plan_of_keys(keys: frozenset[str]) -> Plan:
    """The plan of whoever may read every demand of these audiences."""
    return Plan(tuple(_tidied(Piece(key) for key in _keys(keys, NO_COMPOSITE))))


def on_copies(test: Q) -> Q | None:
    """The same test on audience rows, by what they copy and by the state; None otherwise."""
    children = []
    for child in test.children:
        if isinstance(child, Q):
            told = on_copies(child)
        elif isinstance(child, tuple):
            told = _on_copy(*child)
        else:
            return None
        if told is None:
            return None
        children.append(told)
    # What may be unknown keeps its test of that, so that "not" has one meaning only.
    return Q(*children, _connector=test.connector, _negated=test.negated)


def _on_copy(path: str, value: Any) -> Q | None:
    name, _separator, lookup = path.removeprefix("facts__").partition("__")
    name = NAMES.get(name, name)
    if name == ASSOCIATION and isinstance(value, bool):
        # Known of whoever applies; the copy that is not known of an association tells which.
        asked = {"": Q(household_size__isnull=value), "isnull": NEVER if value else ~NEVER}
        return asked.get(lookup)
    if name not in TESTED or hasattr(value, "resolve_expression"):
        return None
    if lookup == "isnull" and name not in UNKNOWN_AT_TIMES:
        return NEVER if value else ~NEVER
    return Q((f"{name}__{lookup}" if lookup else name, value))


def _pieces(found: Alternative, composites: Mapping[str, frozenset[str]]) -> list[Piece] | None:
    tests = [on_copies(test) for test in found.tests]
    drivers: list[Lookup] = []
    for lookup in found.lookups:
        if lookup.relation != "audience":
            return None
        single = _as_columns(lookup)
        if lookup.absent:
            tests.append(None if single is None else ~single)
        elif single is not None and drivers:
            tests.append(single)
        else:
            drivers.append(lookup)
    # A lookup by columns gives way to one that needs the index.
    by_column = [lookup for lookup in drivers if _as_columns(lookup) is not None]
    if len(drivers) == 2 and len(by_column) == 1:
        drivers.remove(by_column[0])
        tests.append(_as_columns(by_column[0]))
    if len(drivers) != 1 or any(test is None for test in tests):
        return None
    kept = frozenset(test for test in tests if test is not None and test != ~NEVER)
    return [Piece(key, kept) for key in _keys(drivers[0].keys, composites)]


def _as_columns(lookup: Lookup) -> Q | None:
    singles = [Piece(key).single for key in sorted(lookup.keys)]
    if any(single is None for single in singles):
        return None
    return reduce(or_, [single for single in singles if single is not None])


def _keys(wanted: frozenset[str], composites: Mapping[str, frozenset[str]]) -> list[str]:
    """The fewest keys that stand for these: built audiences first, then territories that hold."""
    wanted = frozenset(each for key in wanted for each in audiences_of(key))
    left, chosen = set(wanted), []
    for composite, keys in composites.items():
        if keys <= wanted and keys & left:
            chosen.append(composite)
            left -= keys
    tree = territory_tree()
    held = {key for key in left if any(above in wanted for above in _holders(tree, key))}
    return sorted([*chosen, *_together(left - held)])


def _commune_of(piece: Piece) -> str:
    """The audience of the commune that holds the quarters of a piece; "" for any other piece."""
    commune = territory_tree().commune_of(piece.code.split(BESIDE)[0])
    return f"commune:{commune}" if piece.prefix == QUARTER and not piece.also else ""


def _together(keys: Iterable[str]) -> Iterator[str]:
    """The same keys, with the quarters of one commune in one: they are counted in one walk."""
    quarters: dict[str, list[str]] = {}
    for key in sorted(keys):
        prefix, _colon, code = key.partition(":")
        if prefix == QUARTER:
            quarters.setdefault(territory_tree().commune_of(code), []).append(code)
        else:
            yield key
    yield from (f"{QUARTER}:{BESIDE.join(codes)}" for codes in quarters.values())


def _holders(tree: Any, key: str) -> Iterable[str]:
    """The territories under which every demand that wishes this one is found too."""
    return (above for above in tree.chain(key)[1:] if not above.startswith("region:"))


def under(key: str) -> Q:
    """The rows of an audience; a quarter's are those of its commune that wish it, or the whole."""
    prefix, _colon, code = key.partition(":")
    if prefix != QUARTER:
        return Q(audience=key)
    codes = code.split(BESIDE)
    commune = territory_tree().commune_of(codes[0])
    return Q(audience=f"commune:{commune}", quarter__in=["", *codes]) if commune else NEVER


def under_any(keys: Iterable[str]) -> Q:
    """The rows of any of these audiences."""
    whole = [key for key in keys if not key.startswith(f"{QUARTER}:")]
    parts = [under(key) for key in keys if key.startswith(f"{QUARTER}:")]
    return reduce(or_, parts, Q(audience__in=whole))


def _tidied(pieces: Iterable[Piece]) -> list[Piece]:
    """From the coarsest to the finest, without those that another one holds."""
    ordered = sorted(
        dict.fromkeys(pieces), key=lambda p: (ORDER.index(p.prefix), len(p.tests), p.key)
    )
    return [
        piece
        for piece in ordered
        if not any(other.key == piece.key and other.tests < piece.tests for other in ordered)
    ]


def ranges(apart: frozenset[str]) -> list[Q]:
    """Departments other than these, as the ranges that an index goes through."""
    if not apart:
        return [Q()]
    ordered = sorted(apart)
    between = [Q(department__gt=one, department__lt=next_) for one, next_ in pairwise(ordered)]
    return [Q(department__lt=ordered[0]), *between, Q(department__gt=ordered[-1])]
