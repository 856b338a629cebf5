"""A demand struck off too early comes back with its number and its seniority, in time only."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from register import clock, codes
from register.errors import Conflict, NotAllowed, TransitionRefused
from register.models import Demand, DemandState, Document, EffectKind, EventKind, Outbox, Role
from register.principals import SYSTEM, Principal
from register.replay import replay
from register.services.documents import verify_document
from register.services.facts import refresh_facts
from register.services.reactivation import reactivate_demand
from register.services.strike_off import strike_off, warn, withdraw_in_writing
from tests.factories import (
    make_commune,
    make_counter,
    make_demand,
    make_member,
    make_organisation,
    make_user,
    principal_of,
)
from tests.register.demands import of_association, submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

DEPOSIT = date(2024, 8, 31)
STRUCK_OFF = date(2025, 10, 1)
# Last day to come back, counted by hand: t+18 months is 28 February 2026, and five months
# after the striking off is 1 March 2026 (arrêté du 23 mars 2015, annexe).
LAST_DAY = {"RADREN": date(2026, 2, 28), "RADCON": date(2026, 3, 1)}
FINAL = ("RADATT", "RADABA", "RADIRR")


def on(day: date) -> Any:
    return clock.at(timezone.make_aware(datetime.combine(day, time(9))))


@pytest.fixture
def counter() -> Principal:
    return principal_of(make_member(make_organisation(), Role.LEAD))


def struck_off(counter: Principal, reason: str, **told: Any) -> Demand:
    told = {"state": DemandState.ACTIVE, "received_on": DEPOSIT, **told}
    demand = make_demand(registered_by=counter.organisation, **told)
    with on(STRUCK_OFF):
        if told["state"] == DemandState.ACTIVE:
            demand.documents.filter(kind="identity").update(status="verified")
            refresh_facts(demand=demand)
    ended(counter, demand, reason, STRUCK_OFF)
    demand.refresh_from_db()
    return demand


def ended(counter: Principal, demand: Demand, reason: str, day: date) -> None:
    """Struck off by whom the reason belongs to, warned 40 days before where the law says so."""
    ground = {"RADCON": "RADCON", "RADIRR": "IRRRES"}.get(reason)
    if ground:
        sent = day - timedelta(days=40)
        with on(sent):
            warn(principal=counter, demand=demand, ground=ground, sent_on=sent, text="RAR 1")
    with on(day):
        by = SYSTEM if reason == "RADREN" else counter
        strike_off(principal=by, demand=demand, reason=reason)


@pytest.mark.parametrize("reason", LAST_DAY)
def test_until_the_last_day_the_demand_comes_back_with_number_and_seniority(
    reason: str, counter: Principal
) -> None:
    demand = struck_off(counter, reason)
    with on(LAST_DAY[reason]):
        event = reactivate_demand(principal=counter, demand=demand)
    now = Demand.objects.get(pk=demand.pk)
    assert (now.state, now.number, now.received_on) == ("active", demand.number, DEPOSIT)
    assert (now.strike_off_reason, now.struck_off_on) == ("", None)
    assert now.last_renewed_on == LAST_DAY[reason]
    assert now.expires_on == LAST_DAY[reason].replace(year=2027)
    assert (event.kind, event.organisation) == (EventKind.REACTIVATED, counter.organisation)
    assert event.details == {"because": reason, "struck_off_on": "2025-10-01"}
    assert now.facts.state == "active"
    assert set(now.audiences.values_list("is_live", flat=True)) == {True}


@pytest.mark.parametrize("reason", LAST_DAY)
def test_the_day_after_it_is_refused_and_nothing_is_written(
    reason: str, counter: Principal
) -> None:
    demand = struck_off(counter, reason)
    with on(LAST_DAY[reason] + timedelta(days=1)), pytest.raises(ValidationError):
        reactivate_demand(principal=counter, demand=demand)
    assert Demand.objects.get(pk=demand.pk).state == "struck_off"
    assert not demand.events.filter(kind=EventKind.REACTIVATED).exists()


@pytest.mark.parametrize("reason", FINAL)
def test_other_ends_are_final(reason: str, counter: Principal) -> None:
    demand = struck_off(counter, reason)
    with on(STRUCK_OFF), pytest.raises(ValidationError):
        reactivate_demand(principal=counter, demand=demand)


def test_every_legal_reason_is_tried_here() -> None:
    assert {*LAST_DAY, *FINAL} == set(codes.StrikeOffReason.values)


def test_a_demand_never_checked_comes_back_to_be_checked(counter: Principal) -> None:
    demand = struck_off(counter, "RADREN", state=DemandState.AWAITING_CHECK)
    with on(STRUCK_OFF):
        reactivate_demand(principal=counter, demand=demand)
        demand.refresh_from_db()
        assert demand.state == "awaiting_check"
        document = Document.objects.get(demand=demand)
        verify_document(principal=counter, demand=demand, document=document)
    demand.refresh_from_db()
    assert demand.state == "active"


def test_the_applicant_asks_a_counter_and_a_reader_cannot(counter: Principal) -> None:
    demand = struck_off(counter, "RADREN")
    reader = principal_of(make_member(counter.organisation, Role.READER))
    for principal in (principal_of(demand.account), reader):
        with on(STRUCK_OFF), pytest.raises(NotAllowed):
            reactivate_demand(principal=principal, demand=demand)


def test_nobody_has_two_live_demands_in_a_department(counter: Principal) -> None:
    demand = struck_off(counter, "RADREN", account=make_user())
    make_demand(registered_by=counter.organisation, account=demand.account)
    with on(STRUCK_OFF), pytest.raises(ValidationError):
        reactivate_demand(principal=counter, demand=demand)


def test_a_live_demand_has_nothing_to_resume(counter: Principal) -> None:
    demand = make_demand(registered_by=counter.organisation)
    with pytest.raises(TransitionRefused):
        reactivate_demand(principal=counter, demand=demand)


def test_two_counters_at_once_resume_it_once(counter: Principal) -> None:
    demand = struck_off(counter, "RADREN")
    version = demand.version
    with on(STRUCK_OFF):
        reactivate_demand(principal=counter, demand=demand, expected_version=version)
        with pytest.raises(Conflict):
            reactivate_demand(principal=counter, demand=demand, expected_version=version)


def test_what_decided_it_is_kept_and_told(counter: Principal) -> None:
    demand = make_demand(registered_by=counter.organisation)
    ended(counter, demand, "RADCON", timezone.localdate())
    event = reactivate_demand(principal=counter, demand=demand)
    kept = event.decisions.filter(kind="deadline")
    assert {each.subject for each in kept} == {"unreachable_reactivation", "validity"}
    assert replay(1000).differences == ()
    assert Outbox.objects.filter(kind=EffectKind.MESSAGE_EMAIL, key=f"event:{event.pk}").exists()


def test_a_withdrawal_in_writing_says_which_writing(counter: Principal) -> None:
    demand = make_demand(registered_by=counter.organisation)
    event = withdraw_in_writing(
        principal=counter, demand=demand, text="Lettre du 3 mars 2026, reçue le 5."
    )
    demand.refresh_from_db()
    assert (demand.state, demand.strike_off_reason) == ("struck_off", "RADABA")
    assert event.text == "Lettre du 3 mars 2026, reçue le 5."
    assert Outbox.objects.filter(key=f"event:{event.pk}").exists()


@pytest.mark.parametrize("is_hers", [True, False])
def test_what_an_association_asks_for_keeps_no_other_demand_of_the_account_from_coming_back(
    counter: Principal, is_hers: bool
) -> None:
    make_counter()
    for commune in ((), ("21515", "Quetigny")):
        make_commune(*commune)
    account = make_user()
    ended_one = submit(account, of_association() if is_hers else None)
    submit(account, of_association())
    strike_off(principal=SYSTEM, demand=ended_one, reason="RADREN")
    reactivate_demand(principal=counter, demand=ended_one)
    ended_one.refresh_from_db()
    assert ended_one.is_live
