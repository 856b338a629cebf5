"""Conditions over demands of several departments: each is read with the dated figures of its own.

What a person asks of one demand (`with_figures`) and of a whole list (`everywhere`, `where`) is
answered with the same figures. No figure is looked up before a rule asks for one.
"""

from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, cast

from django.db.models import Q

from register.models import Department
from register.parameters import parameter_bindings
from rules import registry
from rules.conditions import Comparison, Condition
from rules.formulas import Formula, conjunction, disjunction, to_q
from rules.operators import Operator
from rules.parameters import PREFIX
from rules.reading import Bindings
from rules.sql import fold_condition

NOBODY: Mapping[str, Any] = MappingProxyType({})
BEYOND_DELAY = Comparison("demand.beyond_abnormal_delay", Operator.IS, True)


def with_figures(facts: Bindings, department: str, on: date) -> Bindings:
    """What is known of the person who acts, and the figures of the department."""
    figures = cast("dict[str, Any]", parameter_bindings(department, on))
    return ChainMap(cast("dict[str, Any]", facts), figures)


def everywhere(
    read: Callable[[Bindings], Formula],
    facts: Bindings,
    on: date,
    departments: Iterable[str] | None = None,
) -> Formula:
    """What `read` answers, in each department with its figures; once where they change nothing.

    Only these departments matter when some are given.
    """
    watched = _Watched(facts)
    formula = read(watched)
    if not watched.asked:
        return formula
    found: list[tuple[Formula, list[str]]] = []
    for department in _all() if departments is None else departments:
        there = read(with_figures(facts, department, on))
        same = next((codes for formula, codes in found if formula == there), None)
        if same is None:
            found.append((there, [department]))
        else:
            same.append(department)
    if len(found) == 1:
        return found[0][0]
    return disjunction(
        [conjunction([Q(department__in=codes), formula]) for formula, codes in found]
    )


def where(
    condition: Condition,
    on: date,
    facts: Bindings = NOBODY,
    departments: Iterable[str] | None = None,
) -> Q:
    """The demands of which a condition is true."""
    return _side(0, condition, on, facts, departments)


def where_false(
    condition: Condition,
    on: date,
    facts: Bindings = NOBODY,
    departments: Iterable[str] | None = None,
) -> Q:
    """The demands of which it is false; of those in neither, it is not known."""
    return _side(1, condition, on, facts, departments)


def beyond_abnormal_delay(on: date) -> Q:
    """The demands that have waited for longer than the delay of their department (L441-1-4)."""
    return where(BEYOND_DELAY, on)


def is_possible(condition: Condition, facts: Bindings, on: date) -> bool:
    """True when the condition could be true of some demand."""
    vocabulary = registry.vocabulary()

    def true(bindings: Bindings) -> Formula:
        return fold_condition(condition, vocabulary, bindings, on)[0]

    return everywhere(true, facts, on) is not False


def _side(
    side: int,
    condition: Condition,
    on: date,
    facts: Bindings,
    departments: Iterable[str] | None,
) -> Q:
    vocabulary = registry.vocabulary()

    def read(bindings: Bindings) -> Formula:
        return fold_condition(condition, vocabulary, bindings, on)[side]

    return to_q(everywhere(read, facts, on, departments), vocabulary)


def _all() -> Iterable[str]:
    return Department.objects.order_by("code").values_list("code", flat=True)


class _Watched(Mapping[str, Any]):
    """What is known of a person, noticing when a figure is asked for; none has a value."""

    def __init__(self, facts: Bindings) -> None:
        self.facts = facts
        self.asked = False

    def __getitem__(self, code: str) -> Any:
        if code.startswith(f"{PREFIX}."):
            self.asked = True
            raise KeyError(code)
        return self.facts[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self.facts)

    def __len__(self) -> int:
        return len(self.facts)
