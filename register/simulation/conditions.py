"""Rules that hold or not for each file: whom each rule of the module would gain or lose.

Used by the kinds whose rules are conditions on a demand (priorities, eligibility, papers, local
questions, automations): a rule is known by its code, before and after.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from register.models import LIVE_STATES, Demand
from rules.conditions import AllOf, Condition
from rules.sql import compile_condition

from .counting import compare
from .frame import Bodies, Outcome, Steps

MEASURE = "rule"
# What each kind calls the condition of its rules.
WRITTEN_IN = ("detect", "condition", "when")


def simulate(bodies: Bodies, outcome: Outcome) -> Steps:
    """One table per rule and dimension; rules that do not change are counted once, as a whole."""
    stock = Demand.objects.filter(state__in=LIVE_STATES)
    before, after = _rules(bodies.own_before), _rules(bodies.own_after)
    pairs = {
        code: (_compiled(before.get(code), bodies), _compiled(after.get(code), bodies))
        for code in dict.fromkeys([*before, *after])
    }
    return compare(stock, pairs, bodies.today, outcome, MEASURE)


def _rules(body: Any) -> Mapping[str, Condition]:
    """The condition of each rule of a body by its code; always true where none is written."""
    if body is None:
        return {}
    return {item.code: _condition(item) for item in body.items}


def _condition(item: Any) -> Condition:
    written = (getattr(item, name, None) for name in WRITTEN_IN)
    return next((condition for condition in written if condition is not None), AllOf())


def _compiled(condition: Condition | None, bodies: Bodies) -> Q | None:
    if condition is None:
        return None
    return compile_condition(condition, bodies.vocabulary, bodies.figures, bodies.today).is_true
