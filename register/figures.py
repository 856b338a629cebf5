"""Conditions over demands of several departments: each is read with the dated figures of its own.

What a person asks of one demand (`with_figures`) and of a whole list (`everywhere`, `where`) is
answered with the same figures. No figure is looked up before a rule asks for one.
"""

from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, cast

from django.db.models import Q

from register.models import Department
from register.parameters import Figure, all_figures, bindings_among, parameter_bindings
from register.same import Same
from rules import registry
from rules.conditions import Comparison, Condition
from rules.formulas import Formula, conjunction, disjunction, to_q
from rules.operators import Operator
from rules.parameters import PREFIX
from rules.reading import Bindings
from rules.registry import Installed
from rules.sql import fold_condition

NOBODY: Mapping[str, Any] = MappingProxyType({})
BEYOND_DELAY = Comparison("demand.beyond_abnormal_delay", Operator.IS, True)


def with_figures(facts: Bindings, department: str, on: date) -> Bindings:
    """What is known of the person who acts, and the figures of the department."""
    figures = cast("dict[str, Any]", parameter_bindings(department, on))
    return ChainMap(cast("dict[str, Any]", facts), figures)


@dataclass(frozen=True, eq=False)
class Figures:
    """Every dated figure of every department on a day, to be compared with those of another time.

    `delays` are the modules that say how long each delay lasts.
    """

    departments: tuple[str, ...]
    delays: Same[Installed[Any]]
    on: date

    @cached_property
    def rows(self) -> tuple[Figure, ...]:
        """The figures that are published one by one, read when a first rule asks."""
        return all_figures(self.on)

    def of(self, facts: Bindings, department: str) -> Bindings:
        """What is known of the person who acts, and the figures of one department."""
        known = bindings_among(lambda: self.rows, department, self.on)
        return ChainMap(cast("dict[str, Any]", facts), cast("dict[str, Any]", known))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Figures) and self._state == other._state

    def __hash__(self) -> int:
        return hash(self._state)

    @property
    def _state(self) -> tuple[Any, ...]:
        return self.departments, self.delays, self.on, self.rows


def figures_now(on: date) -> Figures:
    """The figures as they are now."""
    departments = Department.objects.order_by("code").values_list("code", flat=True)
    return Figures(tuple(departments), Same(registry.in_force("deadlines")), on)


def without_figures(read: Callable[[Bindings], Formula], facts: Bindings) -> tuple[Formula, bool]:
    """What `read` answers when no figure has a value, and whether it asked for one."""
    watched = _Watched(facts)
    return read(watched), watched.asked


def by_department(
    read: Callable[[Bindings], Formula],
    facts: Bindings,
    figures: Figures,
    departments: Iterable[str] | None = None,
) -> Formula:
    """What `read` answers, in each of these departments (or in all) with its figures."""
    found: list[tuple[Formula, list[str]]] = []
    for department in figures.departments if departments is None else departments:
        there = read(figures.of(facts, department))
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


def everywhere(
    read: Callable[[Bindings], Formula],
    facts: Bindings,
    on: date,
    departments: Iterable[str] | None = None,
) -> Formula:
    """What `read` answers, in each department with its figures; once where they change nothing.

    Only these departments matter when some are given.
    """
    formula, asked = without_figures(read, facts)
    return by_department(read, facts, figures_now(on), departments) if asked else formula


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
    """The persons who have waited for longer than the delay of their department (L441-1-4)."""
    return where(BEYOND_DELAY, on)


def is_possible(condition: Condition, facts: Bindings, on: date) -> bool:
    """True when the condition could be true of some demand."""
    vocabulary = registry.vocabulary()

    def true(bindings: Bindings) -> Formula:
        return fold_condition(condition, vocabulary, bindings, on)[0]

    return everywhere(true, facts, on) is not False


def is_excluded(condition: Condition, facts: Bindings, on: date) -> bool:
    """True when the condition is false of every demand, for certain."""
    vocabulary = registry.vocabulary()

    def false(bindings: Bindings) -> Formula:
        return fold_condition(condition, vocabulary, bindings, on)[1]

    return everywhere(false, facts, on) is True


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
