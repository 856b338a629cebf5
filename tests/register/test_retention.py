"""What is kept apart from demands is counted, then erased, on its day and not before."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from portal.models import Draft
from register.codes import DocumentStatus, ScanStatus
from register.machine import Uptime
from register.models import (
    AccessLog,
    Demand,
    Document,
    Held,
    LegalHold,
    Look,
    OrganisationKind,
    Role,
    Round,
    StoredFile,
    Upload,
)
from register.principals import Principal
from register.selectors.renewals import Candidate
from register.selectors.retention import retention
from register.selectors.rounds import held_today
from register.services.calendar import allow, keep_calendar
from register.services.erasure import erase
from register.services.retention import erase_kept, resume_erasing
from tests.factories import (
    make_demand,
    make_member,
    make_organisation,
    make_stored_file,
    make_user,
    principal_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

DATED = datetime(2024, 1, 31, 15)
# The last day of each delay, counted by hand over 29 February 2024; erased the next night.
LAST_DAYS = {
    "upload_retention": date(2024, 2, 1),
    "refused_paper_retention": date(2024, 3, 1),
    "infected_file_retention": date(2024, 3, 1),
    "draft_retention": date(2024, 4, 30),
    "reading_log_retention": date(2025, 1, 31),
}


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(DATED, tick=False) as moved:
        yield moved


@pytest.fixture
def manager() -> Principal:
    return principal_of(make_member(make_organisation(kind=OrganisationKind.MANAGER), Role.MANAGER))


def _paper(demand: Demand, **told: Any) -> StoredFile:
    stored = make_stored_file(demand.account)
    StoredFile.objects.filter(pk=stored.pk).update(**told.pop("file", {}))
    kind = told.pop("kind", "income")
    Document.objects.create(
        demand=demand, kind=kind, stored_file=stored, added_at=timezone.now(), **told
    )
    return stored


def everything() -> Demand:
    """One of each kind, dated of the day."""
    demand, now = make_demand(with_identity=False), timezone.now()
    Upload.objects.create(
        user=demand.account, name="a.pdf", size=3, fingerprint="0" * 64, begun_at=now
    )
    refused = {"status": DocumentStatus.REFUSED, "refusal_reason": "Floue", "checked_at": now}
    _paper(demand, **refused)
    infected = {"scan_status": ScanStatus.INFECTED, "scanned_at": now}
    _paper(demand, kind="identity", status=DocumentStatus.VERIFIED, file=infected)
    AccessLog.objects.create(demand=demand, user=make_user(), purpose="view", at=now)
    Draft.objects.create(user=demand.account, updated_at=now)
    return demand


def _go(clock: Any, day: date) -> None:
    clock.move_to(datetime(day.year, day.month, day.day, 3, 20))


@pytest.mark.parametrize("code", LAST_DAYS)
def test_each_is_erased_the_night_after_its_last_day(code: str, clock: Any) -> None:
    everything()
    last = LAST_DAYS[code]
    _go(clock, last)
    assert erase_kept()[code] == 0
    _go(clock, date.fromordinal(last.toordinal() + 1))
    assert erase_kept()[code] == 1
    assert erase_kept()[code] == 0


def test_the_manager_reads_what_the_night_erases_without_erasing_it(
    clock: Any, manager: Principal
) -> None:
    everything()
    assert {other.due for other in retention(manager).others} == {0}
    _go(clock, date(2025, 6, 1))
    found = retention(manager).others
    assert [other.due for other in found if other.due] == [1] * len(LAST_DAYS)
    told = {other.delay.replace("\xa0", " ") for other in found}
    assert told == {"1 jour", "30 jours", "3 mois", "12 mois", "1 mois"}
    assert AccessLog.objects.count() == Draft.objects.count() == Upload.objects.count() == 1


def test_bytes_of_refused_and_infected_files_are_gone_and_what_was_checked_stays(
    clock: Any, django_capture_on_commit_callbacks: Any
) -> None:
    demand = everything()
    places = [Path(stored.file.path) for stored in StoredFile.objects.all()]
    assert all(place.exists() for place in places)
    _go(clock, date(2024, 3, 2))
    with django_capture_on_commit_callbacks(execute=True):
        erase_kept()
    assert not any(place.exists() for place in places)
    [left] = demand.documents.all()
    assert (left.status, left.stored_file.file.name) == (DocumentStatus.VERIFIED, "")


def test_a_dispute_keeps_papers_and_readings(clock: Any) -> None:
    demand = everything()
    LegalHold.objects.create(
        demand=demand, reason="Litige", placed_at=timezone.now(), placed_by=make_user()
    )
    _go(clock, date(2025, 6, 1))
    erased = erase_kept()
    assert (erased["refused_paper_retention"], erased["reading_log_retention"]) == (0, 0)
    assert demand.accesses.count() == 1


def test_looks_of_the_manager_and_numbers_of_erased_demands_go_too(clock: Any) -> None:
    demand, now = make_demand(), timezone.now()
    seen = make_member(make_organisation())
    Look.objects.create(at=now, user=make_user(), kind="see_as", subject=seen)
    for number in (demand.number, "0210223999999GDPUB"):
        Draft.objects.create(user=make_user(), updated_at=now, submitted_number=number)
    _go(clock, date(2025, 6, 1))
    erase_kept()
    assert not Look.objects.exists()
    assert [draft.submitted_number for draft in Draft.objects.all()] == [demand.number]


def test_nothing_is_erased_when_the_clock_has_jumped(
    clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("register.selectors.rounds", "register.services.rounds"):
        monkeypatch.setattr(f"{module}.uptime", lambda: Uptime("first", 60.0))
    everything()
    keep_calendar()
    assert Round.objects.filter(held="").exists()
    _go(clock, date(2025, 6, 1))
    assert not erase_kept()
    assert AccessLog.objects.count() == 1


def drafts(count: int, *, days_ago: int) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    for _ in range(count):
        Draft.objects.create(user=make_user(), updated_at=at)


def test_a_night_that_would_erase_far_more_than_usual_waits_for_the_manager(
    clock: Any, manager: Principal
) -> None:
    """As a delay of three months written as three days would."""
    drafts(21, days_ago=120)
    assert erase_kept()["draft_retention"] == 0
    [other] = [each for each in retention(manager).others if each.due]
    assert (other.due, other.is_unusual) == (21, True)
    [held] = held_today(manager)
    assert (held.round.step, held.round.held, held.round.found) == ("drafts", Held.UNUSUAL, 21)
    assert (held.usual, held.files) == (0, [])
    allow(principal=manager, round_id=held.round.pk, because="Fin de la campagne d’hiver")
    drafts(3, days_ago=120)
    resume_erasing()
    # Once, for as many as it had found, and the other kinds are not concerned.
    assert Draft.objects.count() == 3
    assert not held_today(manager)
    clock.move_to(DATED + timedelta(days=1))
    drafts(97, days_ago=120)
    assert erase_kept()["draft_retention"] == 100
    clock.move_to(DATED + timedelta(days=2))
    drafts(316, days_ago=120)
    assert erase_kept()["draft_retention"] == 0


def test_one_kind_that_waits_stops_no_other(clock: Any) -> None:
    everything()
    _go(clock, date(2025, 6, 1))
    drafts(25, days_ago=120)
    erased = erase_kept()
    assert erased["draft_retention"] == 0
    assert sum(erased.values()) == len(LAST_DAYS) - 1


def test_a_demand_whose_infected_bytes_are_gone_is_erased_like_another(
    clock: Any, django_capture_on_commit_callbacks: Any
) -> None:
    demand = everything()
    _go(clock, date(2024, 3, 2))
    erase_kept()
    Demand.objects.filter(pk=demand.pk).update(
        state="struck_off", strike_off_reason="RADABA", struck_off_on=date(2024, 2, 1)
    )
    with django_capture_on_commit_callbacks(execute=True):
        erase(Candidate(demand.pk, Demand.objects.get(pk=demand.pk).version))
    assert not StoredFile.objects.exists()
