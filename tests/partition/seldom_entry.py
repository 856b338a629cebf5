"""Questions asked once a paper form is copied: what is left to do of it, and for whom."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from register.models import Counter
from tests.partition.world import World


def entered_seen(world: World) -> dict[str, Callable[[], Any]]:
    """Each names a demand in the address of the next form, as the former one does."""
    demand = world.demands["own"]

    def after(role: str, *classes: str) -> list[bool]:
        organisation = world.members[role].organisation
        Counter.objects.get_or_create(code="ESSAI", name="Essai", organisation=organisation)
        if classes:
            organisation.agreements.update(data_classes=list(classes))
        answer = world.client(role).get(reverse("desk:entry"), {"apres": demand.number})
        told = answer.content.decode()
        offered = ("file", "certificate", "receive_document")
        pages = [reverse(f"desk:{name}", args=[demand.number]) for name in offered]
        return [f'href="{page}"' in told for page in pages]

    return {
        "form copied elsewhere": lambda: after("commune outside"),
        "form copied, names only": lambda: after("commune inside", "identity"),
    }
