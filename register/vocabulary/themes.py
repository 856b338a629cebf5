"""Under which heading the rule editor lists each fact of a demand."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_THEMES: tuple[tuple[Promise, str], ...] = (
    (
        _("The demand and its dates"),
        "state number association sealed received_on seniority channel expires_on last_renewed_on"
        " first_application refusals decline_reasons beyond_abnormal_delay"
        " registering_organisations accounts helpers helpers_who_answer helpers_who_modify"
        " helpers_who_represent shares people_shared_with struck_off_on strike_off_reason"
        " accepts_email",
    ),
    (
        _("The household"),
        "household_size household_category adults children visiting_children dependent_minors"
        " couple single_parent unborn_count unborn_due_on custody_kinds flat_sharers"
        " has_disability applicant_age applicant_title family_status work_status"
        " adult_work_statuses adult_employers long_unemployed"
        " equipment_needed steps_possible",
    ),
    (
        _("Resources"),
        "annual_income monthly_income income_kinds alimony_paid income_per_unit consumption_units"
        " income_quartile ceiling_percent_plai ceiling_percent_plus ceiling_percent_pls",
    ),
    (
        _("The current home"),
        "current_housing current_home_type housed_for current_occupants current_surface"
        " current_cost housing_benefit effort_ratio over_occupied",
    ),
    (
        _("The wished home and places"),
        "departments first_commune wished_communes wished_epcis wished_quarters"
        " wished_territories wished_home_types building_kind widening max_monthly_cost"
        " accepts_flat_share accepts_ground_floor accepts_no_lift wants_ownership_news",
    ),
    (
        _("Reasons and priorities"),
        "reasons first_reason priority_labels refused_priorities detected_priorities",
    ),
    (_("Documents and checks"), "identity_verified verified_documents"),
)

THEMES: Mapping[str, Promise] = {
    f"demand.{name}": theme for theme, names in _THEMES for name in names.split()
}
