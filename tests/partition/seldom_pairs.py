"""Questions asked of pairs of demands that may be one person's: both must be open, not one."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from register.models import Demand, DuplicatePair, Merge
from register.selectors import pairs
from register.selectors.merges import others_of
from register.services.pairs import put_off
from tests.factories import principal_of
from tests.partition.world import World


def pairs_seen(world: World) -> dict[str, Callable[[], Any]]:
    """Each writes the pair it asks about, then asks as somebody whom a question would stop."""

    def pair() -> DuplicatePair:
        first, second = sorted((world.demands["own"], world.demands["other"]), key=lambda d: d.pk)
        return DuplicatePair.objects.create(
            first=first, second=second, probability=1, compared="x", found_at=timezone.now()
        )

    def listed() -> list[int]:
        pair()
        return [line.pk for line in pairs.reviewable(principal_of(world.members["manager"]))]

    def answered() -> Any:
        return put_off(principal=principal_of(world.members["manager"]), pair=pair())

    def registered_here() -> list[int]:
        """One of the two is the commune's, the other nobody's that it knows."""
        pair()
        member = world.members["commune inside"]
        Demand.objects.filter(pk=world.demands["own"].pk).update(registered_by=member.organisation)
        return [line.pk for line in pairs.reviewable(principal_of(member))]

    def merged_with() -> list[str]:
        """The manager opens one of two merged demands, and not the other."""
        member, now = world.members["manager"], timezone.now()
        Merge.objects.create(
            kept=world.demands["own"],
            other=world.demands["other"],
            made_at=now,
            made_by=member.user,
            made_for=member.organisation,
            until=now.date(),
        )
        found = others_of(principal_of(member), world.demands["own"])
        return [each.number for each in found]

    return {
        "merged with": merged_with,
        "pairs": listed,
        "pair of one's own": registered_here,
        "answer a pair": answered,
    }
