"""Questions asked of what is put right: who is told, who ends it, who changes which answer."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone

from register.form.single import mark
from register.models import Correction, FieldChange
from register.principals import Principal
from register.selectors import corrections
from register.services.acts import add_note
from register.services.corrections import ask_correction
from register.services.modification import Proposed, rectify
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
        about = "logement-souhaite-elargir.widening"
        return ask_correction(principal=lead, demand=demand, about=about, text="x")

    def income() -> str:
        return f"ressources.tax_income_n2@{demand.persons.get(role='applicant').pk}"

    def change_what_is_read_only() -> Any:
        proposed = Proposed(Decimal("17000"), mark("18400.00"))
        return rectify(
            principal=principal_of(world.members["manager"]),
            demand=demand,
            ref=income(),
            proposed=proposed,
            source="third",
            text="x",
        )

    def page_of_what_is_read_only() -> list[int]:
        url = reverse("desk:rectify", args=[demand.number, income()])
        return [world.client("manager").get(url).status_code]

    def history_to_the_helper() -> list[bool]:
        event = demand.events.first()
        FieldChange.objects.create(
            demand=demand,
            event=event,
            question="ressources.tax_income_n2",
            person=demand.persons.get(role="applicant"),
            before="18499.00",
            source="applicant",
        )
        url = reverse("space:history", args=[demand.number])
        return ["499" in world.client("helper").get(url).text]

    def note_to_a_body_that_opens_no_such_file() -> Any:
        agent = principal_of(world.members["landlord agent"])
        to = f"body-{world.members['landlord elsewhere'].organisation_id}"
        return add_note(principal=agent, demand=demand, text="x", to=to)

    return {
        "a note to a body elsewhere": note_to_a_body_that_opens_no_such_file,
        "corrections to close": to_close,
        "corrections waiting": waiting,
        "correction of a masked part": ask_about_masked,
        "an answer that is only read": change_what_is_read_only,
        "its page": page_of_what_is_read_only,
        "history of what is masked": history_to_the_helper,
    }
