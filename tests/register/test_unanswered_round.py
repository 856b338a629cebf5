"""Two months after a warning recorded with its proof, the register ends a silent demand."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from register.models import Demand, DemandState, EventKind, Held, Outbox, Role, Round, RuleDecision
from register.principals import Principal
from register.replay import replay
from register.selectors.strike_off_warnings import to_strike_off
from register.services import calendar
from register.services.acts import record_contact
from register.services.calendar import keep_calendar
from register.services.renewal import renew_demand
from register.services.strike_off import warn
from tests.factories import make_demand, make_member, make_organisation, principal_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

RECORDED = datetime(2026, 12, 31, 9)
# Two months later, counted by hand: February 2027 has 28 days. The next day is too late to answer.
LAST_DAY = date(2027, 2, 28)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(RECORDED, tick=False) as moved:
        yield moved


@pytest.fixture
def sender() -> Principal:
    return principal_of(make_member(make_organisation(), Role.AGENT))


def warned(sender: Principal, **told: Any) -> Demand:
    demand = make_demand(received_on=date(2026, 12, 1), **told)
    letter = {"ground": "RADCON", "sent_on": date(2026, 12, 20), "text": "Recommandé 1A 234"}
    warn(principal=sender, demand=demand, **letter)
    return demand


def run_on(day: date, clock: Any) -> Round:
    clock.move_to(datetime(day.year, day.month, day.day, 9))
    keep_calendar()
    return Round.objects.get(step="unanswered", day=day)


def test_it_ends_the_day_after_the_delay_and_not_before(sender: Principal, clock: Any) -> None:
    demand = warned(sender)
    for _ in range(20):
        make_demand(received_on=date(2026, 12, 1))
    Demand.objects.exclude(pk=demand.pk).update(expires_on=date(2030, 1, 1))
    assert run_on(LAST_DAY, clock).done == 0
    assert run_on(LAST_DAY + timedelta(days=1), clock).done == 1
    demand.refresh_from_db()
    assert (demand.state, demand.strike_off_reason) == (DemandState.STRUCK_OFF, "RADCON")
    event = demand.events.get(kind=EventKind.STRUCK_OFF)
    sent = Outbox.objects.filter(demand=demand, key__startswith=f"struck_off:{event.pk}:")
    assert {each.payload["letter"] for each in sent} == {"unanswered"}
    kept = RuleDecision.objects.filter(event=event, subject="unreachable_strike_off")
    assert kept.count() == 1
    assert not replay(50).differences


@pytest.mark.parametrize("answer", ["spoken with", "renewed", "no proof", "other ground"])
def test_whoever_answered_or_was_not_warned_so_is_not_ended(
    answer: str, sender: Principal, clock: Any
) -> None:
    demand = warned(sender)
    if answer == "spoken with":
        record_contact(principal=sender, demand=demand, channel="phone", text="Elle appelle")
    elif answer == "renewed":
        renew_demand(principal=principal_of(demand.account), demand=demand)
    elif answer == "no proof":
        demand.events.filter(kind=EventKind.WARNED).update(text="")
    else:
        demand.events.filter(kind=EventKind.WARNED).update(reason="IRRRES")
    clock.move_to(datetime(2027, 4, 1, 9))
    assert to_strike_off(date(2027, 4, 1)) == []


def test_a_letter_that_got_no_answer_since_is_no_contact(sender: Principal, clock: Any) -> None:
    demand = warned(sender)
    record_contact(principal=sender, demand=demand, channel="letter", text="Relance")
    clock.move_to(datetime(2027, 4, 1, 9))
    assert [each.demand_id for each in to_strike_off(date(2027, 4, 1))] == [demand.pk]


def test_many_at_once_wait_for_the_manager(
    sender: Principal, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar, "limits", lambda _day: (1, 100))
    for _ in range(2):
        warned(sender)
    Demand.objects.update(expires_on=date(2030, 1, 1))
    clock.move_to(datetime(2027, 4, 1, 9))
    keep_calendar()
    held = Round.objects.get(step="unanswered", day=date(2027, 4, 1))
    assert (held.held, held.found, held.done) == (Held.FILES, 2, 0)
    assert not Demand.objects.filter(state=DemandState.STRUCK_OFF).exists()
