"""What the rules in force answer to a household that has no demand, and of which nothing is kept.

The household becomes a facts sheet computed like the facts row of any demand; then the same rules
read it. No row is written, none is read but rules, figures and territories.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from register import clock
from register.models import Demand, DemandState, Department
from register.norms import Norms
from register.parameters import parameter_bindings
from register.priorities import write_detections
from register.scoring import grid_of
from register.selectors.eligibility import Assessment, assess_household, sizes_of
from register.services.application import DemandApplication
from register.services.fact_row import Declared, facts_from
from rules import registry
from rules.kinds.scoring import Grid
from rules.reading import FactSheet
from rules.registry import Installed
from rules.scoring import Score, score

OWN = "demand."


@dataclass(frozen=True)
class Points:
    """The score that a grid gives to what was declared, and the grid."""

    module: Installed[Grid]
    score: Score

    @property
    def declared(self) -> int:
        """The points once every paper is checked, rounded as they are told."""
        return round(self.score.declared)


@dataclass(frozen=True)
class Answer:
    """What a household learns: ceilings, sizes of home, points; None where no rule is in force."""

    assessment: Assessment | None
    sizes: str
    points: Points | None


def default_department() -> str:
    """The department whose rules answer: the first one served."""
    return Department.objects.order_by("code").values_list("code", flat=True).first() or ""


def simulate(
    application: DemandApplication,
    received_on: date,
    tax_year: int,
    declined: Sequence[str] = (),
) -> Answer:
    """The answer of the rules in force today to this declaration; `tax_year` is N-2.

    `declined` holds why homes that were offered were declined.
    """
    assessment = assess_household(
        application.persons,
        unborn=application.unborn_count,
        department=application.department,
        tax_year=tax_year,
    )
    sheet = sheet_of(application, received_on, declined)
    return Answer(assessment, sizes_of(assessment), _points(application.department, sheet))


def _points(department: str, sheet: FactSheet) -> Points | None:
    module, today = grid_of(department), clock.today()
    if module is None:
        return None
    bindings = parameter_bindings(department, today)
    return Points(module, score(module.body, registry.vocabulary(), bindings, sheet, today))


def sheet_of(
    application: DemandApplication, received_on: date, declined: Sequence[str] = ()
) -> FactSheet:
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
    figures = parameter_bindings(application.department, today)
    declared = Declared.by(application, Norms.of(figures), declined=declined)
    demand.facts = facts_from(demand, declared, today)
    write_detections(demand.facts, figures, today)
    # Answers to local questions are read from their own rows: nobody asked them here.
    read = [f for f in registry.vocabulary() if f.column and f.getter and f.code.startswith(OWN)]
    sheet = {fact.code: fact.getter(demand) for fact in read if fact.getter}
    return FactSheet({**sheet, "demand.departments": {application.department}})
