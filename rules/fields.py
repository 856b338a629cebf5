"""Reading fields modules: how much of one demand is disclosed, and in which rows a group is read.

The widest level among the rules that are true; nothing without one. Whether the demand itself is
open is for rights to say (`rules.rights`): these rules open nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from .conditions import Condition
from .explanation import Trace, explain_condition
from .kinds.fields import FieldRule, Fields, FieldSet, Level
from .kinds.rights import Action, Rights
from .reading import Bindings
from .types import Truth
from .vocabulary import Vocabulary


@dataclass(frozen=True)
class FieldOutcome:
    """What a rule answered for one row."""

    rule: FieldRule
    trace: Trace

    @property
    def holds(self) -> bool:
        """True when the rule discloses its groups of data on this row."""
        return self.trace.truth is Truth.TRUE


def rules_of(body: Fields | Rights) -> tuple[FieldRule, ...]:
    """The rules of a fields module, or the levels that older rights modules wrote in grants."""
    if isinstance(body, Fields):
        return body.rules
    return tuple(
        FieldRule(
            code=grant.code,
            title=grant.title,
            legal_basis=grant.legal_basis,
            principal=grant.principal,
            row=grant.row,
            levels=grant.fields,
            chapter=grant.chapter,
        )
        for grant in body.grants
        if grant.fields and Action.VIEW in grant.actions
    )


def weigh(
    rules: Iterable[FieldRule],
    vocabulary: Vocabulary,
    bindings: Bindings,
    subject: Any,
    today: date,
) -> tuple[FieldOutcome, ...]:
    """What each rule answers for one person and one row."""
    return tuple(
        FieldOutcome(rule, explain_condition(rule.condition, vocabulary, bindings, subject, today))
        for rule in rules
    )


def levels(outcomes: Iterable[FieldOutcome]) -> dict[FieldSet, Level]:
    """The level of each group of data that some rule names on this row: the widest."""
    found: dict[FieldSet, Level] = {}
    for outcome in outcomes:
        for name, level in outcome.rule.levels.items() if outcome.holds else ():
            found[name] = max(level, found.get(name, Level.NONE), key=lambda each: each.rank)
    return found


def reading(rules: Iterable[FieldRule], name: FieldSet) -> list[Condition]:
    """The conditions under which a group of data may be read: one that is true is enough."""
    return [rule.condition for rule in rules if rule.level(name).can_read]
