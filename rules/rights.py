"""Reading rights modules: which rows are open, and why this one is.

A grant gives only where it is true; a guard spares only where it is false: what is not known never
opens a file. `rows` and `decide` are two readings of the same grants and guards.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from .conditions import AllOf, AnyOf, Condition
from .explanation import Explainer, Trace
from .formulas import Formula, conjunction, to_q
from .kinds.rights import Action, Grant, Guard, Rights
from .reading import Bindings
from .sql import fold_condition
from .types import Truth
from .vocabulary import Vocabulary

# What stops the reading of a grant, which only gives where it is true, and of a guard.
_NOT_TRUE = frozenset({Truth.FALSE, Truth.UNKNOWN})
_FALSE = frozenset({Truth.FALSE})


@dataclass(frozen=True)
class GrantOutcome:
    """What a grant answered for one row."""

    grant: Grant
    trace: Trace

    @property
    def gives(self) -> bool:
        return self.trace.truth is Truth.TRUE


@dataclass(frozen=True)
class GuardOutcome:
    """What a guard answered for one row."""

    guard: Guard
    trace: Trace

    @property
    def denies(self) -> bool:
        return self.trace.truth is not Truth.FALSE


@dataclass(frozen=True)
class RightsDecision:
    """Whether an action is allowed on a row, with every grant and guard that was read."""

    allowed: bool
    grants: tuple[GrantOutcome, ...]
    guards: tuple[GuardOutcome, ...]

    @property
    def granted_by(self) -> tuple[Grant, ...]:
        """The grants that give the right."""
        return tuple(outcome.grant for outcome in self.grants if outcome.gives)

    @property
    def outcome(self) -> dict[str, Any]:
        """What is kept of the decision, and must come out again when it is replayed."""
        return {
            "allowed": self.allowed,
            "granted_by": sorted(grant.code for grant in self.granted_by),
            "denied_by": sorted(guard.code for guard in self.denied_by),
        }

    @property
    def denied_by(self) -> tuple[Guard, ...]:
        """The guards that take it away."""
        return tuple(outcome.guard for outcome in self.guards if outcome.denies)


def decide(
    modules: Iterable[Rights],
    vocabulary: Vocabulary,
    bindings: Bindings,
    action: Action | str,
    subject: Any,
    today: date,
    *,
    thorough: bool = True,
) -> RightsDecision:
    """Whether the principal may do this action on this row, and why.

    Unless `thorough`, the parts of a rule are read until one settles it: the answer is the same,
    the row is asked for less, and traces stop where reading did.
    """
    grants, guards = _applicable(modules, action)
    reader = Explainer(vocabulary, bindings, subject, today, thorough=thorough)

    def read(settled: frozenset[Truth], condition: Condition) -> Trace:
        if isinstance(condition, AllOf):
            return reader.trace_until(settled, condition)
        return reader.trace(condition)

    grant_outcomes = tuple(
        GrantOutcome(grant, read(_NOT_TRUE, grant.condition)) for grant in grants
    )
    guard_outcomes = tuple(GuardOutcome(guard, read(_FALSE, guard.deny_when)) for guard in guards)
    given = any(outcome.gives for outcome in grant_outcomes)
    denied = any(outcome.denies for outcome in guard_outcomes)
    return RightsDecision(given and not denied, grant_outcomes, guard_outcomes)


def rows(
    modules: Iterable[Rights],
    vocabulary: Vocabulary,
    bindings: Bindings,
    action: Action | str,
    today: date,
    also: Iterable[Condition] | None = None,
) -> Q | None:
    """The rows of `formula` as a query; None when no row could ever be open."""
    opened = formula(modules, vocabulary, bindings, action, today, also)
    return None if opened is False else to_q(opened, vocabulary)


def formula(
    modules: Iterable[Rights],
    vocabulary: Vocabulary,
    bindings: Bindings,
    action: Action | str,
    today: date,
    also: Iterable[Condition] | None = None,
) -> Formula:
    """When a row is open to the principal for this action; False when none could ever be.

    With `also`, one of these conditions must be true too. Grants share as few lookups as possible;
    what a guard leaves unknown stays closed.
    """
    grants, guards = _applicable(modules, action)
    opened: Condition = AnyOf(tuple(grant.condition for grant in grants))
    if also is not None:
        opened = AllOf((opened, AnyOf(tuple(also))))
    closed = AnyOf(tuple(guard.deny_when for guard in guards))
    given, _not_given = fold_condition(opened, vocabulary, bindings, today)
    if given is False:
        return False
    _denied, spared = fold_condition(closed, vocabulary, bindings, today)
    return conjunction([given, spared])


def _applicable(modules: Iterable[Rights], action: Action | str) -> tuple[list[Grant], list[Guard]]:
    wanted = Action(action)
    everything = list(modules)
    return (
        [grant for module in everything for grant in module.grants if wanted in grant.actions],
        [guard for module in everything for guard in module.guards if guard.applies_to(wanted)],
    )
