"""Each reason of striking off belongs by law to one kind of body, some after a warning only."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from register import access, clock
from register.errors import NotAllowed
from register.models import Demand, EventKind, OrganisationKind, Role
from register.principals import SYSTEM, Principal
from register.replay import replay
from register.selectors.steps import withholds_reason
from register.services.acts import record_contact
from register.services.strike_off import record_lease, strike_off, warn
from tests.factories import make_commune, make_demand, make_member, make_organisation, principal_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

SENT = date(2026, 1, 5)
# One month after the warning, counted by hand: the applicant may answer that day still.
LAST_DAY = date(2026, 2, 5)


def on(day: date) -> Any:
    return clock.at(timezone.make_aware(datetime.combine(day, time(9))))


def body(kind: str = OrganisationKind.LANDLORD, role: str = Role.AGENT, **told: Any) -> Principal:
    return principal_of(make_member(make_organisation(kind=kind, **told), role))


@pytest.fixture
def demand() -> Demand:
    return make_demand(received_on=date(2025, 6, 1))


def town() -> Principal:
    return body(OrganisationKind.COMMUNE, commune=make_commune())


def warned(by: Principal, demand: Demand, ground: str = "RADCON") -> None:
    with on(SENT):
        warn(principal=by, demand=demand, ground=ground, sent_on=SENT, text="RAR 1A 234")


def test_a_lease_is_written_by_the_landlord_and_by_no_other_body(demand: Demand) -> None:
    lease: Any = {"demand": demand, "signed_on": timezone.localdate(), "text": "RPLS 2104512"}
    manager = body(OrganisationKind.MANAGER, Role.MANAGER)
    for other in (town(), body(OrganisationKind.STATE), manager, principal_of(demand.account)):
        with pytest.raises(NotAllowed):
            record_lease(principal=other, **lease)
    event = record_lease(principal=body(), **lease)
    assert (event.reason, event.text) == ("RADATT", "RPLS 2104512")
    assert event.details == {"signed_on": timezone.localdate().isoformat()}


def test_a_lease_is_not_signed_tomorrow(demand: Demand) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValidationError):
        record_lease(principal=body(), demand=demand, signed_on=tomorrow, text="RPLS 2104512")


@pytest.mark.parametrize("who", [body, town, lambda: body(OrganisationKind.STATE)])
def test_any_counter_that_may_act_writes_down_a_withdrawal(who: Any, demand: Demand) -> None:
    strike_off(principal=who(), demand=demand, reason="RADABA")


def test_a_state_service_that_is_no_counter_does_not(demand: Demand) -> None:
    state = body(OrganisationKind.STATE, is_counter=False)
    with pytest.raises(NotAllowed):
        strike_off(principal=state, demand=demand, reason="RADABA")


def test_want_of_renewal_is_for_the_register_and_its_manager(demand: Demand) -> None:
    for other in (body(), town(), principal_of(demand.account)):
        with pytest.raises(NotAllowed):
            strike_off(principal=other, demand=demand, reason="RADREN")
    strike_off(principal=SYSTEM, demand=demand, reason="RADREN")


def test_silence_is_observed_by_whoever_warned_a_month_before(demand: Demand) -> None:
    sender, other = town(), body()
    warned(sender, demand)
    ending: Any = {"demand": demand, "reason": "RADCON"}
    with on(LAST_DAY), pytest.raises(ValidationError, match="février"):
        strike_off(principal=sender, **ending)
    with on(LAST_DAY + timedelta(days=1)):
        with pytest.raises(ValidationError):
            strike_off(principal=other, **ending)
        event = strike_off(principal=sender, **ending)
    assert event.reason == "RADCON"


def test_the_delay_of_the_warning_is_kept_and_gives_the_same_again(demand: Demand) -> None:
    sender, sent = town(), timezone.localdate() - timedelta(days=40)
    with on(sent):
        warn(principal=sender, demand=demand, ground="RADCON", sent_on=sent, text="RAR 1A 234")
    event = strike_off(principal=sender, demand=demand, reason="RADCON")
    assert event.decisions.get(kind="deadline").subject == "unreachable_warning"
    assert replay(1000).differences == ()


def test_who_answered_the_warning_is_not_struck_off_for_silence(demand: Demand) -> None:
    sender = town()
    warned(sender, demand)
    with on(LAST_DAY):
        record_contact(principal=sender, demand=demand, channel="phone", text="Elle a rappelé.")
    with on(LAST_DAY + timedelta(days=9)), pytest.raises(ValidationError):
        strike_off(principal=sender, demand=demand, reason="RADCON")


def test_inadmissible_is_for_the_landlord_with_one_of_two_grounds(demand: Demand) -> None:
    with pytest.raises(NotAllowed):
        warned(town(), demand, "IRRRES")
    for unknown in ("RADIRR", "RADATT", ""):
        with pytest.raises(ValidationError):
            warned(body(), demand, unknown)
    landlord = body()
    warned(landlord, demand, "IRRSEJ")
    with on(LAST_DAY + timedelta(days=1)):
        event = strike_off(principal=landlord, demand=demand, reason="RADIRR")
    demand.refresh_from_db()
    assert (demand.strike_off_reason, event.reason) == ("RADIRR", "IRRSEJ")


def test_a_ground_is_told_to_whoever_may_read_what_it_tells(demand: Demand) -> None:
    landlord, commune = body(), town()
    warned(landlord, demand, "IRRRES")
    event = demand.events.get(kind=EventKind.WARNED)
    assert not withholds_reason(event, access.fields(landlord, demand))
    assert withholds_reason(event, access.fields(commune, demand))
