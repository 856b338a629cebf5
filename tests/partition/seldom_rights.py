"""Questions asked of requests to correct: who is told of them, who ends them, about which part."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from register.models import Correction
from register.principals import Principal
from register.selectors import corrections
from register.services.corrections import ask_correction
from tests.factories import principal_of
from tests.partition.world import World


def corrections_seen(world: World) -> dict[str, Callable[[], Any]]:
    """Each asks as somebody whom another question would let pass."""
    demand = world.demands["own"]

    def asked_by(role: str, part: str) -> Principal:
        member, now = world.members[role], timezone.now()
        Correction.objects.create(
            demand=demand,
            part=part,
            organisation=member.organisation,
            asked_by=member.user,
            asked_at=now,
            answered_at=now,
            text="x",
        )
        return principal_of(member)

    def to_close() -> list[str]:
        found = corrections.to_close(asked_by("landlord lead", "wishes"), demand)
        return [each.part for each in found]

    def waiting() -> list[str]:
        found, _count = corrections.waiting(asked_by("commune outside", "contact"))
        return [each.part for each in found]

    def ask_about_masked() -> Any:
        lead = principal_of(world.members["landlord lead"])
        return ask_correction(principal=lead, demand=demand, part="wishes", text="x")

    return {
        "corrections to close": to_close,
        "corrections waiting": waiting,
        "correction of a masked part": ask_about_masked,
    }
