"""Who has to see to an identity that was checked and is so no more.

The body in charge checks another document; the body that proposed the applicant for a home is
warned, for its commission decides of somebody whose identity is not known (CCH R441-2-3, R441-3).
"""

from register import clock
from register.models import (
    Demand,
    DemandState,
    Event,
    EventKind,
    Organisation,
    Task,
    TaskKind,
)
from register.principals import SYSTEM
from register.services.journal import record_event
from register.services.safe_telling import who_tells


def give_tasks(demand: Demand, refusal: Event) -> None:
    """One for the body in charge, and one for whoever proposed her, if it is another."""
    bodies = [who_tells(demand)]
    if demand.state == DemandState.UNDER_ALLOCATION:
        proposed = demand.events.filter(kind=EventKind.CANDIDATE_PROPOSED)
        last = proposed.select_related("organisation").order_by("-at", "-pk").first()
        if last and last.organisation and last.organisation not in bodies:
            bodies.append(last.organisation)
    for body in bodies:
        _give(demand, body, refusal)


def _give(demand: Demand, body: Organisation, refusal: Event) -> None:
    step = record_event(
        principal=SYSTEM,
        demand=demand,
        kind=EventKind.TASK_OPENED,
        details={"refusal": refusal.pk},
        is_public=False,
        on_behalf_of=body,
    )
    task = Task(
        demand=demand,
        organisation=body,
        kind=TaskKind.IDENTITY,
        due_on=clock.today(),
        event=step,
        created_at=clock.now(),
    )
    task.full_clean()
    task.save(force_insert=True)
