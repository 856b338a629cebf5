"""What the rules make of a declaration while it is written: nothing is kept, nothing is decided."""

from dataclasses import dataclass
from decimal import Decimal

from register import clock
from register.household import Household
from register.norms import Norms
from register.parameters import parameter_bindings
from register.selectors.eligibility import Assessment, assess_household, sizes_of
from register.selectors.simulator import default_department
from register.services.application import DemandApplication


@dataclass(frozen=True)
class Reading:
    """Persons to house, category, income counted and ceilings (`assessment`), with the module read.

    `sizes` are those that suit, in words; `consumption_units` those of the modified OECD scale.
    Incomes of the last year count when they are lower by `drop` per cent.
    """

    assessment: Assessment
    sizes: str
    consumption_units: Decimal
    drop: Decimal | None


def read_declaration(application: DemandApplication) -> Reading | None:
    """The answer of the rules in force to what is declared so far; None without any rule here.

    None for an association too: it names no household.

    Before a commune is wished, the rules of the department served answer.
    """
    if application.association is not None:
        return None
    department = application.department or default_department()
    found = assess_household(
        application.persons,
        unborn=application.unborn_count,
        department=department,
        tax_year=application.tax_year,
    )
    if found is None:
        return None
    norms = Norms.of(parameter_bindings(department, clock.today()))
    people = Household(
        application.persons, application.unborn_count, clock.today(), norms.young_couple_ages
    )
    return Reading(found, sizes_of(found), people.consumption_units, norms.drop)
