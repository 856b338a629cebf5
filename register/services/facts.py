"""Keeps the facts row and the audience rows of a demand in step with its tables.

Called inside the transaction of every service that changes the demand; nothing else writes them.
"""

from collections.abc import Iterable

from django.utils import timezone

from register.codes import (
    CurrentHousingKind,
    DocumentKind,
    DocumentStatus,
    PersonRole,
    PriorityLabel,
)
from register.household import Household, reference_income
from register.models import Demand, DemandAudience, DemandFacts


def refresh_facts(*, demand: Demand) -> DemandFacts:
    """Recompute facts and audiences from the source tables and store them."""
    facts = compute_facts(demand)
    facts.save()
    wanted = audience_keys(demand)
    DemandAudience.objects.filter(demand=demand).exclude(audience__in=wanted).delete()
    DemandAudience.objects.bulk_create(
        audience_rows(demand, wanted),
        update_conflicts=True,
        unique_fields=["audience", "demand"],
        update_fields=["state", "received_on"],
    )
    return facts


def compute_facts(demand: Demand) -> DemandFacts:
    """The facts row a demand should have today, computed from its own tables, not saved."""
    persons = list(demand.persons.all())
    today = timezone.localdate()
    household = Household(tuple(persons), demand.unborn_count, today)
    applicant = next(p for p in persons if p.role == PersonRole.APPLICANT)
    adults = [p for p in persons if p.role in (PersonRole.APPLICANT, PersonRole.CO_APPLICANT)]
    labels = {
        label.code
        for label in demand.labels.all()
        if label.valid_from <= today and (label.valid_to is None or label.valid_to >= today)
    }
    housing = getattr(demand, "current_housing", None)
    kind = housing.kind if housing else ""
    wishes = sorted(demand.wished_communes.all(), key=lambda wish: wish.position)
    return DemandFacts(
        demand=demand,
        applicant_name=applicant.search_name,
        household_size=household.size,
        household_category=household.category,
        consumption_units=household.consumption_units,
        annual_income=reference_income((p.tax_income_n2, p.tax_income_n1) for p in adults),
        is_first_application=(kind != CurrentHousingKind.HLM) if kind else None,
        current_housing=kind,
        is_priority=bool(labels),
        is_dalo=PriorityLabel.DALO in labels,
        identity_verified=any(
            d.kind == DocumentKind.IDENTITY and d.status == DocumentStatus.VERIFIED
            for d in demand.documents.all()
        ),
        first_commune=wishes[0].commune_id if wishes else "",
    )


def audience_keys(demand: Demand) -> set[str]:
    """Every audience of the demand: department, wished territories, registering body."""
    keys = {f"dep:{demand.department_id}", f"org:{demand.registered_by_id}"}
    for wish in demand.wished_communes.select_related("commune"):
        keys.add(f"commune:{wish.commune_id}")
        if wish.commune.epci_id:
            keys.add(f"epci:{wish.commune.epci_id}")
    return keys


def audience_rows(demand: Demand, keys: Iterable[str]) -> list[DemandAudience]:
    """Audience rows of a demand for these keys, with the copied sort and filter keys."""
    return [
        DemandAudience(
            demand=demand, audience=key, state=demand.state, received_on=demand.received_on
        )
        for key in sorted(keys)
    ]
