"""Reading rights modules on one row: whether an action is allowed, why, and how much is disclosed.

A grant gives only where it is true; a guard spares only where it is false: what is not known never
opens a file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from .conditions import Condition
from .explanation import Trace, explain_condition
from .kinds.rights import Action, FieldSet, Grant, Guard, Level, Rights
from .reading import Bindings
from .types import Truth
from .vocabulary import Vocabulary


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
) -> RightsDecision:
    """Whether the principal may do this action on this row, and why."""
    grants, guards = _applicable(modules, action)

    def read(condition: Condition) -> Trace:
        return explain_condition(condition, vocabulary, bindings, subject, today)

    grant_outcomes = tuple(GrantOutcome(grant, read(grant.condition)) for grant in grants)
    guard_outcomes = tuple(GuardOutcome(guard, read(guard.deny_when)) for guard in guards)
    given = any(outcome.gives for outcome in grant_outcomes)
    denied = any(outcome.denies for outcome in guard_outcomes)
    return RightsDecision(given and not denied, grant_outcomes, guard_outcomes)


def field_levels(
    modules: Iterable[Rights],
    vocabulary: Vocabulary,
    bindings: Bindings,
    subject: Any,
    today: date,
) -> dict[FieldSet, Level]:
    """How much of each group of data of this row is disclosed to the principal.

    The highest level among the grants that let the row be viewed; nothing when it may not be.
    """
    decision = decide(modules, vocabulary, bindings, Action.VIEW, subject, today)
    levels = dict.fromkeys(FieldSet, Level.NONE)
    if decision.allowed:
        for grant in decision.granted_by:
            for name, level in grant.fields.items():
                levels[name] = max(levels[name], level, key=lambda item: item.rank)
    return levels


def _applicable(modules: Iterable[Rights], action: Action | str) -> tuple[list[Grant], list[Guard]]:
    wanted = Action(action)
    everything = list(modules)
    return (
        [grant for module in everything for grant in module.grants if wanted in grant.actions],
        [guard for module in everything for guard in module.guards if guard.applies_to(wanted)],
    )
