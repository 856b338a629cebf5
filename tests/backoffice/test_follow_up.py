"""What the manager of the shared file follows, and nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from register.models import (
    AccessPurpose,
    EffectKind,
    Event,
    EventKind,
    OrganisationKind,
    Outbox,
)
from register.services.journal import record_access
from register.services.outbox import enqueue
from tests.factories import make_demand, make_member, make_organisation, principal_of

pytestmark = pytest.mark.django_db
PAGE = "/bureau/suivi/"


@pytest.fixture
def manager(db: Any) -> Any:
    return make_member(make_organisation("gestionnaire", OrganisationKind.MANAGER), "manager")


def given_up(demand: Any) -> None:
    enqueue(kind=EffectKind.MESSAGE_EMAIL, key=f"test-{demand.pk}", demand=demand)
    Outbox.objects.filter(demand=demand).update(
        done_at=timezone.now(), last_error="SMTPRecipientsRefused"
    )


def test_the_manager_finds_the_sendings_that_were_given_up(manager: Any, sign_in: Any) -> None:
    lost, fine = make_demand(), make_demand()
    given_up(lost)
    page = sign_in(manager).get(PAGE).content.decode()
    assert f"/bureau/dossiers/{lost.number}/" in page
    assert "SMTPRecipientsRefused" in page
    assert fine.number not in page


def test_what_was_given_up_leaves_again_under_the_same_key(
    manager: Any, agent: Any, sign_in: Any
) -> None:
    lost = make_demand()
    given_up(lost)
    effect = Outbox.objects.get(demand=lost)
    again = f"/bureau/suivi/envois/{effect.pk}/"
    assert sign_in(agent).post(again).status_code == 404
    client = sign_in(manager)
    assert again in client.get(PAGE).text
    assert client.post(again).status_code == 302
    now = Outbox.objects.get(demand=lost)
    assert (now.key, now.done_at, now.last_error, now.attempts) == (effect.key, None, "", 0)
    assert client.post(again).status_code == 404


def test_a_worker_that_stands_still_is_told(manager: Any, sign_in: Any) -> None:
    enqueue(kind=EffectKind.MESSAGE_EMAIL, key="late", demand=make_demand())
    client = sign_in(manager)
    assert client.get(PAGE).context["follow_up"].late_effects == 0
    Outbox.objects.update(not_before=timezone.now() - timedelta(hours=2))
    assert client.get(PAGE).context["follow_up"].late_effects == 1


def test_readings_are_counted_by_organisation(manager: Any, agent: Any, sign_in: Any) -> None:
    demand = make_demand()
    for purpose in (AccessPurpose.VIEW, AccessPurpose.VIEW, AccessPurpose.DOCUMENT):
        record_access(principal=principal_of(agent), demand=demand, purpose=purpose)
    (line,) = sign_in(manager).get(PAGE).context["follow_up"].readings
    assert (line.organisation, line.files, line.documents, line.exported) == (
        agent.organisation.name,
        2,
        1,
        0,
    )


def test_each_count_of_what_waits_leads_to_the_list_that_it_counts(
    manager: Any, agent: Any, sign_in: Any
) -> None:
    client = sign_in(manager)
    for demand in (make_demand(), make_demand()):
        Event.objects.create(demand=demand, kind=EventKind.PIECE_REQUESTED, at=timezone.now())
    make_demand(is_sealed=True)
    page = client.get(PAGE)
    waiting = page.context["follow_up"].waiting
    for name, query in (
        ("pieces_awaited", "awaits_piece=on"),
        ("sealed", "is_sealed=on"),
        ("identity_to_check", "missing=identity"),
    ):
        assert f"/bureau/?{query}" in page.text
        assert client.get(f"/bureau/?{query}").context["page"].count == getattr(waiting, name)


def test_what_is_outside_the_manager_s_agreement_is_counted_nowhere(
    manager: Any, agent: Any, sign_in: Any
) -> None:
    elsewhere = make_demand(department="58", communes=("58194",))
    given_up(elsewhere)
    record_access(principal=principal_of(agent), demand=elsewhere, purpose=AccessPurpose.VIEW)
    shown = sign_in(manager).get(PAGE).context["follow_up"]
    assert (shown.failures, shown.readings, shown.waiting.identity_to_check) == ([], [], 0)


@pytest.mark.parametrize("role", ["reader", "agent", "lead", "statistics", "manager"])
def test_nobody_of_another_organisation_has_this_page(
    landlord: Any, sign_in: Any, role: str
) -> None:
    client = sign_in(make_member(landlord, role))
    assert client.get(PAGE).status_code == 404
    assert "/bureau/suivi/" not in client.get("/bureau/aide/").content.decode()


def test_the_page_costs_the_same_whatever_its_length(
    manager: Any, sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    for _each in range(4):
        given_up(make_demand())
    client = sign_in(manager)
    client.get(PAGE)
    with django_assert_max_num_queries(20):
        client.get(PAGE)
