"""What somebody else does to her demand is told to the applicant, by the ways that she accepted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from exchange.delivery import deliver_pending
from register.codes import DocumentKind
from register.form.single import asked_of, find, mark
from register.letters import texts
from register.models import (
    Contact,
    Demand,
    Document,
    EffectKind,
    Event,
    EventKind,
    OrganisationKind,
    Outbox,
    Role,
    SafeWay,
    Task,
    TaskKind,
)
from register.principals import Principal
from register.selectors.channels import STEP_LETTER
from register.selectors.deliveries import sendings_of
from register.selectors.given_answers import kept_answer
from register.services import validity
from register.services.documents import verify_document
from register.services.labels import answer_priority
from register.services.modification import Proposed, rectify
from tests.factories import (
    make_demand,
    make_member,
    make_organisation,
    make_stored_file,
    make_user,
    principal_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


@pytest.fixture
def lead() -> Principal:
    return principal_of(make_member(make_organisation(), Role.LEAD))


def put_right(lead: Principal, demand: Demand) -> None:
    name = next(each.ref for each in asked_of(demand) if each.question.name == "monthly_cost")
    asked = find(Demand.objects.get(pk=demand.pk), name)
    assert asked is not None
    rectify(
        principal=lead,
        demand=demand,
        ref=name,
        proposed=Proposed(700, mark(kept_answer(asked))),
        source="third",
        text="Appel de la CAF",
    )


def lapse(lead: Principal, demand: Demand) -> None:
    verify_document(principal=lead, demand=demand, document=demand.documents.get())
    Outbox.objects.all().delete()
    yesterday = timezone.localdate() - timedelta(days=1)
    Document.objects.filter(demand=demand).update(valid_until=yesterday)
    validity.take_turn()


def say_no(_lead: Principal, demand: Demand, label: str = "no_home") -> None:
    state = make_organisation("ddets", kind=OrganisationKind.STATE)
    answer_priority(
        principal=principal_of(make_member(state, Role.LEAD)),
        demand=demand,
        label=label,
        decision="refused",
        ground="Aucune pièce.",
    )


Act = Callable[[Principal, Demand], None]
STEPS: dict[EventKind, tuple[Act, str]] = {
    EventKind.MODIFIED: (put_right, "Appel de la CAF"),
    EventKind.DOCUMENT_OBSOLETE: (lapse, "plus récent"),
    EventKind.LABEL_REFUSED: (say_no, "Aucune pièce."),
}
each_step = pytest.mark.parametrize("kind", STEPS)


def happen(kind: EventKind, lead: Principal, **told: Any) -> Event:
    demand = make_demand(registered_by=lead.organisation, **told.pop("made", {}))
    Contact.objects.filter(demand=demand).update(**told)
    STEPS[kind][0](lead, demand)
    return demand.events.get(kind=kind)


def sent(event: Event) -> list[str]:
    return list(Outbox.objects.filter(payload__event=event.pk).values_list("kind", flat=True))


@each_step
def test_she_is_told_by_e_mail_with_its_state_in_her_story(
    kind: EventKind, lead: Principal, mailoutbox: list[Any]
) -> None:
    event = happen(kind, lead)
    assert sent(event) == [EffectKind.MESSAGE_EMAIL]
    deliver_pending(100)
    assert len(mailoutbox) == 1
    assert "Appel" not in mailoutbox[0].body
    [sending] = sendings_of([event])[event.pk]
    assert sending.stage == "sent"


@each_step
def test_without_e_mail_she_reads_it_in_a_letter_in_plain_words(
    kind: EventKind, lead: Principal
) -> None:
    event = happen(kind, lead, accepts_email=False)
    assert sent(event) == [EffectKind.LETTER]
    letter = texts.find(STEP_LETTER, "21")
    assert letter is not None
    assert STEPS[kind][1] in texts.written(letter, event.demand, event=event).text


@pytest.mark.parametrize("kind", [EventKind.MODIFIED, EventKind.DOCUMENT_OBSOLETE])
def test_of_a_sealed_file_the_safe_way_alone_tells_it(kind: EventKind, lead: Principal) -> None:
    sealed = {"is_sealed": True}
    event = happen(kind, lead, safe_way=SafeWay.LETTER, accepts_email=True, made=sealed)
    assert sent(event) == [EffectKind.LETTER]


def test_what_the_safe_way_cannot_carry_a_body_tells(lead: Principal) -> None:
    event = happen(EventKind.MODIFIED, lead, safe_way=SafeWay.COUNTER, made={"is_sealed": True})
    assert sent(event) == []
    assert Task.objects.get(event=event).kind == TaskKind.TELL


def test_documents_that_lapse_the_same_night_are_told_once_and_all_named(lead: Principal) -> None:
    demand = make_demand(registered_by=lead.organisation)
    Contact.objects.filter(demand=demand).update(accepts_email=False)
    stored = make_stored_file(make_user())
    kind, now = DocumentKind.TAX_NOTICE, timezone.now()
    Document.objects.create(demand=demand, kind=kind, stored_file=stored, added_at=now)
    for document in demand.documents.all():
        demand.refresh_from_db()
        verify_document(principal=lead, demand=demand, document=document)
    Outbox.objects.all().delete()
    yesterday = timezone.localdate() - timedelta(days=1)
    Document.objects.filter(demand=demand).update(valid_until=yesterday)
    validity.take_turn()
    letter = Outbox.objects.get()
    step = texts.find(STEP_LETTER, "21")
    assert step is not None
    event = Event.objects.get(pk=letter.payload["event"])
    words = texts.written(step, demand, event=event).text
    for kind in (DocumentKind.TAX_NOTICE, DocumentKind.IDENTITY):
        assert str(kind.label) in words


def test_a_letter_does_not_name_a_priority_that_tells_of_violence(lead: Principal) -> None:
    demand = make_demand(registered_by=lead.organisation)
    Contact.objects.filter(demand=demand).update(accepts_email=False)
    say_no(lead, demand, "violence")
    event = demand.events.get(kind=EventKind.LABEL_REFUSED)
    step = texts.find(STEP_LETTER, "21")
    assert step is not None
    words = texts.written(step, demand, event=event).text
    assert "non reconnue" in words
    assert "violence" not in words.lower()


def test_nothing_lapses_nor_is_told_while_the_clock_cannot_be_believed(
    lead: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validity, "strange_clock", lambda: "clock_ahead")
    demand = make_demand(registered_by=lead.organisation)
    lapse(lead, demand)
    assert not demand.events.filter(kind=EventKind.DOCUMENT_OBSOLETE).exists()
    assert not Outbox.objects.exists()
