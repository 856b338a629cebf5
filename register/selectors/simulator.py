"""What the rules in force answer to a household that has no demand, and of which nothing is kept.

The household becomes a facts sheet computed like the facts row of any demand; then the same rules
read it. No row is written, none is read but rules, figures and territories.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from register import clock
from register.access import vocabulary
from register.models import Demand, DemandState, Department
from register.norms import Norms
from register.parameters import parameter_bindings
from register.services.application import DemandApplication
from register.services.fact_row import Declared, facts_from
from rules.explanation import Explainer
from rules.reading import FactSheet

FINANCINGS = ("plai", "plus", "pls")


@dataclass(frozen=True)
class Ceiling:
    """The reference income as a share of one ceiling, in percent; None when it is not known."""

    financing: str
    percent: Decimal | None

    @property
    def is_open(self) -> bool | None:
        """True within the ceiling; None when the income is not known."""
        return None if self.percent is None else self.percent <= 100


@dataclass(frozen=True)
class Answer:
    """What a household learns: how it is counted and which ceilings it respects."""

    household_size: int
    household_category: int
    annual_income: Decimal | None
    ceilings: tuple[Ceiling, ...]


def default_department() -> str:
    """The department whose rules answer: the first one served."""
    return Department.objects.order_by("code").values_list("code", flat=True).first() or ""


def simulate(application: DemandApplication, received_on: date) -> Answer:
    """The answer of the rules in force today to this declaration."""
    sheet = sheet_of(application, received_on)
    today = clock.today()
    bindings = parameter_bindings(application.department, today)
    explainer = Explainer(vocabulary(), bindings, sheet, today)

    def percent(financing: str) -> Decimal | None:
        value = explainer.value(explainer.fact(f"demand.ceiling_percent_{financing}"))
        return value if isinstance(value, Decimal) else None

    return Answer(
        household_size=sheet["demand.household_size"],
        household_category=sheet["demand.household_category"],
        annual_income=sheet["demand.annual_income"],
        ceilings=tuple(Ceiling(each, percent(each)) for each in FINANCINGS),
    )


def sheet_of(application: DemandApplication, received_on: date) -> FactSheet:
    """Every fact of the facts row that this declaration would have; the others are unknown."""
    today = clock.today()
    demand = Demand(
        department_id=application.department,
        state=DemandState.ACTIVE,
        received_on=received_on,
        expires_on=today,
        unborn_count=application.unborn_count,
        is_sealed=False,
    )
    declared = Declared(
        persons=application.persons,
        applicant_name="",
        incomes=[line.amount for person in application.persons for line in person.incomes],
        housing=application.current_housing,
        contact=application.contact,
        home_types=application.wish.home_types,
        communes=application.wish.communes,
        reasons=application.reasons,
        norms=Norms.of(parameter_bindings(application.department, today)),
    )
    demand.facts = facts_from(demand, declared, today)
    read = {fact.code: fact for fact in vocabulary() if fact.column and fact.getter}
    sheet = FactSheet({code: fact.getter(demand) for code, fact in read.items() if fact.getter})
    return FactSheet({**sheet, "demand.departments": {application.department}})
