"""The calendar of a demand: announced in time, recalled, called, struck off late rather than early.

Days are counted by hand from the law: notice a month before, t+12 end, t+13 striking off, t+18.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail

from exchange import delivery
from exchange.sms import MemoryBackend
from register import clock
from register.errors import NotAllowed, TransitionRefused
from register.models import (
    Contact,
    Delivery,
    Demand,
    EventKind,
    Outbox,
    RenewalNotice,
    Role,
    Round,
    User,
)
from register.renewal_codes import code_of, link_of
from register.selectors.calls import to_call
from register.selectors.next_dates import may_renew, resumption
from register.selectors.renewals import strike_off_on
from register.services import notices
from register.services.calendar import keep_calendar
from register.services.calls import record_call
from register.services.reactivation import reactivate_demand
from register.services.renewal import renew_demand
from tests.factories import make_demand, make_member, make_organisation, principal_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

DEPOSIT, END, STRUCK_OFF = date(2026, 1, 31), date(2027, 1, 31), date(2027, 2, 28)
LAST_CHANCE = date(2027, 7, 31)


@pytest.fixture(autouse=True)
def texts() -> Iterator[list[Any]]:
    MemoryBackend.sent.clear()
    yield MemoryBackend.sent
    MemoryBackend.sent.clear()


@pytest.fixture
def day() -> Iterator[Any]:
    """A clock put at nine o'clock of a day, on which the night's round and the worker then run."""
    with time_machine.travel(datetime(2026, 6, 1, 9), tick=False) as clock:

        def live(on: date) -> None:
            clock.move_to(datetime(on.year, on.month, on.day, 9))
            keep_calendar()
            delivery.deliver_pending(1000)

        yield live


@pytest.fixture
def others() -> None:
    """Enough live demands for one to be no mass effect, valid for years."""
    _add_others(21)


def _add_others(count: int) -> None:
    for _ in range(count):
        demand = make_demand(received_on=date(2026, 5, 1))
        Demand.objects.filter(pk=demand.pk).update(expires_on=date(2031, 5, 1))


def applied(**told: Any) -> Demand:
    demand = make_demand(received_on=DEPOSIT, **told)
    Demand.objects.filter(pk=demand.pk).update(expires_on=END)
    demand.refresh_from_db()
    return demand


def each_day(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def each_week(first: date, last: date) -> Iterator[date]:
    """Often enough for the clock to be believed."""
    yield from (first + timedelta(days=7 * place) for place in range((last - first).days // 7 + 1))
    yield last


def ways(event: Any) -> list[tuple[str, str]]:
    found = Outbox.objects.filter(payload__event=event.pk).order_by("key")
    return [(each.kind, each.key.rpartition(":")[2]) for each in found]


def test_an_end_is_announced_a_month_before_at_least_and_once(day: Any, others: None) -> None:
    demand = applied()
    day(date(2026, 12, 20))
    assert not demand.renewal_notices.exists()
    for on in each_day(date(2026, 12, 23), date(2027, 1, 30)):
        day(on)
    notice = demand.renewal_notices.get()
    assert notice.announced_on == date(2026, 12, 24)  # a week before 31 December
    assert demand.events.filter(kind=EventKind.RENEWAL_ANNOUNCED).count() == 1
    sent = [message for message in mail.outbox if "Renouvelez" in message.subject]
    assert [message.to for message in sent] == [[demand.contact.email]]
    assert link_of(notice) in sent[0].body
    assert code_of(notice)[:4] in sent[0].body


@pytest.mark.parametrize(
    ("contact", "channel", "expected"),
    [
        ({}, "online", ["email"]),
        ({"wants_letters": True}, "online", ["email", "post"]),
        ({"accepts_email": False}, "online", ["post"]),
        ({}, "counter", ["email", "post"]),
        ({"email": "", "accepts_email": False}, "counter", ["post"]),
        ({"accepts_sms": True}, "online", ["email", "sms"]),
    ],
)
def test_the_channels_are_those_of_the_article(
    contact: dict[str, Any], channel: str, expected: list[str], day: Any, others: None
) -> None:
    demand = applied(channel=channel)
    Contact.objects.filter(demand=demand).update(**contact)
    day(date(2026, 12, 24))
    event = demand.events.get(kind=EventKind.RENEWAL_ANNOUNCED)
    assert [way for _kind, way in ways(event)] == expected


def test_somebody_who_has_signed_in_uses_the_online_service(day: Any, others: None) -> None:
    demand = applied(channel="counter")
    User.objects.filter(pk=demand.account_id).update(last_login=datetime.now().astimezone())
    day(date(2026, 12, 24))
    event = demand.events.get(kind=EventKind.RENEWAL_ANNOUNCED)
    assert [way for _kind, way in ways(event)] == ["email"]


def test_whoever_does_not_renew_is_reminded_then_struck_off_at_thirteen_months(
    day: Any, others: None
) -> None:
    demand = applied()
    days = {}
    for on in each_day(date(2026, 12, 23), date(2027, 3, 2)):
        day(on)
        demand.refresh_from_db()
        for kind in demand.events.values_list("kind", flat=True):
            days.setdefault(kind, on)
    assert days[EventKind.RENEWAL_REMINDED] == date(2027, 2, 1)
    assert days[EventKind.STRUCK_OFF] == STRUCK_OFF
    assert demand.strike_off_reason == "RADREN"
    assert "radiée" in mail.outbox[-1].body
    ended = demand.events.get(kind=EventKind.STRUCK_OFF)
    assert {each.subject for each in ended.decisions.filter(kind="deadline")} == {"strike_off"}
    counter = principal_of(make_member(demand.registered_by, Role.LEAD))
    with time_machine.travel(datetime(2027, 7, 31, 9)):
        reactivate_demand(principal=counter, demand=demand)
    demand.refresh_from_db()
    assert (demand.is_live, demand.received_on) == (True, DEPOSIT)


def test_a_late_announcement_delays_the_striking_off_by_as_much(day: Any, others: None) -> None:
    """The worker slept: told on 10 February instead of 31 December, 41 days late."""
    demand = applied()
    day(date(2027, 2, 8))
    Round.objects.update(day=date(2027, 2, 9), held="")
    day(date(2027, 2, 10))
    notice = RenewalNotice.objects.filter(demand=demand).get()
    late = notice.announced_on - date(2026, 12, 31)
    assert strike_off_on(demand) == STRUCK_OFF + late
    for on in each_day(notice.announced_on + timedelta(days=1), STRUCK_OFF + late):
        demand.refresh_from_db()
        assert demand.is_live
        day(on)
    demand.refresh_from_db()
    assert demand.struck_off_on == STRUCK_OFF + late
    found = resumption(demand)
    assert found is not None
    assert found.last_day == LAST_CHANCE + late


def test_whoever_is_told_to_renew_can_do_so_at_once(day: Any, others: None) -> None:
    demand = applied()
    first = next(
        on
        for on in each_day(date(2026, 12, 1), END)
        if day(on) or RenewalNotice.objects.filter(demand=demand).exists()
    )
    assert first < date(2026, 12, 31)
    with time_machine.travel(datetime(first.year, first.month, first.day, 10)):
        assert may_renew(demand)


def test_what_no_way_reaches_waits_for_a_call_and_is_not_struck_off(day: Any, others: None) -> None:
    demand = applied(registered_by=make_organisation(), channel="counter")
    Contact.objects.filter(demand=demand).update(accepts_email=False, address="", city="")
    day(date(2026, 12, 24))
    agent = principal_of(make_member(demand.registered_by, Role.LEAD))
    elsewhere = principal_of(make_member(make_organisation(), Role.LEAD))
    assert [each.demand for each in to_call(agent)] == [demand]
    assert not to_call(elsewhere).exists()
    for on in each_day(date(2026, 12, 25), date(2027, 3, 10)):
        day(on)
    demand.refresh_from_db()
    assert demand.is_live
    notice = demand.renewal_notices.get(kind="notice")
    with pytest.raises(NotAllowed):
        record_call(principal=elsewhere, notice=notice, outcome="unreachable")
    record_call(principal=agent, notice=notice, outcome="unreachable", text="Trois appels")
    with pytest.raises(TransitionRefused):
        record_call(principal=agent, notice=notice, outcome="unreachable")
    demand.renewal_notices.filter(kind="reminder").update(called_at=datetime.now().astimezone())
    # The call is the announcement, and came 69 days late.
    ends = STRUCK_OFF + timedelta(days=69)
    for on in each_week(date(2027, 3, 11), ends - timedelta(days=1)):
        day(on)
    demand.refresh_from_db()
    assert demand.is_live
    day(ends)
    demand.refresh_from_db()
    assert demand.struck_off_on == ends


def test_a_letter_is_told_when_it_is_printed_and_one_never_printed_is_followed_by_a_call(
    day: Any, others: None
) -> None:
    _add_others(20)
    printed, waiting = (applied(channel="counter") for _ in range(2))
    Contact.objects.filter(demand__in=(printed, waiting)).update(email="", accepts_email=False)
    for on in each_week(date(2026, 12, 24), date(2027, 1, 20)):
        day(on)
    letter = Outbox.objects.filter(demand=printed, kind="letter", key__startswith="renewal:")
    letter.update(delivery=Delivery.PRINTED, delivery_at=clock.now())
    assert not RenewalNotice.objects.filter(to_call_at__isnull=False).exists()
    ends = STRUCK_OFF + timedelta(days=20)  # posted on 20 January instead of 31 December
    for on in each_week(date(2027, 1, 20), ends - timedelta(days=1)):
        day(on)
    announced = RenewalNotice.objects.filter(kind="notice", to_call_at__isnull=False)
    assert [each.demand for each in announced] == [waiting]
    day(ends)
    for demand in (printed, waiting):
        demand.refresh_from_db()
    assert (printed.struck_off_on, waiting.is_live) == (ends, True)


def test_a_mail_that_comes_back_puts_the_person_on_the_call_list(day: Any, others: None) -> None:
    demand = applied()
    day(date(2026, 12, 24))
    effect = Outbox.objects.get(key__startswith="renewal:")
    notices.record_delivery(effect, Delivery.BOUNCED)
    notices.record_delivery(effect, Delivery.BOUNCED)
    assert demand.renewal_notices.get().to_call_at is not None
    assert demand.events.filter(kind=EventKind.NOTICE_FAILED, is_public=False).count() == 1


def test_one_way_that_stands_is_enough(day: Any, others: None) -> None:
    demand = applied(channel="counter")
    day(date(2026, 12, 24))
    email = Outbox.objects.get(key__startswith="renewal:", kind="message_email")
    notices.record_delivery(email, Delivery.BOUNCED)
    assert demand.renewal_notices.get().to_call_at is None
    letter = Outbox.objects.get(key__startswith="renewal:", kind="letter")
    notices.record_delivery(letter, Delivery.BOUNCED)
    assert demand.renewal_notices.get().to_call_at is not None


def test_a_renewal_makes_what_was_to_be_sent_moot(day: Any, others: None) -> None:
    demand = applied()
    with time_machine.travel(datetime(2026, 12, 24, 9)):
        keep_calendar()
        renew_demand(principal=principal_of(demand.account), demand=demand)
        delivery.deliver_pending(1000)
    assert not [message for message in mail.outbox if "Renouvelez" in message.subject]
    assert [message for message in mail.outbox if "renouvelée" in message.subject]


def test_a_text_message_names_nobody_and_is_short(day: Any, others: None) -> None:
    demand = applied()
    Contact.objects.filter(demand=demand).update(accepts_sms=True)
    day(date(2026, 12, 24))
    [(to, text, _key)] = MemoryBackend.sent
    assert to == "+33380000000"
    assert "Martin" not in text
    assert len(text) <= 160
    assert text.isascii()
