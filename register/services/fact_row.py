"""The facts row of a demand from the rows at hand: the same for services and for bulk loading."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from register import bits, codes
from register.codes import CurrentHousingKind, DocumentKind, DocumentStatus, LabelDecision
from register.held import COMPARED
from register.household import (
    Household,
    after_long_unemployment,
    effort_ratio,
    monthly_income,
    reference_income,
    tax_notices,
)
from register.models import Contact, CurrentHousing, Demand, DemandFacts, Document, Label, Person
from register.norms import Norms
from register.services.application import (
    ContactData,
    CurrentHousingData,
    DemandApplication,
    PersonData,
)

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Declared:
    """Everything a demand's facts are computed from, as stored rows or as declared."""

    persons: Sequence[Person] | Sequence[PersonData]
    applicant_name: str
    incomes: Sequence[Decimal]
    housing: CurrentHousing | CurrentHousingData
    contact: Contact | ContactData
    home_types: Sequence[str]
    communes: Sequence[str]
    reasons: Sequence[str]
    # How many share the home without being of the household.
    flat_sharers: int = 0
    # The communes in words, with the quarter wished in some.
    places: Sequence[str] = ()
    labels: Sequence[Label] = ()
    documents: Sequence[Document] = ()
    # The reason of each offer that the applicant declined.
    declined: Sequence[str] = ()
    norms: Norms = field(default_factory=Norms)

    @classmethod
    def by(cls, application: DemandApplication, norms: Norms, **known: Any) -> "Declared":
        """What an application declares, with what is `known` besides (name, labels, papers)."""
        return cls(
            persons=application.persons,
            applicant_name=known.pop("applicant_name", ""),
            incomes=[line.amount for person in application.persons for line in person.incomes],
            housing=application.current_housing,
            contact=application.contact,
            home_types=application.wish.home_types,
            communes=application.wish.communes,
            reasons=application.reasons,
            flat_sharers=len(application.flat_sharers),
            norms=norms,
            **known,
        )


def facts_from(demand: Demand, declared: Declared, today: date) -> DemandFacts:
    """The facts of a demand on a day, not saved."""
    if demand.is_association:
        return _of_association(demand, declared, today)
    young = declared.norms.young_couple_ages
    household = Household(tuple(declared.persons), demand.unborn_count, today, young)
    facts = DemandFacts(demand=demand, applicant_name=declared.applicant_name)
    copy_demand(facts, demand)
    _people(facts, declared, household)
    _reached(facts, declared)
    _housing(facts, declared)
    _resources(facts, declared)
    _wishes(facts, demand, declared)
    _papers(facts, declared)
    _labels(facts, declared.labels, today)
    facts.recompute_on = min(
        filter(None, [household.changes_on, *_label_days(declared.labels, today)]), default=None
    )
    return facts


# Rubrics of the form that an association does not fill (R441-2-2): unknown, never "no".
_UNFILLED = (
    "household_size household_category consumption_units adults children visiting_children"
    " unborn_count flat_sharers is_couple single_parent has_disability identity_verified"
)


def _of_association(demand: Demand, declared: Declared, today: date) -> DemandFacts:
    facts = DemandFacts(demand=demand, applicant_name=declared.applicant_name)
    copy_demand(facts, demand)
    _reached(facts, declared)
    _wishes(facts, demand, declared)
    _papers(facts, declared)
    _labels(facts, declared.labels, today)
    for name in _UNFILLED.split():
        setattr(facts, name, None)
    facts.recompute_on = min(_label_days(declared.labels, today), default=None)
    return facts


def copy_demand(facts: DemandFacts, demand: Demand) -> None:
    """Put in the facts what they repeat of the life of the demand."""
    facts.state = demand.state
    facts.department = demand.department_id
    facts.received_on = demand.received_on
    facts.expires_on = demand.expires_on
    facts.last_renewed_on = demand.last_renewed_on
    facts.struck_off_on = demand.struck_off_on
    facts.strike_off_reason = demand.strike_off_reason
    facts.channel = demand.channel
    facts.is_sealed = demand.is_sealed


