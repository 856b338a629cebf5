"""Facts known while the form is filled in, from what is declared so far: no demand exists yet.

Each is what the register will say of the same declaration once it is sent; a test holds it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from register import clock
from register.codes import CurrentHousingKind, PersonRole
from register.household import Household, reference_income
from register.models import Commune
from register.services.application import DemandApplication
from rules.reading import FactSheet


@dataclass(frozen=True)
class Declaration:
    """A declaration being written, and what follows from it."""

    application: DemandApplication

    @cached_property
    def household(self) -> Household:
        """The people named so far."""
        told = self.application
        return Household(told.persons, told.unborn_count, clock.today())

    @cached_property
    def annual_income(self) -> Any:
        """The reference income, unknown until every adult's is declared."""
        adults = (PersonRole.APPLICANT, PersonRole.CO_APPLICANT)
        people = [person for person in self.application.persons if person.role in adults]
        return reference_income((p.tax_income_n2, p.tax_income_n1) for p in people)

    @cached_property
    def communes(self) -> list[Commune]:
        """The communes wished so far."""
        return list(Commune.objects.filter(pk__in=self.application.wish.communes))

    @property
    def is_first_application(self) -> bool | None:
        """False for a tenant of a social landlord; unknown until the present home is told."""
        kind = self.application.current_housing.kind
        return kind != CurrentHousingKind.HLM if kind else None


READ: Mapping[str, Callable[[Declaration], Any]] = {
    "demand.household_size": lambda told: told.household.size,
    "demand.household_category": lambda told: told.household.category,
    "demand.annual_income": lambda told: told.annual_income,
    "demand.first_application": lambda told: told.is_first_application,
    "demand.departments": lambda told: {c.department_id for c in told.communes},
    "demand.wished_communes": lambda told: {c.pk for c in told.communes},
    "demand.wished_epcis": lambda told: {c.epci_id for c in told.communes if c.epci_id},
}


def facts_while_filling(application: DemandApplication) -> FactSheet:
    """What local questions may depend on, for a declaration however incomplete."""
    told = Declaration(application)
    return FactSheet({code: read(told) for code, read in READ.items()})
