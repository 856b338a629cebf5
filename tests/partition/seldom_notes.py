"""Questions asked of the notes that applicants ask to read."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from register.models import NotesRequest
from register.selectors import notes_requests
from register.services.acts import add_note
from register.services.notes_requests import give_notes
from tests.factories import principal_of
from tests.partition.world import World


def notes_seen(world: World) -> dict[str, Callable[[], Any]]:
    """Each writes a request, then asks as a manager whom another question would stop."""
    demand = world.demands["own"]

    def notes_asked(where: str, *classes: str) -> list[str]:
        member, asked = world.members["manager"], world.demands[where]
        if classes:
            member.organisation.agreements.update(data_classes=list(classes))
        NotesRequest.objects.create(demand=asked, asked_at=timezone.now())
        return [each.demand.number for each in notes_requests.waiting(principal_of(member))]

    def notes_given() -> list[str]:
        member = world.members["manager"]
        member.organisation.agreements.update(data_classes=["identity"])
        add_note(principal=principal_of(world.members["landlord agent"]), demand=demand, text="x")
        asked = NotesRequest.objects.create(demand=demand, asked_at=timezone.now())
        read = [note.pk for note in notes_requests.kept_notes(demand)]
        give_notes(principal=principal_of(member), request=asked, read=read, hidden={})
        given = notes_requests.given_notes(demand)
        return [note.text for note in given.notes] if given else []

    return {
        "notes asked for elsewhere": lambda: notes_asked("other"),
        "notes asked for, not read": lambda: notes_asked("own", "identity"),
        "notes given": notes_given,
    }
