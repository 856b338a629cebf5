"""In which group of data the file discloses what each fact of a demand tells."""

from collections.abc import Mapping

from rules import registry
from rules.facts import Fact
from rules.kinds.fields import FieldSet

# What whoever may open a file reads of it, whatever groups of data are masked.
_ALWAYS_TOLD = (
    "accounts association beyond_abnormal_delay channel decline_reasons departments expires_on"
    " first_application helpers helpers_who_answer helpers_who_modify helpers_who_represent"
    " identity_verified last_renewed_on number people_shared_with received_on refusals"
    " registering_organisations sealed seniority shares state strike_off_reason struck_off_on"
)
_GROUPS: Mapping[FieldSet, str] = {
    FieldSet.CONTACT: "accepts_email",
    FieldSet.HOUSEHOLD: (
        "household_size household_category adults children visiting_children dependent_minors"
        " couple single_parent unborn_count unborn_due_on custody_kinds flat_sharers"
        " applicant_age applicant_title family_status work_status adult_work_statuses"
        " long_unemployed current_housing current_home_type housed_for current_occupants"
        " current_surface current_cost housing_benefit over_occupied reasons first_reason"
    ),
    FieldSet.RESOURCES: (
        "adult_employers annual_income monthly_income income_kinds alimony_paid income_per_unit"
        " consumption_units income_quartile ceiling_percent_plai ceiling_percent_plus"
        " ceiling_percent_pls effort_ratio"
    ),
    FieldSet.HEALTH: "has_disability equipment_needed steps_possible",
    FieldSet.WISHES: (
        "first_commune wished_communes wished_epcis wished_quarters wished_territories"
        " wished_home_types building_kind widening max_monthly_cost accepts_flat_share"
        " accepts_ground_floor accepts_no_lift wants_ownership_news"
    ),
    FieldSet.DOCUMENTS: "verified_documents",
    FieldSet.SCORE: "priority_labels refused_priorities detected_priorities",
}
ALWAYS_TOLD = frozenset(f"demand.{name}" for name in _ALWAYS_TOLD.split())
GROUPS: Mapping[str, FieldSet] = {
    f"demand.{name}": group for group, names in _GROUPS.items() for name in names.split()
}


def groups_of(fact: Fact) -> frozenset[FieldSet]:
    """The groups of data that whoever is told this fact must be able to read.

    A fact about health asks for that group besides its own; the answer to a local question, for
    the group that the question names. KeyError for a fact of a demand that has no group.
    """
    if fact.is_principal or fact.code in ALWAYS_TOLD:
        return frozenset()
    health = {FieldSet.HEALTH} if fact.sensitivity == FieldSet.HEALTH else set()
    asked = _questions().get(fact.code)
    return frozenset({asked or GROUPS[fact.code], *health})


def _questions() -> dict[str, FieldSet]:
    return {
        question.fact_code: question.field_set
        for module in registry.in_force("questions")
        for question in module.body.questions
    }
