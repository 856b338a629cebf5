"""Keeps the facts row and the audience rows of a demand in step with its tables.

Called inside the transaction of every service that changes the demand; nothing else writes them.
"""

from register import clock
from register.codes import PersonRole
from register.models import (
    Contact,
    CurrentHousing,
    Demand,
    DemandFacts,
    EventKind,
)
from register.norms import Norms
from register.parameters import parameter_bindings
from register.priorities import write_detections
from register.services.audiences import refresh_audiences
from register.services.fact_row import Declared, facts_from


def refresh_facts(*, demand: Demand) -> DemandFacts:
    """Recompute facts and audiences from the source tables and store them."""
    facts = compute_facts(demand)
    facts.save()
    refresh_audiences(demand=demand, facts=facts)
    return facts


def compute_facts(demand: Demand) -> DemandFacts:
    """The facts row a demand should have today, computed from its own tables, not saved."""
    persons = list(demand.persons.prefetch_related("incomes"))
    applicant = next(p for p in persons if p.role == PersonRole.APPLICANT)
    told = Demand.objects.select_related("contact", "current_housing").get(pk=demand.pk)
    today = clock.today()
    figures = parameter_bindings(demand.department_id, today)
    declared = Declared(
        persons=persons,
        applicant_name=applicant.search_name,
        incomes=[income.amount for person in persons for income in person.incomes.all()],
        housing=getattr(told, "current_housing", None) or CurrentHousing(),
        contact=getattr(told, "contact", None) or Contact(),
        home_types=[wish.code for wish in demand.wished_types.all()],
        communes=[
            wish.commune_id
            for wish in sorted(demand.wished_communes.all(), key=lambda wish: wish.position)
        ],
        reasons=[r.code for r in sorted(demand.reasons.all(), key=lambda r: r.position)],
        labels=list(demand.labels.all()),
        documents=list(demand.documents.all()),
        refusals=demand.events.filter(kind=EventKind.OFFER_DECLINED).count(),
        norms=Norms.of(figures),
    )
    facts = facts_from(demand, declared, today)
    write_detections(facts, figures, today)
    return facts
