"""A simplified formula told as alternatives: what a reader of indexes needs to know of it.

Not another definition: it starts from the very formula that becomes the query, and every row of one
is a row of the other. A formula with too many alternatives has none: the query then serves.
"""

from dataclasses import dataclass
from itertools import product

from django.db.models import Q

from .formulas import Formula, Group, Lookup

MOST_ALTERNATIVES = 24


@dataclass(frozen=True)
class Alternative:
    """Rows that are found in all of these lookups, and pass all of these tests."""

    lookups: tuple[Lookup, ...] = ()
    tests: tuple[Q, ...] = ()


def alternatives(formula: Formula) -> tuple[Alternative, ...] | None:
    """The alternatives of a formula, without those that nothing can satisfy; None for too many."""
    found = _expand(formula)
    if found is None:
        return None
    tidied = [_tidy(each) for each in found]
    return tuple(dict.fromkeys(each for each in tidied if each is not None))


def _expand(formula: Formula) -> list[Alternative] | None:
    if isinstance(formula, bool):
        return [Alternative()] if formula else []
    if isinstance(formula, Lookup):
        return [Alternative((formula,))]
    if not isinstance(formula, Group):
        return [Alternative((), (formula,))]
    parts = [_expand(part) for part in formula.parts]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if not formula.every:
        found = [each for part in known for each in part]
        return found if len(found) <= MOST_ALTERNATIVES else None
    size = 1
    for part in known:
        size *= len(part)
    if size > MOST_ALTERNATIVES:
        return None
    return [
        Alternative(
            tuple(lookup for each in chosen for lookup in each.lookups),
            tuple(test for each in chosen for test in each.tests),
        )
        for chosen in product(*known)
    ]


def _tidy(found: Alternative) -> Alternative | None:
    """Without what is said twice; None when one lookup excludes another."""
    lookups = list(dict.fromkeys(found.lookups))
    present = [lookup for lookup in lookups if not lookup.absent]
    for lookup in present:
        for other in lookups:
            same = other.relation == lookup.relation
            if same and other.absent and lookup.keys <= other.keys:
                return None
    # To be found under some keys is to be found under more keys.
    kept = [
        lookup
        for lookup in lookups
        if lookup.absent or not any(_narrower(other, lookup) for other in present)
    ]
    return Alternative(tuple(kept), tuple(dict.fromkeys(found.tests)))


def _narrower(one: Lookup, other: Lookup) -> bool:
    return one.relation == other.relation and one.keys < other.keys
