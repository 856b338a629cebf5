"""How long people waited: counted by hand, kept for a month, silent where few were housed."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from register import clock, codes
from register.models import Demand, DemandState, Event, EventKind, Parameter, WaitingTime
from register.selectors.waiting_times import waits_for
from register.services.waiting_times import keep_waiting_times
from tests.factories import make_commune, make_counter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

DIJON, QUETIGNY, METROPOLE, COTE_D_OR = "21231", "21515", "epci:242100410", "dep:21"
TODAY = date(2026, 11, 30)
ENDED = date(2026, 10, 31)
UNDER_ALLOCATION = DemandState.UNDER_ALLOCATION


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with clock.at(_noon(TODAY)):
        yield


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def house(
    waits: Iterable[int],
    commune: str = DIJON,
    home_type: str = "T3",
    *,
    ended: date = ENDED,
    signed: date | None = None,
    was: str = UNDER_ALLOCATION,
) -> None:
    """One household for each wait, in days, struck off for the lease of a home."""
    home = {"home_type": home_type, "commune": commune}
    for days in waits:
        demand = _ended(ended, (signed or ended) - timedelta(days=days))
        told = {"signed_on": signed.isoformat()} if signed else {}
        proposed, over = EventKind.CANDIDATE_PROPOSED, EventKind.STRUCK_OFF
        Event.objects.bulk_create(
            [
                # Another home, which somebody else had.
                _event(demand, proposed, 60, {"home_type": "T5", "commune": QUETIGNY}),
                _event(demand, proposed, 20, home),
                _event(demand, over, 0, told, was),
            ]
        )


def _event(demand: Demand, kind: str, before: int, details: dict[str, str], was: str = "") -> Event:
    assert demand.struck_off_on
    at = _noon(demand.struck_off_on - timedelta(days=before))
    return Event(demand=demand, kind=kind, at=at, details=details, from_state=was)


def _ended(ended: date, received: date) -> Demand:
    token, counter = uuid.uuid4(), make_counter()
    commune = make_commune()
    return Demand.objects.create(
        number=token.hex[:18],
        submission_token=token,
        state=DemandState.STRUCK_OFF,
        strike_off_reason=codes.StrikeOffReason.ALLOCATED,
        struck_off_on=ended,
        department=commune.department,
        counter=counter,
        registered_by=counter.organisation,
        channel=codes.Channel.ONLINE,
        received_at=_noon(received),
        received_on=received,
        expires_on=ended + timedelta(days=100),
    )


def counted() -> dict[tuple[str, str], tuple[int, int, int, int]]:
    """Homes, then months of a quarter, half and three quarters, by area and size."""
    return {
        (row.area, row.home_type): (row.homes, row.quarter, row.half, row.three_quarters)
        for row in WaitingTime.objects.all()
    }


def test_quantiles_are_those_counted_by_hand() -> None:
    """Of 100, 200 … 1,100 days: 350, 600 and 850 days, that is 11, 20 and 28 months.

    With ten at 200 days besides, of 21: the sixth, eleventh and sixteenth (200, 200 and 600).
    """
    house(range(100, 1101, 100))
    house([200] * 10, QUETIGNY)
    assert keep_waiting_times() == 3
    assert counted() == {
        (f"commune:{DIJON}", "T3"): (11, 11, 20, 28),
        (METROPOLE, "T3"): (21, 7, 7, 20),
        (COTE_D_OR, "T3"): (21, 7, 7, 20),
    }


def test_under_the_threshold_nothing_is_kept_and_nothing_told() -> None:
    house([300] * 10)
    assert keep_waiting_times() == 0
    assert waits_for([DIJON], ["T3"]) is None


def test_the_wait_ends_with_the_lease_and_not_when_it_was_written_down() -> None:
    house([365] * 11, ended=ENDED, signed=ENDED - timedelta(days=90))
    keep_waiting_times()
    assert counted()[COTE_D_OR, "T3"] == (11, 12, 12, 12)


def test_only_leases_of_the_year_that_end_a_candidacy_are_counted() -> None:
    house([365] * 11, ended=date(2025, 11, 1))
    house([900] * 11, ended=date(2025, 10, 31))
    house([900] * 11, ended=date(2026, 11, 1))
    house([900] * 11, was=DemandState.ACTIVE)
    keep_waiting_times()
    assert counted()[COTE_D_OR, "T3"] == (11, 12, 12, 12)


def test_figures_do_not_move_before_the_next_month() -> None:
    house([365] * 11)
    keep_waiting_times()
    before = counted()
    house([900] * 11)
    assert keep_waiting_times() == 0
    assert counted() == before
    with clock.at(_noon(date(2026, 12, 1))):
        assert keep_waiting_times() == 3
    assert counted()[COTE_D_OR, "T3"][0] == 22


def test_widening_tells_how_many_more_homes_and_never_an_exact_number() -> None:
    house(range(100, 1101, 100))
    house([200] * 10, QUETIGNY)
    keep_waiting_times()
    found = waits_for([DIJON, QUETIGNY], ["T3", "T5"])
    assert found is not None
    assert [(wait.place, wait.half, wait.homes) for wait in found.chosen] == [("Dijon", 20, 10)]
    assert [(w.wait.place, w.wait.homes, w.homes_before) for w in found.wider] == [
        ("Dijon Métropole", 20, 10),
        ("Côte-d’Or", 20, 10),
    ]
    assert found.untold == ("Quetigny",)
    assert (found.begins_on, found.ends_on) == (date(2025, 11, 1), date(2026, 11, 1))
    alone = waits_for([QUETIGNY], ["T3"])
    assert alone is not None
    assert [each.homes_before for each in alone.wider] == [None, None]


def test_the_next_sizes_tell_what_they_would_change_under_the_same_rules() -> None:
    house(range(100, 1101, 100))
    house([400] * 13, home_type="T2")
    house([200] * 12, home_type="T4")
    house([90] * 10, home_type="T5")
    house([90] * 12, QUETIGNY, "T1")
    keep_waiting_times()
    found = waits_for([QUETIGNY, DIJON], ["T3"])
    assert found is not None
    told = [(r.wait.place, r.wait.home_type, r.wait.homes, r.is_larger) for r in found.resized]
    assert told == [("Dijon", "T2", 10, False), ("Dijon", "T4", 10, True)]
    assert {each.homes_before for each in found.resized} == {10}
    # Too few of the size chosen, or of the next one.
    few = waits_for([DIJON], ["T5"])
    assert few is not None
    assert [(r.wait.home_type, r.homes_before) for r in few.resized] == [("T4", None)]
    assert few.untold == ("Dijon",)
    assert not few.chosen


def test_a_higher_threshold_of_the_partners_hides_at_once() -> None:
    house(range(100, 1101, 100))
    keep_waiting_times()
    assert waits_for([DIJON], ["T3"]) is not None
    Parameter.objects.filter(code="secrecy.public").delete()
    Parameter.objects.create(
        code="secrecy.public", valid_from=date(2020, 1, 1), value=12, unit="demands", source="test"
    )
    assert waits_for([DIJON], ["T3"]) is None
