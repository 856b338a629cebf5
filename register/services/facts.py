"""Keeps the facts row and the audience rows of a demand in step with its tables.

Called inside the transaction of every service that changes the demand; nothing else writes them.
"""

from collections.abc import Sequence

from register import clock
from register.codes import (
    CurrentHousingKind,
    DocumentKind,
    DocumentStatus,
    PersonRole,
    PriorityLabel,
)
from register.household import Household, reference_income
from register.models import Demand, DemandFacts, Document, Label, Person
from register.services.application import PersonData
from register.services.audiences import refresh_audiences


def refresh_facts(*, demand: Demand) -> DemandFacts:
    """Recompute facts and audiences from the source tables and store them."""
    facts = compute_facts(demand)
    facts.save()
    refresh_audiences(demand=demand, facts=facts)
    return facts


def compute_facts(demand: Demand) -> DemandFacts:
    """The facts row a demand should have today, computed from its own tables, not saved."""
    persons = list(demand.persons.all())
    return facts_from(
        demand,
        persons=persons,
        applicant_name=next(p for p in persons if p.role == PersonRole.APPLICANT).search_name,
        housing_kind=getattr(getattr(demand, "current_housing", None), "kind", ""),
        communes=[
            wish.commune_id
            for wish in sorted(demand.wished_communes.all(), key=lambda wish: wish.position)
        ],
        labels=list(demand.labels.all()),
        documents=list(demand.documents.all()),
    )


def facts_from(
    demand: Demand,
    *,
    persons: Sequence[Person] | Sequence[PersonData],
    applicant_name: str,
    housing_kind: str,
    communes: Sequence[str],
    labels: Sequence[Label],
    documents: Sequence[Document],
) -> DemandFacts:
    """The same facts from rows at hand: what bulk loading uses, so that both ways agree."""
    today = clock.today()
    household = Household(tuple(persons), demand.unborn_count, today)
    adults = [p for p in persons if p.role in (PersonRole.APPLICANT, PersonRole.CO_APPLICANT)]
    held = {
        label.code
        for label in labels
        if label.valid_from <= today and (label.valid_to is None or label.valid_to >= today)
    }
    return DemandFacts(
        demand=demand,
        applicant_name=applicant_name,
        household_size=household.size,
        household_category=household.category,
        consumption_units=household.consumption_units,
        annual_income=reference_income((p.tax_income_n2, p.tax_income_n1) for p in adults),
        is_first_application=(housing_kind != CurrentHousingKind.HLM) if housing_kind else None,
        current_housing=housing_kind,
        is_priority=bool(held),
        is_dalo=PriorityLabel.DALO in held,
        identity_verified=any(
            d.kind == DocumentKind.IDENTITY and d.status == DocumentStatus.VERIFIED
            for d in documents
        ),
        first_commune=communes[0] if communes else "",
    )
