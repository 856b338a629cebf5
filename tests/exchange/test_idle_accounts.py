"""An account that nobody uses and nothing needs: its holder is told, then it is erased."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core import mail
from django.utils import timezone

from exchange.idle_accounts import tell_holders
from portal.models import Draft
from register.models import User
from register.services.retention import erase_kept
from tests.factories import make_demand, make_member, make_organisation, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

# Two years later the 28th, told that morning; a month later, erased the night after.
SEEN, TOLD, LAST_DAY = datetime(2024, 2, 29, 9), date(2026, 3, 1), date(2026, 4, 1)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(SEEN, tick=False) as moved:
        yield moved


def live(clock: Any, on: date) -> list[str]:
    """A night and its morning; the addresses that were written to."""
    clock.move_to(datetime(on.year, on.month, on.day, 7))
    erase_kept()
    mail.outbox.clear()
    tell_holders()
    return [address for each in mail.outbox for address in each.to]


def test_its_holder_is_told_after_two_years_then_it_is_erased_after_a_month(clock: Any) -> None:
    idle = make_user()
    assert live(clock, date(2026, 2, 28)) == []
    assert live(clock, TOLD) == [idle.email]
    [message] = mail.outbox
    assert "1 avril 2026" in message.body
    assert live(clock, LAST_DAY) == []
    assert User.objects.filter(pk=idle.pk).exists()
    live(clock, date(2026, 4, 2))
    assert not User.objects.filter(pk=idle.pk).exists()


def test_whoever_signs_in_meanwhile_keeps_it_and_is_told_anew_two_years_later(clock: Any) -> None:
    idle = make_user()
    live(clock, TOLD)
    clock.move_to(datetime(2026, 3, 20, 9))
    User.objects.filter(pk=idle.pk).update(last_login=timezone.now())
    assert live(clock, date(2026, 4, 2)) == []
    assert User.objects.filter(pk=idle.pk).exists()
    assert live(clock, date(2028, 3, 21)) == [idle.email]


def test_accounts_of_use_and_of_the_staff_are_never_touched(clock: Any) -> None:
    make_demand()
    make_member(make_organisation())
    Draft.objects.create(user=make_user(), updated_at=datetime(2030, 1, 1, 12).astimezone())
    make_user().groups.add(Group.objects.create(name="Rédaction"))
    User.objects.filter(pk=make_user().pk).update(is_staff=True)
    kept = set(User.objects.values_list("pk", flat=True))
    for on in (TOLD, date(2026, 4, 2), date(2026, 6, 1)):
        assert live(clock, on) == []
    assert set(User.objects.values_list("pk", flat=True)) == kept


def test_whoever_cannot_be_written_to_keeps_her_account(
    clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle = make_user()

    def refused(**_told: Any) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("exchange.idle_accounts.send_to_account", refused)
        assert live(clock, TOLD) == []
    live(clock, date(2026, 6, 1))
    assert User.objects.filter(pk=idle.pk).exists()
