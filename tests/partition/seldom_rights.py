"""Questions asked of what is put right: who is told, who ends it, who changes which answer."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone

from register.form.single import mark
from register.form.tax_years import tax_years
from register.models import Correction, Demand, FieldChange, MandateScope, Person
from register.principals import Principal
from register.selectors import corrections
from register.services.acts import add_note
from register.services.corrections import answer_correction, ask_correction
from register.services.declaring import modify
from register.services.modification import Proposed, rectify
from tests.factories import principal_of
from tests.partition.seldom_mandates import mandates_seen
from tests.partition.world import World


def corrections_seen(world: World) -> dict[str, Callable[[], Any]]:
    """Each asks as somebody whom another question would let pass."""
    demand = world.demands["own"]

    def asked_by(role: str, part: str) -> Principal:
        member = world.members[role]
        _asked(world, role, part, answered_at=timezone.now())
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

    def change_ones_own_name() -> Any:
        name = _applicant(demand)
        asked = _asked(world, "manager", "identity", question="identite.birth_name", person=name)
        proposed = Proposed("Autre", mark(name.birth_name))
        owner = principal_of(demand.account)
        return answer_correction(principal=owner, correction=asked, proposed=proposed)

    def declare_another_name() -> Any:
        name = _applicant(demand)
        proposed = {f"identite.birth_name@{name.pk}": Proposed("Autre", mark(name.birth_name))}
        return modify(principal=principal_of(demand.account), demand=demand, proposed=proposed)

    return {
        "another name of one's own": declare_another_name,
        "corrections to close": to_close,
        "corrections waiting": waiting,
        "correction of a masked part": ask_about_masked,
        "one's own name": change_ones_own_name,
    }


def answers_seen(world: World) -> dict[str, Callable[[], Any]]:
    """The same of answers that are changed, of their history, and of notes between bodies."""
    demand = world.demands["own"]

    def income() -> str:
        return f"ressources.tax_income_n2@{_applicant(demand).pk}"

    def change_what_is_read_only() -> Any:
        # Of this year: incomes of years gone move before they are changed.
        Demand.objects.filter(pk=demand.pk).update(tax_year=tax_years()[0])
        return rectify(
            principal=principal_of(world.members["manager"]),
            demand=demand,
            ref=income(),
            proposed=Proposed(Decimal("17000"), mark("18400.00")),
            source="third",
            text="x",
        )

    def page_of_what_is_read_only() -> list[int]:
        url = reverse("desk:rectify", args=[demand.number, income()])
        return [world.client("manager").get(url).status_code]

    def to_the_widest_mandate(address: str) -> list[int]:
        demand.mandates.update(scope=MandateScope.MODIFY)
        url = f"/mon-espace/{demand.number}/{address}"
        return [world.client("helper").get(url).status_code]

    def page_about_resources_to_the_helper() -> list[int]:
        return to_the_widest_mandate("declaration/ressources/")

    def request_about_resources_to_the_helper() -> list[int]:
        asked = _asked(world, "manager", "resources")
        return to_the_widest_mandate(f"corrections/{asked.pk}/")

    def answer_about_resources_of_the_helper() -> Any:
        demand.mandates.update(scope=MandateScope.MODIFY)
        asked = _asked(world, "manager", "resources")
        helper = principal_of(world.cast["helper"])
        return answer_correction(principal=helper, correction=asked, text="x")

    def history_to_the_helper() -> list[bool]:
        FieldChange.objects.create(
            demand=demand,
            event=demand.events.first(),
            question="ressources.tax_income_n2",
            person=_applicant(demand),
            before="18499.00",
            source="applicant",
        )
        url = reverse("space:history", args=[demand.number])
        return ["499" in world.client("helper").get(url).content.decode()]

    def note_to_a_body_that_opens_no_such_file() -> Any:
        agent = principal_of(world.members["landlord agent"])
        to = f"body-{world.members['landlord elsewhere'].organisation_id}"
        return add_note(principal=agent, demand=demand, text="x", to=to)

    return {
        "an answer that is only read": change_what_is_read_only,
        "its page": page_of_what_is_read_only,
        "history of what is masked": history_to_the_helper,
        "page of resources under a mandate": page_about_resources_to_the_helper,
        "request about resources under a mandate": request_about_resources_to_the_helper,
        "answer about resources under a mandate": answer_about_resources_of_the_helper,
        "a note to a body elsewhere": note_to_a_body_that_opens_no_such_file,
        **mandates_seen(world),
    }


def _applicant(demand: Demand) -> Person:
    return demand.persons.get(role="applicant")


def _asked(world: World, role: str, part: str, **given: Any) -> Correction:
    member = world.members[role]
    return Correction.objects.create(
        demand=world.demands["own"],
        part=part,
        organisation=member.organisation,
        asked_by=member.user,
        asked_at=timezone.now(),
        text="x",
        **given,
    )
