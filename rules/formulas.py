"""Two-valued formulas over lookups, simplified before they become SQL.

The simplification is what keeps lists fast: constants vanish, and all lookups of one relation that
are alternatives become one lookup with the union of their keys, because an OR over several
subqueries makes the database evaluate each of them for the whole table (docs: performance).
"""

from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from django.db.models import Q

from .vocabulary import Vocabulary

# The ORM drops the first from the query and turns the second into an empty answer.
ALWAYS = ~Q(pk__in=[])
NEVER = Q(pk__in=[])


@dataclass(frozen=True)
class Lookup:
    """The row is found (or, when `absent`, is not) under one of the keys of a relation."""

    relation: str
    keys: frozenset[str]
    absent: bool = False


@dataclass(frozen=True)
class Group:
    """Formulas of which all, or any, hold."""

    every: bool
    parts: tuple["Formula", ...]


Formula = bool | Q | Lookup | Group


def conjunction(parts: list[Formula]) -> Formula:
    """All of these hold."""
    return _group(parts, every=True)


def disjunction(parts: list[Formula]) -> Formula:
    """At least one of these holds."""
    return _group(parts, every=False)


def _group(parts: list[Formula], *, every: bool) -> Formula:
    flat: list[Formula] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Group) and part.every is every else [part])
    if any(part is (not every) for part in flat):
        return not every
    kept = _merge([part for part in flat if not isinstance(part, bool)], absent=every)
    if not kept:
        return every
    return kept[0] if len(kept) == 1 else Group(every, tuple(kept))


def _merge(parts: list[Formula], *, absent: bool) -> list[Formula]:
    """One lookup per relation: "in A or in B" is "in A or B", "not in A and not in B" likewise."""
    merged: dict[str, frozenset[str]] = {}
    kept: list[Formula] = []
    for part in parts:
        if isinstance(part, Lookup) and part.absent is absent:
            merged[part.relation] = merged.get(part.relation, frozenset()) | part.keys
        elif part not in kept:
            kept.append(part)
    return [*kept, *(Lookup(relation, keys, absent) for relation, keys in merged.items())]


def to_q(formula: Formula, vocabulary: Vocabulary) -> Q:
    """The query of a simplified formula."""
    if isinstance(formula, bool):
        return ALWAYS if formula else NEVER
    if isinstance(formula, Lookup):
        found = vocabulary.lookup(formula.relation, formula.keys)
        return ~Q(found) if formula.absent else Q(found)
    if isinstance(formula, Group):
        queries = [to_q(part, vocabulary) for part in formula.parts]
        return reduce(and_ if formula.every else or_, queries)
    return formula
