"""Questions asked of what applicants wrote or sent and nobody has taken up."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from register.models import EventKind
from register.principals import Principal
from register.selectors.to_take_up import waiting
from register.services.acts import send_message
from register.services.messages import leave_unanswered
from tests.factories import principal_of
from tests.partition.world import World, add_document


def words_seen(world: World) -> dict[str, Callable[[], Any]]:
    """Each writes what it asks about, then asks as somebody whom another question would stop."""
    demand = world.demands["own"]

    def asked_by(role: str) -> Principal:
        """The last body to have asked her something, whether it opens her demand or not."""
        member = world.members[role]
        demand.events.create(
            kind=EventKind.MESSAGE_SENT,
            at=timezone.now() - timedelta(hours=1),
            organisation=member.organisation,
        )
        return principal_of(member)

    def told(principal: Principal) -> list[Any]:
        found, count, _more = waiting(principal)
        return [
            count,
            [(line.words, [each.document.kind for each in line.papers]) for line in found],
        ]

    def words(role: str, *classes: str) -> list[Any]:
        demand.documents.all().delete()
        asked_by(role)
        member = world.members[role]
        send_message(principal=principal_of(demand.account), demand=demand, body="x")
        if classes:
            member.organisation.agreements.update(data_classes=list(classes))
        return told(principal_of(member))

    def papers(role: str, *classes: str) -> list[Any]:
        asked_by(role)
        demand.messages.all().delete()
        add_document(demand, "income")
        member = world.members[role]
        if classes:
            member.organisation.agreements.update(data_classes=list(classes))
        return told(principal_of(member))

    def set_aside() -> Any:
        outside = asked_by("commune outside")
        send_message(principal=principal_of(demand.account), demand=demand, body="x")
        return leave_unanswered(principal=outside, demand=demand)

    return {
        "words waiting elsewhere": lambda: words("commune outside"),
        "words waiting, names only": lambda: words("landlord agent", "identity"),
        "papers waiting elsewhere": lambda: papers("commune outside"),
        "papers waiting, names only": lambda: papers("landlord agent", "identity"),
        "words set aside elsewhere": set_aside,
    }
