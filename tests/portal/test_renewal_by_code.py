"""One tap: opening the link changes nothing, however often; the code that is posted renews once."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from config.settings import base
from django.core.cache import cache
from django.test import Client

from register.models import Demand, EventKind, Outbox, RenewalNotice, User
from register.one_time_codes import WRONG_CODES_ALONE, spaced
from register.renewal_codes import code_of, link_of
from tests.factories import make_demand

LIMITS = base.ACCOUNT_RATE_LIMITS
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(datetime(2026, 12, 24, 9), tick=False) as moved:
        yield moved


@pytest.fixture
def notice() -> RenewalNotice:
    demand = make_demand(received_on=date(2026, 1, 31))
    return RenewalNotice.objects.create(
        demand=demand,
        kind="notice",
        expires_on=demand.expires_on,
        announced_on=date(2026, 12, 24),
    )


def address(notice: RenewalNotice) -> str:
    return f"/renouveler/{link_of(notice)}/"


def renewed(notice: RenewalNotice) -> bool:
    return Demand.objects.get(pk=notice.demand_id).last_renewed_on is not None


def test_a_scanner_that_opens_the_link_changes_nothing(notice: RenewalNotice) -> None:
    before = Demand.objects.filter(pk=notice.demand_id).values().get()
    for _ in range(5):
        page = Client().get(address(notice))
        assert page.status_code == 200
        Client().head(address(notice))
    assert Demand.objects.filter(pk=notice.demand_id).values().get() == before
    assert "Martin" not in page.text
    assert code_of(notice) not in page.text


@pytest.mark.parametrize("typed", [str, spaced, lambda code: f" {code[:2]} {code[2:]} "])
def test_the_code_renews_for_a_year(notice: RenewalNotice, typed: Any) -> None:
    answer = Client().post(address(notice), {"code": typed(code_of(notice))})
    assert "Votre demande est renouvelée" in answer.text
    demand = Demand.objects.get(pk=notice.demand_id)
    assert demand.last_renewed_on == date(2026, 12, 24)
    assert demand.expires_on == date(2027, 12, 24)
    assert demand.received_on == date(2026, 1, 31)
    assert Outbox.objects.filter(key__startswith="renewed:", kind="registration_email").exists()


def test_the_button_pressed_twice_renews_once_and_says_the_same(notice: RenewalNotice) -> None:
    data = {"code": code_of(notice)}
    first, second = (Client().post(address(notice), data) for _ in range(2))
    assert [answer.status_code for answer in (first, second)] == [200, 200]
    assert "Votre demande est renouvelée" in second.text
    assert notice.demand.events.filter(kind=EventKind.RENEWED).count() == 1


BORN = {"birth_date_0": "27", "birth_date_1": "3", "birth_date_2": "1985"}


def wrong_code(notice: RenewalNotice) -> str:
    return str((int(code_of(notice)) + 1) % 10**8).zfill(8)


@pytest.mark.parametrize("by_letter", [False, True])
def test_no_number_of_a_strangers_tries_shuts_her_letter(
    notice: RenewalNotice, by_letter: bool
) -> None:
    notice.demand.persons.update(birth_date=date(1985, 3, 27))
    where, known = (
        ("/renouveler/", {"number": notice.demand.number}) if by_letter else (address(notice), {})
    )
    wrong = wrong_code(notice)
    for _ in range(WRONG_CODES_ALONE * 3):
        answer = Client().post(where, {**known, "code": wrong})
        assert answer.status_code == 422
        assert wrong in answer.text
    right = {**known, "code": code_of(notice)}
    asked = Client().post(where, right)
    assert asked.status_code == 422
    assert "date de naissance" in asked.text
    for other in ({**right, **BORN, "birth_date_0": "28"}, {**known, "code": wrong, **BORN}):
        assert Client().post(where, other).status_code == 422
    assert not renewed(notice)
    assert "est renouvelée" in Client().post(where, {**right, **BORN}).text
    assert renewed(notice)


def test_the_first_try_asks_for_nothing_but_the_code(notice: RenewalNotice) -> None:
    assert "birth_date" not in Client().get(address(notice)).text
    assert "birth_date" not in Client().get("/renouveler/").text


def test_a_network_guesses_thirty_codes_a_day_and_she_renews_from_another(
    notice: RenewalNotice, settings: Any, clock: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = LIMITS
    cache.clear()
    notice.demand.persons.update(birth_date=date(1985, 3, 27))
    guesser, tries = Client(REMOTE_ADDR="203.0.113.7"), 0
    for hour in range(24):
        clock.move_to(datetime(2026, 12, 24) + timedelta(hours=hour))
        for _ in range(15):
            answer = guesser.post(address(notice), {"code": wrong_code(notice)})
            tries += answer.status_code == 422
    assert tries == 30
    # 61 days of a letter, 10**8 codes.
    assert tries * 61 / 10**8 < 1 / 50_000
    stopped = guesser.post(address(notice), {"code": code_of(notice), **BORN})
    assert stopped.status_code == 429
    assert not renewed(notice)
    hers = Client(REMOTE_ADDR="198.51.100.4")
    assert "est renouvelée" in hers.post(address(notice), {"code": code_of(notice), **BORN}).text


def test_a_counter_renews_for_many_people_from_one_network(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = LIMITS
    cache.clear()
    for _ in range(35):
        demand = make_demand(received_on=date(2026, 1, 31))
        announced = RenewalNotice.objects.create(
            demand=demand,
            kind="notice",
            expires_on=demand.expires_on,
            announced_on=date(2026, 12, 24),
        )
        answer = Client().post(address(announced), {"code": code_of(announced)})
        assert "est renouvelée" in answer.text


def test_a_letter_gives_the_number_and_the_code(notice: RenewalNotice) -> None:
    number = notice.demand.number
    typed = f"{number[:3]} {number[3:7]} {number[7:13]} {number[13:].lower()}"
    data = {"number": typed, "code": code_of(notice)}
    assert "est renouvelée" in Client().post("/renouveler/", data).text
    assert renewed(notice)


@pytest.mark.parametrize("before", [0, WRONG_CODES_ALONE])
def test_an_unknown_number_and_a_wrong_code_are_answered_alike(
    notice: RenewalNotice, before: int
) -> None:
    RenewalNotice.objects.filter(pk=notice.pk).update(wrong_codes=before)
    told = []
    for number in (notice.demand.number, "021112600999901GDPUB"[:18]):
        answer = Client().post("/renouveler/", {"number": number, "code": "12345678"})
        assert answer.status_code == 422
        told.append(answer.context["form"].errors)
    assert told[0] == told[1]
    assert list(told[0]) == ["code"]


@pytest.mark.parametrize("link", ["1.abc", "x", "1", "é.é", "0" * 300])
def test_a_forged_link_is_not_found(link: str, notice: RenewalNotice) -> None:
    assert Client().get(f"/renouveler/{link}/").status_code == 404


def test_somebody_without_an_account_renews_too(notice: RenewalNotice) -> None:
    Demand.objects.filter(pk=notice.demand_id).update(account=None)
    Client().post(address(notice), {"code": code_of(notice)})
    assert renewed(notice)


def test_the_code_of_last_year_renews_nothing_this_year(notice: RenewalNotice, clock: Any) -> None:
    Client().post(address(notice), {"code": code_of(notice)})
    clock.move_to(datetime(2027, 12, 1, 9))
    Client().post(address(notice), {"code": code_of(notice)})
    demand = Demand.objects.get(pk=notice.demand_id)
    assert demand.expires_on == date(2027, 12, 24)


def test_a_demand_struck_off_meanwhile_sends_to_a_counter(notice: RenewalNotice) -> None:
    Demand.objects.filter(pk=notice.demand_id).update(
        state="struck_off", strike_off_reason="RADREN", struck_off_on=date(2026, 12, 24)
    )
    answer = Client().post(address(notice), {"code": code_of(notice)})
    assert answer.status_code == 422
    assert "guichet" in answer.text


def test_an_account_closed_meanwhile_hinders_nothing(notice: RenewalNotice) -> None:
    User.objects.filter(pk=notice.demand.account_id).update(is_active=False)
    Client().post(address(notice), {"code": code_of(notice)})
    assert renewed(notice)


@pytest.fixture
def reminder(notice: RenewalNotice, clock: Any) -> RenewalNotice:
    """The same end, recalled once it has come."""
    clock.move_to(datetime(2027, 2, 2, 9))
    return RenewalNotice.objects.create(
        demand=notice.demand,
        kind="reminder",
        expires_on=notice.expires_on,
        announced_on=date(2027, 2, 2),
    )


@pytest.mark.parametrize("way", ["letter", "link of the notice", "link of the reminder"])
@pytest.mark.parametrize("code", ["notice", "reminder"])
def test_the_first_notice_and_its_reminder_both_renew_until_one_was_used(
    notice: RenewalNotice, reminder: RenewalNotice, way: str, code: str
) -> None:
    typed = {"code": code_of(notice if code == "notice" else reminder)}
    where = address(reminder if "reminder" in way else notice)
    if way == "letter":
        where, typed = "/renouveler/", {**typed, "number": notice.demand.number}
    assert "est renouvelée" in Client().post(where, typed).text
    assert "est renouvelée" in Client().post(where, typed).text
    assert notice.demand.events.filter(kind=EventKind.RENEWED).count() == 1


def test_a_reminder_gives_a_guesser_no_more_tries(
    notice: RenewalNotice, reminder: RenewalNotice
) -> None:
    RenewalNotice.objects.filter(pk=notice.pk).update(wrong_codes=WRONG_CODES_ALONE)
    answer = Client().post(address(reminder), {"code": code_of(reminder)})
    assert answer.status_code == 422
    assert "date de naissance" in answer.text


def test_the_reminder_of_last_year_renews_nothing_this_year(
    notice: RenewalNotice, reminder: RenewalNotice, clock: Any
) -> None:
    old = code_of(notice)
    Client().post(address(reminder), {"code": code_of(reminder)})
    demand = Demand.objects.get(pk=notice.demand_id)
    latest = RenewalNotice.objects.create(
        demand=demand, kind="notice", expires_on=demand.expires_on, announced_on=date(2028, 1, 5)
    )
    clock.move_to(datetime(2028, 1, 10, 9))
    for typed in (old, code_of(reminder)):
        data = {"number": demand.number, "code": typed}
        assert Client().post("/renouveler/", data).status_code == 422
    assert demand.expires_on == latest.expires_on
