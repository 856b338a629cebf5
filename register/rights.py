"""Rights compiled once: for the same rules, the same facts of the person and the same day.

What a right is compiled from is all in its key. An agreement that ends changes the facts, a version
that comes into force changes the modules, midnight changes the day: another key, another right.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Generic, TypeVar

from django.db.models import Q, QuerySet
from django.utils import timezone

from register.audiences import Plan, plan_of
from register.models import Demand
from rules import fields as disclosure
from rules import registry, rights
from rules.formulas import Formula, conjunction, to_q
from rules.kinds.fields import FieldSet
from rules.kinds.rights import Action, Rights
from rules.registry import Installed
from rules.vocabulary import Vocabulary

Facts = Mapping[str, Any]
Kept = TypeVar("Kept")


@dataclass(frozen=True, eq=False)
class Right:
    """On which demands one person may do something today."""

    formula: Formula
    known: Vocabulary

    @property
    def is_empty(self) -> bool:
        """True when no demand could ever be open, whatever its facts."""
        return self.formula is False

    @cached_property
    def query(self) -> Q:
        """The demands, as a test of their own tables."""
        return to_q(self.formula, self.known)

    @cached_property
    def plan(self) -> Plan | None:
        """The rows of the audience index where they are found, if it can tell."""
        return plan_of(self.formula)

    @cached_property
    def _demands(self) -> QuerySet[Demand]:
        return Demand.objects.none() if self.is_empty else Demand.objects.filter(self.query)

    @property
    def demands(self) -> QuerySet[Demand]:
        """The demands, never yet read."""
        return self._demands.all()


class Same(Generic[Kept]):
    """These very objects, kept alive so that no other one can pass for them."""

    __slots__ = ("objects",)

    def __init__(self, objects: Iterable[Kept]) -> None:
        self.objects = tuple(objects)

    def __hash__(self) -> int:
        return hash(tuple(map(id, self.objects)))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Same)
            and len(self.objects) == len(other.objects)
            and all(one is two for one, two in zip(self.objects, other.objects, strict=True))
        )


def right(people: Iterable[Facts], action: Action | str, reading: FieldSet | None = None) -> Right:
    """What whoever has all these facts at once may do; with `reading`, where this may be read.

    Several mappings when somebody looks as somebody else: what is open to both.
    """
    modules = registry.in_force("rights")
    disclosing = () if reading is None else (*registry.in_force("fields"), *modules)
    return _right(
        Same(modules),
        Same(disclosing),
        registry.vocabulary(),
        timezone.localdate(),
        Action(action),
        tuple(frozenset(facts.items()) for facts in people),
        reading,
    )


@lru_cache(maxsize=1024)
def _right(
    modules: Same[Installed[Rights]],
    disclosing: Same[Installed[Any]],
    known: Vocabulary,
    today: date,
    action: Action,
    people: tuple[frozenset[tuple[str, Any]], ...],
    reading: FieldSet | None,
) -> Right:
    bodies = [module.body for module in modules.objects]
    also = None
    if reading is not None:
        rules = [rule for each in disclosing.objects for rule in disclosure.rules_of(each.body)]
        also = disclosure.reading(rules, reading)
    found = [rights.formula(bodies, known, dict(facts), action, today, also) for facts in people]
    return Right(found[0] if len(found) == 1 else conjunction(found), known)
