"""An applicant gives her demand up from her space: explained, confirmed, told, and final."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from register.errors import Conflict, NotAllowed, TransitionRefused
from register.models import (
    Demand,
    DemandState,
    EventKind,
    Mandate,
    MandateKind,
    MandateScope,
    Outbox,
    User,
)
from register.services.giving_up import give_up
from register.services.reactivation import reactivate_demand
from tests.factories import (
    PASSWORD,
    make_demand,
    make_member,
    make_organisation,
    make_user,
    principal_of,
)
from tests.portal.space import page, read, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
AGAIN = "/compte/reauthenticate/"


@pytest.fixture
def demand() -> Demand:
    return make_demand(registered_by=make_organisation("gdh"))


def by_password(user: User) -> Client:
    """Signed in, with the password given again a moment ago."""
    client = signed_in(user)
    assert client.post(AGAIN, {"password": PASSWORD}).status_code == 302
    return client


def guardian(demand: Demand, kind: str, scope: str, helper: User | None = None) -> Mandate:
    today = timezone.localdate()
    return Mandate.objects.create(
        demand=demand,
        kind=kind,
        scope=scope,
        helper=helper,
        name="Paule Roux",
        reference="RG 26/00123",
        recorded_by=demand.registered_by,
        starts_on=today - timedelta(days=9),
        ends_on=today + timedelta(days=9),
    )


def test_the_whole_journey_without_any_script(demand: Demand) -> None:
    client = by_password(demand.account)
    assert page(demand, "give-up") in read(client, page(demand))
    told = read(client, page(demand, "give-up"))
    assert "ne peut pas être annul" in told
    assert "ancienneté" in told
    refused = client.post(page(demand, "give-up"), {"version": demand.version})
    assert refused.status_code == 422, "the box is not ticked"
    sure = {"version": demand.version, "is_sure": "on"}
    assert client.post(page(demand, "give-up"), sure)["Location"] == page(demand)
    demand.refresh_from_db()
    assert (demand.state, demand.strike_off_reason) == (DemandState.STRUCK_OFF, "RADABA")
    event = demand.events.get(kind=EventKind.STRUCK_OFF)
    assert (event.user, event.reason) == (demand.account, "RADABA")
    assert Outbox.objects.filter(key=f"event:{event.pk}").exists(), "she is told"
    story = read(client, page(demand))
    assert "vous avez renoncé à votre demande" in story
    assert page(demand, "give-up") not in story
    # Pressed twice: said, and nothing more is written.
    again = client.post(page(demand, "give-up"), sure)
    assert again.status_code == 409
    assert demand.events.filter(kind=EventKind.STRUCK_OFF).count() == 1


def test_a_session_that_did_not_sign_in_just_now_gives_the_password_again(demand: Demand) -> None:
    client, here = signed_in(demand.account), page(demand, "give-up")
    answer = client.post(here, {"version": demand.version, "is_sure": "on"})
    assert answer["Location"] == here
    asked = client.get(here)
    assert asked["Location"].startswith(AGAIN)
    assert client.post(asked["Location"], {"password": "faux"}).status_code == 200
    demand.refresh_from_db()
    assert demand.is_live
    again = client.post(asked["Location"], {"password": PASSWORD})
    assert again["Location"] == here
    assert "is_sure" in read(client, here)


def test_the_law_resumes_no_demand_that_was_given_up(demand: Demand) -> None:
    give_up(principal=principal_of(demand.account), demand=demand, expected_version=demand.version)
    agent = principal_of(make_member(demand.registered_by))
    demand.refresh_from_db()
    with pytest.raises(ValidationError):
        reactivate_demand(principal=agent, demand=demand)


def test_one_of_two_applicants_does_not_end_the_demand_of_both() -> None:
    demand = make_demand(co_applicant="Roche")
    client = by_password(demand.account)
    told = read(client, page(demand, "give-up"))
    assert "guichet" in told
    assert "is_sure" not in told
    sure = {"version": demand.version, "is_sure": "on"}
    assert client.post(page(demand, "give-up"), sure).status_code == 409
    with pytest.raises(TransitionRefused):
        give_up(
            principal=principal_of(demand.account), demand=demand, expected_version=demand.version
        )
    demand.refresh_from_db()
    assert demand.is_live


@pytest.mark.parametrize("scope", [MandateScope.READ, MandateScope.ANSWER, MandateScope.MODIFY])
def test_no_helper_gives_up_however_far_the_mandate_goes(demand: Demand, scope: str) -> None:
    helper, today = make_user(), timezone.localdate()
    Mandate.objects.create(
        demand=demand, helper=helper, scope=scope, starts_on=today, ends_on=today
    )
    client = by_password(helper)
    assert page(demand, "give-up") not in read(client, page(demand))
    assert client.get(page(demand, "give-up")).status_code == 404
    sure = {"version": demand.version, "is_sure": "on"}
    assert client.post(page(demand, "give-up"), sure).status_code == 404
    with pytest.raises(NotAllowed):
        give_up(principal=principal_of(helper), demand=demand, expected_version=demand.version)


def test_who_represents_gives_up_in_both_names_and_the_represented_does_not(
    demand: Demand,
) -> None:
    tutor = make_user(first_name="Paule", last_name="Roux")
    mandate = guardian(demand, MandateKind.TUTOR, MandateScope.REPRESENT, tutor)
    hers = by_password(demand.account)
    assert "is_sure" not in read(hers, page(demand, "give-up"))
    sure = {"version": demand.version, "is_sure": "on"}
    assert hers.post(page(demand, "give-up"), sure).status_code == 409
    assert by_password(tutor).post(page(demand, "give-up"), sure).status_code == 302
    event = demand.events.get(kind=EventKind.STRUCK_OFF)
    assert event.details["under"] == mandate.pk
    assert "Paule Roux, pour Camille Martin" in read(hers, page(demand))


@pytest.mark.parametrize("scope", [MandateScope.ANSWER, MandateScope.MODIFY])
def test_assisted_people_sign_with_their_curator_and_others_give_up_alone(
    demand: Demand, scope: str
) -> None:
    held = guardian(demand, MandateKind.SPECIAL, scope)
    owner: Any = principal_of(demand.account)
    with pytest.raises(Conflict):
        give_up(principal=owner, demand=demand, expected_version=demand.version - 1)
    held.kind, held.scope = MandateKind.CURATOR, MandateScope.MODIFY
    held.save()
    with pytest.raises(TransitionRefused):
        give_up(principal=owner, demand=demand, expected_version=demand.version)
    held.kind = MandateKind.SPECIAL
    held.save()
    assert give_up(principal=owner, demand=demand, expected_version=demand.version)
