"""Questions asked of who may act for an applicant: who helps tells who is helped."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from backoffice.forms.acts import ContactForm
from register.models import Mandate
from register.principals import Principal
from tests.factories import principal_of
from tests.partition.world import World


def mandates_seen(world: World) -> dict[str, Callable[[], Any]]:
    """Each is asked as somebody whose agreement opens the file, and not what a mandate tells."""
    demand = world.demands["own"]

    def manager_reading(*classes: str) -> Principal:
        member = world.members["manager"]
        member.organisation.agreements.update(data_classes=list(classes))
        return principal_of(member)

    def page(*classes: str) -> list[int]:
        manager_reading(*classes)
        url = reverse("desk:mandates", args=[demand.number])
        return [world.client("manager").get(url).status_code]

    def who_asks() -> list[str]:
        manager = manager_reading("contact")
        Mandate.objects.filter(demand=demand).update(name="Paule Roux")
        form = ContactForm().suit(manager, demand)
        asked: Any = form.fields.get("asked_by")
        return [str(label) for _key, label in asked.choices] if asked else []

    def on_the_file() -> list[bool]:
        manager_reading("contact")
        Mandate.objects.filter(demand=demand).update(name="Paule Roux")
        url = reverse("desk:file", args=[demand.number])
        return ["Paule Roux" in world.client("manager").get(url).content.decode()]

    return {
        "mandates, names only": lambda: page("identity"),
        "mandates, contact only": lambda: page("contact"),
        "who asks, no names": who_asks,
        "who helps, no names": on_the_file,
    }