def _people(facts: DemandFacts, declared: Declared, household: Household) -> None:
    applicant = next(p for p in declared.persons if p.role == codes.PersonRole.APPLICANT)
    facts.household_size = household.size
    facts.household_category = household.category
    facts.consumption_units = household.consumption_units
    facts.adults = household.adults
    facts.children = household.children
    facts.visiting_children = sum(
        p.role == codes.PersonRole.VISITING_CHILD for p in declared.persons
    )
    facts.unborn_count = household.unborn
    facts.flat_sharers = declared.flat_sharers
    facts.long_unemployed = after_long_unemployment(declared.persons)
    facts.is_couple = household.is_couple
    facts.single_parent = household.single_parent
    facts.has_disability = any(p.has_disability for p in declared.persons)
    facts.applicant_birth_date = applicant.birth_date
    facts.applicant_title = applicant.title
    facts.family_status = applicant.family_status
    facts.work_status = applicant.work_status


def _reached(facts: DemandFacts, declared: Declared) -> None:
    """How the applicant is reached, and what she answered to offers."""
    facts.accepts_email = bool(declared.contact.email and declared.contact.accepts_email)
    facts.refusals = len(declared.declined)
    facts.decline_reasons = bits.mask(declared.declined, bits.DECLINES)


def _housing(facts: DemandFacts, declared: Declared) -> None:
    housing = declared.housing
    facts.current_housing = housing.kind
    facts.current_home_type = housing.home_type
    facts.current_occupants = housing.occupants
    facts.current_surface = housing.surface
    facts.current_cost = housing.monthly_cost
    facts.housing_benefit = housing.housing_benefit
    facts.housed_since = housing.since
    facts.is_first_application = (housing.kind != CurrentHousingKind.HLM) if housing.kind else None
    if housing.occupants is not None and housing.surface is not None:
        least = declared.norms.surface_for(housing.occupants)
        facts.over_occupied = housing.surface < least if least is not None else None


def _resources(facts: DemandFacts, declared: Declared) -> None:
    facts.annual_income = reference_income(tax_notices(declared.persons), declared.norms.drop)
    if facts.annual_income is not None and facts.consumption_units:
        facts.income_per_unit = (facts.annual_income / facts.consumption_units).quantize(CENT)
    facts.monthly_income = monthly_income(declared.incomes)
    # Nobody says that she pays none: what is left empty is not known.
    paid = [p.alimony_paid for p in declared.persons if p.alimony_paid is not None]
    facts.alimony_paid = sum(paid) if paid else None
    facts.effort_ratio = effort_ratio(
        declared.housing.monthly_cost, declared.housing.housing_benefit, facts.monthly_income
    )


def _wishes(facts: DemandFacts, demand: Demand, declared: Declared) -> None:
    facts.wished_home_types = bits.mask(declared.home_types, bits.HOME_TYPES)
    facts.building_kind = demand.building_kind
    facts.widening = demand.widening
    facts.max_monthly_cost = demand.max_monthly_cost
    facts.first_commune = declared.communes[0] if declared.communes else ""
    facts.wished_places = "\n".join(declared.places)
    facts.reasons = bits.mask(declared.reasons, bits.REASONS)
    facts.first_reason = declared.reasons[0] if declared.reasons else ""


def _papers(facts: DemandFacts, declared: Declared) -> None:
    verified = {d.kind for d in declared.documents if d.status == DocumentStatus.VERIFIED}
    facts.verified_documents = bits.mask(verified, bits.DOCUMENTS)
    once = {d.kind for d in declared.documents if d.status in COMPARED}
    facts.identity_verified = DocumentKind.IDENTITY in once


def _labels(facts: DemandFacts, labels: Iterable[Label], today: date) -> None:
    latest: dict[str, Label] = {}
    for label in sorted(labels, key=lambda label: (label.valid_from, label.pk or 0)):
        if label.holds_on(today):
            latest[label.code] = label
    held = {c for c, label in latest.items() if label.decision == LabelDecision.RECOGNISED}
    facts.priority_labels = bits.mask(held, bits.LABELS)
    facts.refused_priorities = bits.mask(set(latest) - held, bits.LABELS)
    facts.is_priority = bool(held)
    facts.is_dalo = codes.PriorityLabel.DALO in held


def _label_days(labels: Iterable[Label], today: date) -> Iterator[date]:
    """Days to come on which a decision about a priority begins or ends."""
    for label in labels:
        if label.valid_from > today:
            yield label.valid_from
        if label.valid_to is not None and label.valid_to >= today:
            yield label.valid_to + timedelta(days=1)
