"""Facts known while the form is filled in, from what is declared so far: no demand exists yet.

Each is what the register will say of the same declaration once it is sent; a test holds it.
"""

from types import SimpleNamespace
from typing import Any

from register import clock
from register.models import Commune, Demand, DemandFacts
from register.norms import Norms
from register.parameters import parameter_bindings
from register.services.application import DemandApplication
from register.services.fact_row import Declared, facts_from
from rules import registry
from rules.reading import FactSheet

from .lookups import Place

_HOUSEHOLD = """household_size household_category consumption_units adults children
    visiting_children unborn_count flat_sharers couple single_parent has_disability applicant_age
    applicant_title family_status work_status long_unemployed annual_income income_per_unit
    monthly_income effort_ratio"""
_HOMES = """first_application current_housing current_home_type current_occupants current_surface
    current_cost housing_benefit housed_for over_occupied reasons first_reason wished_home_types
    first_commune building_kind widening max_monthly_cost"""
_OF_THE_ROW = tuple(f"demand.{name}" for name in f"{_HOUSEHOLD} {_HOMES}".split())
_TERRITORIES = (
    "demand.departments",
    "demand.wished_communes",
    "demand.wished_epcis",
    "demand.wished_quarters",
)
WHILE_FILLING = frozenset({*_OF_THE_ROW, *_TERRITORIES})


def facts_while_filling(application: DemandApplication) -> FactSheet:
    """What local questions may depend on, for a declaration however incomplete."""
    if application.applicant is None:
        return FactSheet()
    declared = registry.declared()
    row = SimpleNamespace(facts=_facts_row(application))
    known: dict[str, Any] = {}
    for code in _OF_THE_ROW:
        getter = declared.fact(code).getter
        known[code] = getter(row) if getter else None
    return FactSheet({**known, **_territories(application)})


def _facts_row(application: DemandApplication) -> DemandFacts:
    wish, today = application.wish, clock.today()
    demand = Demand(
        unborn_count=application.unborn_count,
        building_kind=wish.building_kind,
        widening=wish.widening,
        max_monthly_cost=wish.max_monthly_cost,
    )
    norms = Norms.of(parameter_bindings(application.department, today))
    declared = Declared.by(application, norms)
    return facts_from(demand, declared, today)


def _territories(application: DemandApplication) -> dict[str, Any]:
    wish = application.wish
    communes = Commune.objects.filter(pk__in=wish.communes)
    places = [Place(each.pk, each.epci_id, wish.quarters.get(each.pk)) for each in communes]
    return {
        "demand.departments": {commune.department_id for commune in communes},
        "demand.wished_communes": {commune.pk for commune in communes},
        "demand.wished_epcis": {commune.epci_id for commune in communes if commune.epci_id},
        "demand.wished_quarters": {code for place in places for code in place.quarters},
    }
