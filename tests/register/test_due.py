"""Which demands a delay has reached, for the whole stock: the query is the rule of one demand."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from register import deadlines
from register.models import Demand, DemandState
from register.selectors import due
from register.selectors.next_dates import next_dates
from rules import registry
from rules.deadlines import end
from rules.kinds.deadlines import Deadlines, Start
from tests.factories import make_demand

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

TODAY = date(2026, 3, 31)


def demand_of(received_on, **changes):
    """A demand with the end of validity that the module gives."""
    demand = make_demand(received_on=received_on)
    start = changes.get("last_renewed_on") or received_on
    changes.setdefault("expires_on", deadlines.add(start, deadlines.get("validity")))
    Demand.objects.filter(pk=demand.pk).update(**changes)
    return Demand.objects.get(pk=demand.pk)


def struck_off(day):
    return demand_of(
        day - timedelta(days=500),
        state=DemandState.STRUCK_OFF,
        strike_off_reason="RADREN",
        struck_off_on=day,
    )


def with_delay(code, value):
    """The module in force with another value, as a draft to simulate."""
    body = registry.in_force("deadlines")[0].body
    changed = tuple(
        replace(item, value=value) if item.code == code else item for item in body.deadlines
    )
    return (due.Delays("21", Deadlines(changed)),)


@pytest.fixture
def stock():
    """Demands of every age around each limit, renewed or not."""
    ages = [*range(325, 340), *range(360, 370), *range(390, 400), 20, 760]
    for age in ages:
        day = TODAY - timedelta(days=age)
        demand_of(day)
        demand_of(day - timedelta(days=400), last_renewed_on=day)


def found(query):
    return set(query.values_list("pk", flat=True))


def live(test):
    return {d.pk for d in Demand.objects.all() if d.is_live and test(d)}


def last_day(demand, code):
    start = demand.last_renewed_on or demand.received_on
    starts = {Start.END_OF_VALIDITY: demand.expires_on, Start.DEPOSIT: demand.received_on}
    deadline = deadlines.get(code)
    return end(deadline, starts.get(deadline.start, start))


def test_the_whole_stock_is_asked_what_each_demand_would_answer(stock):
    notify = live(lambda d: last_day(d, "renewal_notice") <= TODAY <= d.expires_on)
    warn = live(lambda d: d.expires_on < TODAY < last_day(d, "strike_off"))
    strike = live(lambda d: last_day(d, "strike_off") <= TODAY)
    beyond = live(lambda d: last_day(d, "abnormal_delay") <= TODAY)
    assert found(due.to_notify(TODAY)) == notify
    assert found(due.to_warn(TODAY)) == warn
    assert found(due.to_strike_off(TODAY)) == strike
    assert found(due.beyond_abnormal_delay(TODAY)) == beyond
    assert all((notify, warn, strike, beyond))
    assert not notify & warn
    assert not warn & strike


def test_data_are_erased_a_year_after_the_striking_off_and_not_a_day_before():
    over = struck_off(date(2025, 3, 31))
    struck_off(date(2025, 4, 1))
    demand_of(date(2020, 1, 1))
    assert found(due.to_erase(TODAY)) == {over.pk}


def test_a_draft_is_tried_on_the_stock_beside_what_is_in_force(stock):
    now, longer = due.to_strike_off(TODAY), due.to_strike_off(TODAY, with_delay("strike_off", 14))
    assert found(longer) < found(now)
    assert found(due.to_warn(TODAY, with_delay("strike_off", 14))) > found(due.to_warn(TODAY))


def test_without_a_module_for_the_department_nothing_is_due(stock):
    body = registry.in_force("deadlines")[0].body
    assert found(due.to_strike_off(TODAY, (due.Delays("71", body),))) == set()
    assert found(due.to_strike_off(TODAY, ())) == set()
    everywhere = due.to_strike_off(TODAY, (due.Delays("", body), due.Delays("71", body)))
    assert found(everywhere) == found(due.to_strike_off(TODAY))


def test_each_answer_is_one_query(stock, django_assert_num_queries):
    registry.in_force("deadlines")
    with registry.remembered():
        delays = due.delays_in_force()
        with django_assert_num_queries(1):
            list(due.to_strike_off(TODAY, delays))


def test_a_live_demand_shows_its_dates_in_order_with_their_rule():
    demand = demand_of(TODAY - timedelta(days=30))
    shown = next_dates(demand)
    assert [item.code for item in shown] == sorted(
        (item.code for item in shown), key=lambda code: last_day(demand, code)
    )
    assert {"renewal_notice", "validity", "strike_off"} <= {item.code for item in shown}
    assert all(item.module == "deadlines-21" and item.legal_basis for item in shown)


def test_a_day_to_come_is_told_as_one_that_may_still_not_come():
    shown = {item.code: item for item in next_dates(demand_of(TODAY - timedelta(days=30)))}
    assert shown["renewal_notice"].then == "Le demandeur en aura été prévenu"
    assert shown["renewal_notice"].rule == "Au moins 1\u00a0mois avant la fin de validité"
    assert shown["validity"].then == "Sans renouvellement, la demande n’est plus valable"


def test_a_wait_that_became_abnormal_stays_told_since_its_day():
    demand = demand_of(date(2020, 1, 1), last_renewed_on=date(2026, 11, 1))
    (opened,) = [item for item in next_dates(demand) if item.is_open]
    assert (opened.code, opened.on) == ("abnormal_delay", date(2022, 1, 1))


@pytest.mark.parametrize(
    ("reason", "code"),
    [("RADREN", "reactivation"), ("RADCON", "unreachable_reactivation"), ("RADABA", None)],
)
def test_a_demand_struck_off_shows_until_when_it_can_come_back(reason, code):
    today = date(2026, 11, 24)
    demand = demand_of(
        date(2025, 10, 20),
        state=DemandState.STRUCK_OFF,
        strike_off_reason=reason,
        struck_off_on=today,
    )
    expected = {"retention"} | ({code} if code else set())
    assert {item.code for item in next_dates(demand)} == expected
