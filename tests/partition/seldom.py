"""Questions asked of what few files have: noticed priorities, tasks, runs of automatic rules."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from register import bits
from register.models import (
    AutomationRun,
    Demand,
    DemandFacts,
    RunOutcome,
    Task,
    TaskKind,
)
from register.principals import Principal
from register.selectors.automation import latest_runs
from register.selectors.file import people_of
from register.selectors.priorities import RECOGNISED, TO_EXAMINE, condition
from register.selectors.tasks import waiting
from rules.models import RuleModuleVersion
from tests.factories import principal_of
from tests.partition.world import World

ORDINARY, SENSITIVE, TELLING = "dalo", "violence", "poorly_housed"


def seldom_seen(world: World) -> dict[str, Callable[[], Any]]:
    """Each writes what it asks about, then asks as somebody whom another question would stop."""
    demand = world.demands["own"]

    def agent_reading(*classes: str) -> Principal:
        member = world.members["landlord agent"]
        member.organisation.agreements.update(data_classes=list(classes))
        return principal_of(member)

    def answering(token: str, code: str, *classes: str) -> list[str]:
        mask = bits.mask([code], bits.LABELS)
        held = {"detected_priorities": mask} if token == TO_EXAMINE else {"priority_labels": mask}
        DemandFacts.objects.filter(demand=demand).update(**held)
        asked = condition(agent_reading(*classes), token)
        return list(Demand.objects.filter(asked, pk=demand.pk).values_list("number", flat=True))

    def household() -> list[str]:
        lead = principal_of(world.members["landlord lead"])
        return [person.name for person in people_of(lead, demand)]

    def run() -> AutomationRun:
        return AutomationRun.objects.create(
            key="seldom",
            rule="automation-21/check-identity",
            version=RuleModuleVersion.objects.get(module__code="automation-21", state="in_force"),
            demand=demand,
            outcome=RunOutcome.DONE,
            at=timezone.now(),
        )

    def tasks() -> list[str]:
        elsewhere = principal_of(world.members["landlord elsewhere"])
        Task.objects.create(
            demand=demand,
            organisation=elsewhere.organisation,
            kind=TaskKind.FOLLOW,
            run=run(),
            position=0,
            created_at=timezone.now(),
        )
        return [line.task.demand.number for line in waiting(elsewhere)[0]]

    def runs() -> list[str]:
        run()
        return [repr(line) for line in latest_runs(principal_of(world.members["commune outside"]))]

    def certificate() -> list[int]:
        """To somebody whom the agreement opens names, and no income."""
        agent_reading("identity")
        address = f"/bureau/dossiers/{demand.number}/attestation/"
        return [world.client("landlord agent").get(address).status_code]

    return {
        "certificate": certificate,
        "tasks": tasks,
        "runs": runs,
        "household": household,
        "label": lambda: answering(f"{RECOGNISED}{ORDINARY}", ORDINARY, "identity", "health"),
        "sensitive label": lambda: answering(f"{RECOGNISED}{SENSITIVE}", SENSITIVE, "score"),
        "noticed": lambda: answering(TO_EXAMINE, ORDINARY, "identity", "health"),
        "noticed violence": lambda: answering(TO_EXAMINE, SENSITIVE, "score"),
    }
