"""Questions asked of papers put in the shared file: what a paper tells, its reader may read."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from register.models import StoredFile
from register.selectors.scans import to_scan_again
from register.services.received import Receipt, receive_document
from tests.factories import make_stored_file, principal_of
from tests.partition.world import World, add_document


def papers_seen(world: World) -> dict[str, Callable[[], Any]]:
    """Each asks as somebody whom another question would let pass."""
    demand = world.demands["own"]

    def receive_masked() -> Any:
        """By somebody who checks documents, and reads no resources."""
        commune = principal_of(world.members["commune inside"])
        return receive_document(
            principal=commune,
            demand=demand,
            receipt=Receipt("income", "counter", timezone.localdate()),
            file=make_stored_file(commune.user).pk,
        )

    def to_make_again(role: str, kind: str) -> list[str]:
        """A scan of her own organisation, which she may not check, or may not read."""
        member = world.members[role]
        add_document(demand, kind)
        scan = demand.documents.filter(kind=kind)
        scan.update(put_in_by=member.organisation)
        StoredFile.objects.filter(document__in=scan).update(scan_status="infected")
        return [each.kind for each in to_scan_again(principal_of(member))]

    return {
        "paper received that tells resources": receive_masked,
        "scan of a body by who checks none": lambda: to_make_again("landlord reader", "family"),
        "scan that tells resources": lambda: to_make_again("commune inside", "income"),
    }
