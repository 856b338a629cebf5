"""Which income ceilings a household respects, by which rule and figures, and which homes suit it.

Works on a demand, and as well on a household that asked for nothing: the public simulator.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from register import clock, codes
from register.figures import where
from register.household import Household, counts_last_year, reference_income, tax_notices
from register.models import Demand, Parameter
from register.norms import Norms
from register.parameters import figures, parameter_bindings
from register.selectors.missing import LABELS, Lack, incomes_to_update
from register.services.application import PersonData
from rules import registry
from rules.eligibility import CeilingOutcome, assess
from rules.kinds.eligibility import Eligibility, Norm
from rules.reading import FactSheet
from rules.registry import Installed

ELIGIBLE = "eligible"


@dataclass(frozen=True)
class Someone:
    """A person of a household, as a simulator asks; incomes in euros per year."""

    role: str
    birth_date: date | None = None
    link: str = ""
    has_disability: bool = False
    tax_income_n2: Decimal | None = None
    tax_income_n1: Decimal | None = None


@dataclass(frozen=True)
class Line:
    """One ceiling: what it answers, and the dated figure that gave it."""

    outcome: CeilingOutcome
    figure: Parameter | None

    @property
    def code(self) -> str:
        """PLAI, PLUS or PLS."""
        return self.outcome.rule.code.upper()


@dataclass(frozen=True)
class Assessment:
    """What the eligibility module of a territory says of a household on a day."""

    module: Installed[Eligibility]
    on: date
    people: int
    category: int
    income: Decimal | None
    # The year of the incomes counted, when it is known.
    income_year: int | None
    lines: tuple[Line, ...]
    norm: Norm | None
    # The income is of years that count no more: a later one was never declared.
    is_to_update: bool = False

    @property
    def is_to_complete(self) -> bool:
        """True when some answer waits for an income that nobody declared."""
        return self.income is None

    @property
    def missing(self) -> str:
        """What the resources lack, in the words of every list and file; empty for nothing."""
        if self.is_to_complete:
            return str(LABELS[Lack.INCOME])
        return str(LABELS[Lack.OLD_INCOME]) if self.is_to_update else ""

    @property
    def eligible(self) -> tuple[Line, ...]:
        """The ceilings that the household respects."""
        return tuple(line for line in self.lines if line.outcome.outcome == ELIGIBLE)


def assess_demand(demand: Demand) -> Assessment | None:
    """The answer for a demand, from its facts; None without a module for its department.

    None for an association: the ceilings are those of a household.
    """
    facts = demand.facts
    if facts.household_size is None or facts.household_category is None:
        return None
    pairs = tax_notices(demand.persons.all())
    found = _assess(
        department=demand.department_id,
        subject=demand,
        people=facts.household_size,
        category=facts.household_category,
        income=facts.annual_income,
        income_year=_year(demand.tax_year, pairs, _norms(demand.department_id)),
    )
    return found and replace(found, is_to_update=incomes_to_update(demand))


def assess_household(
    people: Sequence[Someone] | Sequence[PersonData],
    *,
    unborn: int = 0,
    department: str = "21",
    tax_year: int | None = None,
) -> Assessment | None:
    """The answer for a household without any demand; nothing is kept."""
    norms = _norms(department)
    household = Household(tuple(people), unborn, clock.today(), norms.young_couple_ages)
    pairs = tax_notices(people)
    income = reference_income(pairs, norms.drop)
    sheet = FactSheet(
        {
            "demand.household_size": household.size,
            "demand.household_category": household.category,
            "demand.annual_income": income,
        }
    )
    return _assess(
        department=department,
        subject=sheet,
        people=household.size,
        category=household.category,
        income=income,
        income_year=_year(tax_year, pairs, norms),
    )


def sizes_of(found: Assessment | None) -> str:
    """The sizes of home that suit the household, in words."""
    if found is None or found.norm is None:
        return ""
    return ", ".join(str(codes.HomeType(code).label) for code in found.norm.types)


def module_of(department: str) -> Installed[Eligibility] | None:
    """The module of the department, else one that holds everywhere."""
    held = [m for m in registry.in_force("eligibility") if m.territory in (department, "")]
    return min(held, key=lambda module: module.territory == "", default=None)


def financings() -> list[tuple[str, str]]:
    """Code and title of each ceiling in force, in the order of the modules."""
    found: dict[str, str] = {}
    for module in registry.in_force("eligibility"):
        for ceiling in module.body.ceilings:
            found.setdefault(ceiling.code, str(ceiling.title))
    return list(found.items())


def under_ceiling(code: str) -> Q:
    """The demands whose resources are known to be under this ceiling, each by its department."""
    modules = registry.in_force("eligibility")
    own = [module.territory for module in modules if module.territory]
    found = Q(pk__in=[])
    for module in modules:
        places = [module.territory] if module.territory else None
        there = Q(department__in=places) if places else ~Q(department__in=own)
        for ceiling in module.body.ceilings:
            if ceiling.code == code:
                found |= there & where(ceiling.condition, clock.today(), departments=places)
    return found


def _assess(
    *,
    department: str,
    subject: Any,
    people: int,
    category: int,
    income: Decimal | None,
    income_year: int | None,
) -> Assessment | None:
    module = module_of(department)
    if module is None:
        return None
    today = clock.today()
    bindings = parameter_bindings(department, today)
    outcomes = assess(module.body, registry.vocabulary(), bindings, subject, today)
    wanted = {code for outcome in outcomes for code in outcome.parameters}
    rows = figures(wanted, department, today)
    return Assessment(
        module=module,
        on=today,
        people=people,
        category=category,
        income=income,
        income_year=income_year,
        lines=tuple(
            Line(outcome, next((rows[c] for c in outcome.parameters if c in rows), None))
            for outcome in outcomes
        ),
        norm=module.body.norm(people),
    )


def _norms(department: str) -> Norms:
    return Norms.of(parameter_bindings(department, clock.today()))


def _year(
    tax_year: int | None, pairs: list[tuple[Decimal | None, Decimal | None]], norms: Norms
) -> int | None:
    """`tax_year` is N-2; the year after counts when it does."""
    if tax_year is None:
        return None
    return tax_year + 1 if counts_last_year(pairs, norms.drop) else tax_year
