"""Questions asked of papers put in the shared file: what a paper tells, its reader may read."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from register.services.received import Receipt, receive_document
from tests.factories import make_stored_file, principal_of
from tests.partition.world import World


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

    return {"paper received that tells resources": receive_masked}
