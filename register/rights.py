"""Rights compiled once: for the same rules, the same facts of the person and the same day.

What a right is compiled from is all in its key. An agreement that ends changes the facts, a version
that comes into force changes the modules, midnight changes the day, and a dated figure that is
published changes the figures where a rule asks for some: another key, another right.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache, partial
from typing import Any

from django.db.models import Q, QuerySet

from register.audiences import Plan, plan_of
from register.figures import Figures, by_department, figures_now, without_figures
from register.models import Demand
from register.same import Fixed, Same
from rules import fields as disclosure
from rules import registry, rights
from rules.formulas import Formula, conjunction, to_q
from rules.kinds.fields import FieldSet
from rules.kinds.rights import Action, Rights
from rules.reading import Bindings
from rules.registry import Installed
from rules.vocabulary import Vocabulary

Facts = Mapping[str, Any]
# Audiences built for a body, each with the audiences that it stands for.
Built = tuple[tuple[str, frozenset[str]], ...]


@dataclass(frozen=True, eq=False)
class Right:
    """On which demands one person may do something today."""

    formula: Formula
    known: Vocabulary
    asks_figures: bool = False
    built: Built = ()

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
    def quickest(self) -> Plan | None:
        """The same, with the audiences built to count it at once."""
        return plan_of(self.formula, dict(self.built)) if self.built else self.plan

    @cached_property
    def _demands(self) -> QuerySet[Demand]:
        return Demand.objects.none() if self.is_empty else Demand.objects.filter(self.query)

    @property
    def demands(self) -> QuerySet[Demand]:
        """The demands, never yet read."""
        return self._demands.all()


def right(
    people: Iterable[Facts],
    action: Action | str,
    reading: FieldSet | None = None,
    built: Built = (),
) -> Right:
    """What whoever has all these facts at once may do; with `reading`, where this may be read.

    Several mappings when somebody looks as somebody else: what is open to both.
    """
    modules = registry.in_force("rights")
    disclosing = () if reading is None else (*registry.in_force("fields"), *modules)
    today = registry.today()
    compiled = partial(
        _right,
        Same(modules),
        Same(disclosing),
        registry.vocabulary(),
        today,
        Action(action),
        tuple(facts if isinstance(facts, Fixed) else Fixed(facts) for facts in people),
        reading,
        built,
    )
    found = compiled(None)
    return compiled(figures_now(today)) if found.asks_figures else found


@lru_cache(maxsize=1024)
def covers(one: Right, other: Right) -> bool:
    """True when every demand of the other right is plainly one of the first; False is no proof."""
    return one.formula is True or conjunction([other.formula, one.formula]) == other.formula


@lru_cache(maxsize=1024)
def _right(
    modules: Same[Installed[Rights]],
    disclosing: Same[Installed[Any]],
    known: Vocabulary,
    today: date,
    action: Action,
    people: tuple[Fixed, ...],
    reading: FieldSet | None,
    built: Built,
    figures: Figures | None,
) -> Right:
    bodies = [module.body for module in modules.objects]
    also = None
    if reading is not None:
        rules = [rule for each in disclosing.objects for rule in disclosure.rules_of(each.body)]
        also = tuple(disclosure.reading(rules, reading))

    def opened(bindings: Bindings) -> Formula:
        return rights.formula(bodies, known, bindings, action, today, also)

    if figures is None:
        found = [without_figures(opened, facts) for facts in people]
        formulas, asks = [formula for formula, _ in found], any(asked for _, asked in found)
    else:
        formulas, asks = [by_department(opened, facts, figures) for facts in people], False
    return Right(formulas[0] if len(formulas) == 1 else conjunction(formulas), known, asks, built)
