"""A round of many files, or at a strange date, does nothing and waits for a person."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from register.errors import NotAllowed
from register.models import Demand, DemandState, Held, OrganisationKind, Role, Round
from register.principals import Principal
from register.services import calendar
from register.services.calendar import allow, keep_calendar, resume_allowed
from tests.factories import make_demand, make_member, make_organisation, principal_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

TODAY = datetime(2026, 12, 24, 9)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(TODAY, tick=False) as moved:
        yield moved


@pytest.fixture
def manager() -> Principal:
    return principal_of(make_member(make_organisation(kind=OrganisationKind.MANAGER), Role.MANAGER))


def stock(ending: int, others: int = 0) -> None:
    """Live demands that end in a month, and others that end in years."""
    for _ in range(ending):
        make_demand(received_on=date(2026, 1, 31))
    Demand.objects.update(expires_on=date(2027, 1, 31))
    for _ in range(others):
        later = make_demand(received_on=date(2026, 1, 31))
        Demand.objects.filter(pk=later.pk).update(expires_on=date(2031, 1, 31))


def told() -> int:
    return Demand.objects.filter(renewal_notices__isnull=False).count()


def round_of(step: str = "announce") -> Round:
    return Round.objects.get(step=step, day=timezone.localdate())


def test_one_in_twenty_goes_and_one_more_waits() -> None:
    stock(1, others=19)
    keep_calendar()
    assert (told(), round_of().held) == (1, "")


def test_more_than_a_twentieth_is_held_and_nothing_is_done() -> None:
    stock(2, others=19)
    keep_calendar()
    assert (told(), round_of().held, round_of().found) == (0, Held.SHARE, 2)


def test_more_than_two_hundred_files_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar, "limits", lambda _day: (3, 100))
    stock(4)
    keep_calendar()
    assert (told(), round_of().held) == (0, Held.FILES)


def test_what_a_round_did_already_today_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar, "limits", lambda _day: (3, 100))
    stock(3)
    keep_calendar()
    stock(1)
    keep_calendar()
    assert (told(), round_of().held, round_of().found) == (3, Held.FILES, 4)


def test_the_manager_lets_it_go_once_for_what_it_had_found(
    manager: Principal, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar, "limits", lambda _day: (1, 100))
    stock(3)
    keep_calendar()
    held = round_of()
    with pytest.raises(ValidationError):
        allow(principal=manager, round_id=held.pk, because=" ")
    allow(principal=manager, round_id=held.pk, because="Reprise de l’ancien fichier")
    with pytest.raises(ValidationError):
        allow(principal=manager, round_id=held.pk, because="Encore")
    stock(2)
    resume_allowed()
    resume_allowed()
    keep_calendar()
    assert (told(), round_of().done) == (3, 3)
    clock.move_to(TODAY + timedelta(days=1))
    keep_calendar()
    assert (told(), round_of().held) == (3, Held.FILES)


def test_nobody_else_lets_it_go(monkeypatch: pytest.MonkeyPatch) -> None:
    stock(3)
    keep_calendar()
    lead = principal_of(make_member(make_organisation(), Role.LEAD))
    with pytest.raises(NotAllowed):
        allow(principal=lead, round_id=round_of().pk, because="Je veux")


def test_a_year_forward_ends_no_demand_even_when_it_is_allowed(
    manager: Principal, clock: Any
) -> None:
    """Nobody was announced the end: they are told first, and have two months from then."""
    clock.move_to(TODAY - timedelta(days=40))
    stock(1, others=39)
    keep_calendar()
    clock.move_to(TODAY + timedelta(days=365))
    keep_calendar()
    for held in Round.objects.exclude(held=""):
        allow(principal=manager, round_id=held.pk, because="L’horloge est juste")
    resume_allowed()
    assert not Demand.objects.filter(state=DemandState.STRUCK_OFF).exists()
    assert told() == 1


def test_a_fault_on_one_file_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    stock(3, others=60)
    first = Demand.objects.order_by("pk")[0].pk
    acts = dict(calendar.ACTS)
    kept = acts["announce"]

    def broken(candidate: Any) -> Any:
        if candidate.demand_id == first:
            raise RuntimeError
        return kept(candidate)

    monkeypatch.setattr(calendar, "ACTS", {**acts, "announce": broken})
    keep_calendar()
    assert (told(), round_of().done) == (2, 2)
