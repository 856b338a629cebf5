"""Legal delays over the changes of hour: a day is that of Paris, whether it has 23 hours or 25.

The oracle knows neither time zones nor calendars: the midnights of Paris around each change are
written by hand in universal time (directive 2000/84/CE), and months are counted one by one.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from backoffice.sections import sections
from register import clock, deadlines, retained
from register.models import AccessLog, Demand, DemandState, Event, Role, RunOutcome, Upload
from register.principals import Principal
from register.selectors import due
from register.selectors.account_codes import usable_codes
from register.selectors.charter import signed_on
from register.selectors.file import read_file
from register.selectors.next_dates import may_renew, resumption
from register.selectors.renewals import EARLY, Candidate, to_announce
from register.selectors.strike_off_warnings import standing, to_strike_off
from register.services.account_link import give_code
from register.services.acts import add_note
from register.services.documents import verify_document
from register.services.erasure import erase
from register.services.moments import evaluate_moments
from register.services.reactivation import reactivate_demand
from register.services.renewal import renew_demand
from register.services.strike_off import strike_off, warn
from rules import drafts
from rules.formatting import day as in_words
from rules.life import Actor
from tests.factories import make_demand, make_member, make_organisation, make_user, principal_of

from .automatic import put_in_force, rule
from .demands import submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "rules")]

# The instant at which a day begins in Paris, on the day of each change and on the next.
MIDNIGHTS = {
    date(2026, 3, 29): datetime(2026, 3, 28, 23, tzinfo=UTC),
    date(2026, 3, 30): datetime(2026, 3, 29, 22, tzinfo=UTC),
    date(2026, 10, 25): datetime(2026, 10, 24, 22, tzinfo=UTC),
    date(2026, 10, 26): datetime(2026, 10, 25, 23, tzinfo=UTC),
    date(2027, 3, 28): datetime(2027, 3, 27, 23, tzinfo=UTC),
    date(2027, 3, 29): datetime(2027, 3, 28, 22, tzinfo=UTC),
}
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
ONE_DAY = timedelta(days=1)
# Delays that end the day before the instant, on its day, and the day after.
SHIFTS = (-ONE_DAY, timedelta(0), ONE_DAY)


def instant(midnight: date, minutes: int) -> tuple[datetime, date]:
    """So many minutes after a midnight, or before it, and the day that it is in Paris."""
    day = midnight if minutes >= 0 else midnight - ONE_DAY
    return MIDNIGHTS[midnight] + timedelta(minutes=minutes), day


def instants() -> Any:
    """Around a change, most often within minutes of a midnight; every day there has 23 hours."""
    minutes = st.one_of(st.integers(-90, 90), st.integers(-22 * 60, 22 * 60))
    return st.builds(instant, st.sampled_from(sorted(MIDNIGHTS)), minutes)


def at_each_midnight(test: Callable[..., Any]) -> Callable[..., Any]:
    """The minute before each of them and the one that it begins are always tried."""
    for midnight in MIDNIGHTS:
        for minutes in (-1, 0):
            test = example(instant(midnight, minutes))(test)
    return test


def later(day: date, months: int) -> date:
    """Counted one month at a time; the last day of the month when there is no such day."""
    year, month = day.year, day.month
    for _each in range(abs(months)):
        month += 1 if months > 0 else -1
        year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    length = LENGTHS[month - 1] + (month == 2 and year % 4 == 0)
    return date(year, month, min(day.day, length))


def lived(moment: datetime) -> Any:
    return time_machine.travel(moment, tick=False)


def at_noon(day: date) -> Any:
    """Noon is the same day everywhere in France."""
    return lived(datetime.combine(day, time(12), tzinfo=UTC))


@pytest.fixture
def counter() -> Principal:
    return principal_of(make_member(make_organisation(), Role.LEAD))


def demand_of(counter: Principal, expires_on: date | None = None, **told: Any) -> Demand:
    told = {"received_on": date(2025, 6, 1), "registered_by": counter.organisation, **told}
    demand = make_demand(**told)
    demand.expires_on = expires_on or demand.expires_on
    demand.save(update_fields=["expires_on"])
    return demand


def ended(demand: Demand, reason: str, day: date) -> Demand:
    Demand.objects.filter(pk=demand.pk).update(
        state=DemandState.STRUCK_OFF, strike_off_reason=reason, struck_off_on=day
    )
    demand.refresh_from_db()
    return demand


def warned(counter: Principal, demand: Demand) -> None:
    letter = {"ground": "RADCON", "sent_on": clock.today(), "text": "Recommandé 1A 234"}
    warn(principal=counter, demand=demand, **letter)


@at_each_midnight
@given(instants())
def test_today_is_the_day_of_paris_for_the_program_and_for_the_database(
    found: tuple[datetime, date],
) -> None:
    moment, day = found
    with clock.at(moment):
        assert clock.today() == day
    demand = Demand.objects.first() or make_demand()
    event = Event.objects.create(demand=demand, kind="note", at=moment)
    assert Event.objects.filter(pk=event.pk, at__date=day).exists()


def test_what_is_received_or_renewed_at_midnight_is_valid_for_a_year_of_days(
    counter: Principal,
) -> None:
    for midnight in MIDNIGHTS:
        for minutes in (-1, 0):
            moment, day = instant(midnight, minutes)
            with lived(moment):
                new, old = submit(make_user()), demand_of(counter)
                renew_demand(principal=counter, demand=old)
            old.refresh_from_db()
            assert (new.received_on, new.expires_on) == (day, later(day, 12))
            assert (old.last_renewed_on, old.expires_on) == (day, later(day, 12))


@at_each_midnight
@given(instants())
def test_an_act_at_midnight_begins_its_delay_on_the_day_of_paris(
    counter: Principal, found: tuple[datetime, date]
) -> None:
    moment, day = found
    demand, silent = demand_of(counter), demand_of(counter)
    with lived(moment):
        warned(counter, demand)
        warning = standing(demand, counter.organisation, "RADCON")
        ended(silent, "RADCON", clock.today())
        resumed = resumption(silent)
        strike_off(principal=counter, demand=demand, reason="RADABA")
    demand.refresh_from_db()
    assert warning is not None
    assert (warning.begins_on, warning.last_day) == (day, later(day, 1))
    assert demand.struck_off_on == day
    assert resumed is not None
    assert resumed.last_day == later(day, 5)


@at_each_midnight
@given(instants())
def test_a_warning_is_answered_until_midnight_in_paris(
    counter: Principal, found: tuple[datetime, date]
) -> None:
    moment, day = found
    for months, shift in product((1, 2), SHIFTS):
        recorded = later(day, -months) + shift
        demand = demand_of(counter)
        with at_noon(recorded):
            warned(counter, demand)
        with lived(moment):
            warning = standing(demand, counter.organisation, "RADCON")
            is_over = warning is not None and warning.is_over
            struck = [each.demand_id for each in to_strike_off(clock.today())]
        assert is_over == (day > later(recorded, 1))
        assert (demand.pk in struck) == (day > later(recorded, 2))
        ended(demand, "RADABA", day)


@at_each_midnight
@given(instants())
def test_a_demand_is_renewed_announced_and_struck_off_on_the_days_of_paris(
    counter: Principal, found: tuple[datetime, date]
) -> None:
    moment, day = found
    for shift in SHIFTS:
        ends, received = later(day, 1) + shift, later(day, -13) + shift
        near, early = (demand_of(counter, expires_on=on) for on in (ends, ends + EARLY))
        lapsed = demand_of(counter, received_on=received, expires_on=later(received, 12))
        with lived(moment):
            may, today = may_renew(near), clock.today()
        assert may == (day >= later(ends, -1) - EARLY)
        announced = {each.demand_id for each in to_announce(today)}
        assert (early.pk in announced) == (day + EARLY >= later(ends + EARLY, -1))
        over = due.to_strike_off(today).filter(pk=lapsed.pk).exists()
        assert over == (day >= later(received, 13))
        ended(early, "RADABA", day)


@at_each_midnight
@given(instants())
def test_a_demand_comes_back_or_is_erased_by_the_days_of_paris(
    counter: Principal, found: tuple[datetime, date]
) -> None:
    moment, day = found
    for shift in SHIFTS:
        silent, gone = later(day, -5) + shift, later(day, -12) + shift
        resumed = ended(demand_of(counter), "RADCON", silent)
        erased = ended(demand_of(counter), "RADABA", gone)
        with lived(moment):
            assert (erased in due.to_erase(clock.today())) == (day >= later(gone, 12))
            if day > later(silent, 5):
                with pytest.raises(ValidationError):
                    reactivate_demand(principal=counter, demand=resumed)
            else:
                reactivate_demand(principal=counter, demand=resumed)


@at_each_midnight
@given(instants())
def test_what_is_kept_apart_is_kept_for_whole_days_of_paris(
    counter: Principal, found: tuple[datetime, date]
) -> None:
    moment, day = found
    demand = make_demand()
    read = AccessLog.objects.create(
        demand=demand, user=counter.user, organisation=counter.organisation, at=moment
    )
    sent = Upload.objects.create(
        user=demand.account, name="a.pdf", size=3, fingerprint="0" * 64, begun_at=moment
    )
    for shift in SHIFTS:
        with at_noon(later(day, 12) + shift):
            before = retained.over_before(deadlines.find("reading_log_retention"))
            is_over = AccessLog.objects.filter(pk=read.pk, at__lt=before).exists()
        assert is_over == (shift > timedelta(0))
        with at_noon(day + ONE_DAY + shift):
            before = retained.over_before(deadlines.find("upload_retention"))
            is_over = Upload.objects.filter(pk=sent.pk, begun_at__lt=before).exists()
        assert is_over == (shift > timedelta(0))


@at_each_midnight
@given(instants())
def test_a_code_is_worth_thirty_days_of_paris(
    counter: Principal, found: tuple[datetime, date]
) -> None:
    moment, day = found
    with lived(moment):
        assert _coded(counter).account_codes.get().expires_on == day + timedelta(days=30)
    for shift in SHIFTS:
        with at_noon(day - timedelta(days=30) + shift):
            demand = _coded(counter)
        with lived(moment):
            assert usable_codes().filter(demand=demand).exists() == (shift >= timedelta(0))


def _coded(counter: Principal) -> Demand:
    demand = demand_of(counter, channel="counter")
    Demand.objects.filter(pk=demand.pk).update(account=None)
    give_code(principal=counter, demand=demand)
    return demand


def test_a_step_waits_for_its_answer_for_days_of_paris(counter: Principal, tmp_path: Any) -> None:
    trigger = {"event": "note", "after": {"value": 15, "unit": "days"}, "unless": ["renewed"]}
    put_in_force(tmp_path, rule(trigger=trigger))
    for midnight in MIDNIGHTS:
        for minutes in (-1, 0):
            moment, day = instant(midnight, minutes)
            with lived(moment):
                add_note(principal=counter, demand=demand_of(counter), text="Un mot")
                last = day + timedelta(days=15)
                assert evaluate_moments(last - ONE_DAY)[RunOutcome.DONE] == 0
                assert evaluate_moments(last)[RunOutcome.DONE] == 1


def test_a_check_and_a_signature_are_shown_on_their_day_in_paris(counter: Principal) -> None:
    for midnight in MIDNIGHTS:
        moment, day = instant(midnight, 0)
        demand = demand_of(counter)
        with lived(moment):
            document = demand.documents.get()
            verify_document(principal=counter, demand=demand, document=document)
            [identity] = [s for s in sections(read_file(counter, demand)) if s.code == "identity"]
        assert str(in_words(day)) in str(identity.source)
    with lived(moment):
        draft = drafts.open_draft("deadlines-21", Actor("Rédaction"))
        card = draft.manifest | {"signatures": ["landlord"]}
        draft = drafts.save_draft(
            draft, body=draft.body, manifest=card, tests=[], author=Actor("Rédaction")
        )
        version = drafts.submit_for_review(draft, Actor("Rédaction"))
        version = drafts.sign(version, Actor("L", 2, "l", "landlord"))
    assert [on for _name, on in signed_on(version)] == [day]


def test_an_erased_demand_keeps_the_day_on_which_it_was_received(counter: Principal) -> None:
    for midnight in MIDNIGHTS:
        moment, day = instant(midnight, 0)
        with lived(moment):
            demand = submit(make_user())
            ended(demand, "RADABA", day)
        with at_noon(later(day, 13)):
            erase(Candidate(demand.pk, demand.version))
        demand.refresh_from_db()
        with clock.at(demand.received_at):
            assert clock.today() == demand.received_on == day
