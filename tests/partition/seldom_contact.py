"""Questions asked of how somebody is reached: her contact details, and the safe way of a file."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from backoffice.forms.acts import MessageForm
from register.models import Contact, Demand, OrganisationKind, Task
from register.principals import Principal
from register.selectors.file import read_file
from register.services.account_link import give_code
from register.services.preferences import choose_safe_way
from register.services.safe_telling import tell_safely
from tests.factories import principal_of
from tests.partition.world import World


def contact_seen(world: World) -> dict[str, Callable[[], Any]]:
    """Each asks as somebody who may act on the file and reads no contact details."""
    own, sealed = world.demands["own"], world.demands["sealed"]

    def of_names_only(role: str) -> Principal:
        member = world.members[role]
        member.organisation.agreements.update(data_classes=["identity", "documents"])
        return principal_of(member)

    def safe_way_without_contact() -> Any:
        manager = of_names_only("manager")
        return choose_safe_way(principal=manager, demand=sealed, way="email")

    def safe_way_on_the_file() -> list[str]:
        Contact.objects.filter(demand=sealed).update(safe_way="phone", safe_words="Le matin")
        return [read_file(of_names_only("manager"), sealed).safe_way]

    def task_of_a_sealed_file() -> list[str]:
        """Given to the manager where no team lead of the body in charge opens it."""
        Demand.objects.filter(pk=sealed.pk).update(
            registered_by=world.members["no agreement"].organisation
        )
        tell_safely(Demand.objects.get(pk=sealed.pk), sealed.events.latest("pk"))
        return [Task.objects.get(demand=sealed).organisation.kind == OrganisationKind.MANAGER]

    def how_she_is_told() -> list[str]:
        return [MessageForm().said(of_names_only("landlord agent"), own)]

    def without_account() -> Demand:
        Demand.objects.filter(pk=own.pk).update(account=None)
        Contact.objects.filter(demand=own).update(email="sur.papier@example.org")
        return Demand.objects.get(pk=own.pk)

    def address_of_a_code() -> list[bool]:
        of_names_only("manager")
        url = reverse("desk:account_code", args=[without_account().number])
        answer = world.client("manager").get(url)
        return [answer.status_code == 200, "sur.papier@" in answer.content.decode()]

    def code_sent_unread() -> Any:
        manager = of_names_only("manager")
        return give_code(principal=manager, demand=without_account(), by_email=True)

    return {
        "the address of a code": address_of_a_code,
        "a code sent to an address that is not read": code_sent_unread,
        "a safe way, without the contact details": safe_way_without_contact,
        "the safe way on the file": safe_way_on_the_file,
        "what is to be told of a sealed file": task_of_a_sealed_file,
        "how she is told, to whoever reads no contact": how_she_is_told,
    }
