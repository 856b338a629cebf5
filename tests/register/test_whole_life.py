"""The whole life of demands, walked at random beside a small model written from the law.

The model knows nothing of the code: states, reasons and dates are those of CCH R441-2-2 to
R441-2-8, of the arrêté du 23 mars 2015 and of the décret 2017-917, counted with plain dates.
"""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from exchange.delivery import deliver_pending
from register.errors import NotAllowed, TransitionRefused
from register.models import Demand, Document, Role, Round
from register.principals import Principal
from register.services import acts, calendar, documents, separation, strike_off, succession
from register.services.application import ContactData, CurrentHousingData
from register.services.mistaken_death import take_back_death
from register.services.reactivation import reactivate_demand
from register.services.renewal import renew_demand
from tests.factories import make_commune, make_demand, make_member, make_organisation, principal_of

LIVE = ("awaiting_check", "active", "under_allocation")
REFUSED = (NotAllowed, TransitionRefused, ValidationError)
HOME = ContactData(email="dominique@example.org")
# Around each delay of the law, over leap days and changes of the hour.
DAYS = st.sampled_from([1, 7, 30, 31, 59, 62, 153, 184, 335, 366])
WHICH = st.integers(0, 2)


def months(day: date, count: int) -> date:
    """The same day some months later or earlier, or the last of the month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError(day)


@dataclass
class Law:
    """One demand as the law sees it."""

    first: date
    last: date  # deposit or last renewal
    state: str = "awaiting_check"
    is_couple: bool = True
    has_paper: bool = True
    is_checked: bool = False
    reason: str = ""
    ended: date | None = None
    answered: date | None = None
    death: str = ""  # what the last one did, until it is taken back
    before: str = ""
    warned: list[date] = field(default_factory=list)
    told: dict[date, date] = field(default_factory=dict)

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def end(self) -> date:
        return months(self.last, 12)

    def stands(self, warning: date) -> bool:
        return self.answered is None or self.answered < warning

    def finish(self, reason: str, on: date) -> None:
        self.state, self.reason, self.ended = "struck_off", reason, on

    def hand_over(self, on: date) -> None:
        """The card of whoever left does not stand for that of the heir (R441-2-3)."""
        self.state, self.is_checked = "awaiting_check", False
        self.is_couple, self.has_paper, self.answered = False, False, on

    def may_resume(self, on: date) -> bool:
        if self.state != "struck_off" or self.ended is None:
            return False
        last = {"RADREN": months(self.last, 18), "RADCON": months(self.ended, 5)}.get(self.reason)
        return last is not None and on <= last

    def night(self, on: date) -> None:
        if self.is_live:
            notice = months(self.end, -1)
            if on >= notice - timedelta(days=7):
                self.told.setdefault(self.end, on)
            told = self.told.get(self.end)
            if told and on >= months(self.last, 13) + max(told - notice, timedelta(0)):
                self.finish("RADREN", on)
            elif any(on > months(day, 2) and self.stands(day) for day in self.warned):
                self.finish("RADCON", on)
        elif self.ended and self.state == "struck_off" and months(self.ended, 12) <= on:
            self.state, self.has_paper = "erased", False


class Life(RuleBasedStateMachine):
    """Acts of a counter, an applicant and the night, whatever their order."""

    @initialize(start=st.sampled_from([date(2023, 8, 31), date(2024, 2, 29), date(2025, 12, 30)]))
    def deposit(self, start: date) -> None:
        self.open = ExitStack()
        self.clock = self.open.enter_context(time_machine.travel(_hour(start), tick=False))
        self.open.enter_context(transaction.atomic())
        self.open.enter_context(mock.patch.object(calendar, "limits", return_value=(99, 999)))
        make_commune()
        body = make_organisation()
        self.lead: Principal = principal_of(make_member(body, Role.LEAD))
        demand = make_demand(
            registered_by=body, received_on=start, co_applicant="Durand", state="awaiting_check"
        )
        Demand.objects.filter(pk=demand.pk).update(expires_on=months(start, 12))
        # Somebody else waits all the while: a round counts its share of the live demands.
        other = make_demand(registered_by=body, received_on=start)
        Demand.objects.filter(pk=other.pk).update(expires_on=date(2099, 1, 1))
        self.today, self.numbers = start, {demand.pk: demand.number}
        self.laws = {demand.pk: Law(start, start)}

    def teardown(self) -> None:
        if hasattr(self, "open"):
            transaction.set_rollback(True)
            self.open.close()

    @rule(days=DAYS)
    def wait(self, days: int) -> None:
        """Days without the register, then a night with it."""
        self.today += timedelta(days=days)
        self.clock.move_to(_hour(self.today))
        Round.objects.all().delete()  # how long the register was silent is tried elsewhere
        calendar.keep_calendar()
        deliver_pending()
        for law in self.laws.values():
            law.night(self.today)

    @rule(which=WHICH)
    def check(self, which: int) -> None:
        demand, law = self._pick(which)
        paper = Document.objects.filter(demand=demand, status="received").first()
        assert (paper is not None) == law.has_paper
        if paper is not None and law.state == "awaiting_check":
            documents.verify_document(principal=self.lead, demand=demand, document=paper)
            law.state, law.is_checked, law.has_paper = "active", True, False

    @rule(which=WHICH)
    def propose(self, which: int) -> None:
        demand, law = self._pick(which)
        told = {"home_type": "T3", "commune": "21231"}
        if self._try(law.state == "active", acts.propose_candidate, demand, **told):
            law.state = "under_allocation"

    @rule(which=WHICH)
    def refuse(self, which: int) -> None:
        demand, law = self._pick(which)
        is_legal = law.state == "under_allocation"
        if self._try(is_legal, acts.refuse_candidate, demand, reason="better_ranked"):
            law.state = "active" if law.is_checked else "awaiting_check"

    @rule(which=WHICH)
    def unmask(self, which: int) -> None:
        """The only card that was compared turns out to prove nothing (R441-2-3)."""
        demand, law = self._pick(which)
        card = demand.documents.filter(status="verified", is_of_former=False).first()
        if card is None or not law.is_live:
            return
        documents.refuse_document(
            principal=self.lead, demand=demand, document=card, reason="Faux document"
        )
        law.is_checked = False
        law.state = "awaiting_check" if law.state == "active" else law.state

    @rule(which=WHICH)
    def renew(self, which: int) -> None:
        demand, law = self._pick(which)
        if self._try(law.is_live, renew_demand, demand):
            law.last = law.answered = self.today

    @rule(which=WHICH)
    def warn(self, which: int) -> None:
        demand, law = self._pick(which)
        told = {"ground": "RADCON", "sent_on": self.today, "text": "Recommandé 1A"}
        if self._try(law.is_live, strike_off.warn, demand, **told):
            law.warned.append(self.today)

    @rule(which=WHICH)
    def answer(self, which: int) -> None:
        demand, law = self._pick(which)
        told = {"channel": "phone", "text": "Elle rappelle"}
        if self._try(law.state != "erased", acts.record_contact, demand, **told):
            law.answered = self.today

    @rule(which=WHICH, reason=st.sampled_from(["RADCON", "RADABA", "RADATT"]))
    def strike(self, which: int, reason: str) -> None:
        demand, law = self._pick(which)
        last = law.warned[-1] if law.warned else None
        is_over = last is not None and self.today > months(last, 1) and law.stands(last)
        is_legal = law.is_live and (reason != "RADCON" or is_over)
        if self._try(is_legal, strike_off.strike_off, demand, reason=reason):
            law.finish(reason, self.today)

    @rule(which=WHICH)
    def resume(self, which: int) -> None:
        demand, law = self._pick(which)
        if self._try(law.may_resume(self.today), reactivate_demand, demand):
            law.state = "active" if law.is_checked else "awaiting_check"
            law.reason, law.ended = "", None
            law.last = law.answered = self.today

    @rule(which=WHICH)
    def separate(self, which: int) -> None:
        demand, law = self._pick(which)
        split = separation.Split(leaving=_partner(demand))
        home = separation.NewHousehold(contact=HOME, housing=CurrentHousingData(kind="CP"))
        is_legal = law.is_live and law.is_couple
        act = separation.separate_couple
        if created := self._try(is_legal, act, demand, split=split, household=home):
            law.is_couple, law.answered = False, self.today
            self.numbers[created.pk] = created.number
            self.laws[created.pk] = Law(law.first, law.last, is_couple=False, has_paper=False)

    @rule(which=WHICH)
    def transfer(self, which: int) -> None:
        demand, law = self._pick(which)
        told = {"successor": _partner(demand), "contact": HOME, "text": "Lettre"}
        is_legal = law.is_live and law.is_couple
        if self._try(is_legal, succession.transfer_to_co_applicant, demand, **told):
            law.hand_over(self.today)

    @rule(which=WHICH)
    def death(self, which: int) -> None:
        demand, law = self._pick(which)
        told: dict[str, Any] = {"died_on": self.today, "text": "Acte n° 3"}
        if law.is_couple:
            told |= {"successor": _partner(demand), "contact": HOME}
        if not self._try(law.is_live, succession.record_death, demand, **told):
            return
        if law.is_couple:
            law.hand_over(self.today)
            law.death = "handed over"
        else:
            law.death, law.before = "ended", law.state
            law.finish("RADABA", self.today)

    @rule(which=WHICH)
    def take_back(self, which: int) -> None:
        """GDPR art. 16: as if it had not been recorded, and nothing is renewed by it."""
        demand, law = self._pick(which)
        is_legal = law.is_live if law.death == "handed over" else law.state == "struck_off"
        if self._try(bool(law.death) and is_legal, take_back_death, demand, text="Homonyme"):
            if law.death == "ended":
                law.state, law.reason, law.ended = law.before, "", None
            law.death, law.answered = "", self.today

    @invariant()
    def agree(self) -> None:
        if not hasattr(self, "laws"):
            return
        for demand in Demand.objects.filter(pk__in=self.laws):
            law = self.laws[demand.pk]
            assert (demand.state, demand.received_on) == (law.state, law.first)
            if law.state != "erased":
                assert demand.number == self.numbers[demand.pk]
                assert (demand.strike_off_reason, demand.struck_off_on) == (law.reason, law.ended)
            if law.is_live:
                assert demand.expires_on == law.end

    def _pick(self, which: int) -> tuple[Demand, Law]:
        key = list(self.laws)[which % len(self.laws)]
        return Demand.objects.get(pk=key), self.laws[key]

    def _try(self, is_legal: bool, act: Callable[..., Any], demand: Demand, **told: Any) -> Any:
        done = None
        with suppress(*REFUSED), transaction.atomic():
            done = act(principal=self.lead, demand=demand, **told)
        assert (done is not None) == is_legal, act
        return done


def _hour(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9)


def _partner(demand: Demand) -> int | None:
    found = demand.persons.filter(role="co_applicant").first()
    return found.pk if found else None


Step = tuple[str, dict[str, Any]]
# Lives that chance seldom meets whole: acts, and numbers of days followed by a night.
LIVES: dict[str, list[Step | int]] = {
    "silent": [("check", {}), ("warn", {}), 30, 31, 1, 151, ("resume", {}), ("propose", {})],
    "silent, then too late to come back": [("warn", {}), 62, 153, 1, ("resume", {}), 366],
    "answered in time": [("warn", {}), 31, ("answer", {}), 62, ("strike", {"reason": "RADCON"})],
    "ended by its sender": [("warn", {}), 31, 1, ("strike", {"reason": "RADCON"}), 153],
    "forgotten": [("check", {}), 335, 31, 30, 1, ("resume", {}), 153, 153, ("renew", {}), 366],
    "forgotten for good": [335, 31, 31, 153, ("resume", {}), 31, ("resume", {}), 366, ("warn", {})],
    "two after one": [
        ("check", {}),
        184,
        ("separate", {}),
        ("check", {"which": 1}),
        ("renew", {"which": 1}),
        184,
        31,
        31,
        ("death", {"which": 1}),
        ("resume", {"which": 1}),
        366,
    ],
    "a false card": [
        ("check", {}),
        ("propose", {}),
        ("unmask", {}),
        ("refuse", {}),
        ("propose", {}),
        ("transfer", {}),
    ],
    "a false card, found out too late": [("check", {}), ("unmask", {}), ("propose", {}), 366, 31],
    "handed over": [("propose", {}), ("transfer", {}), ("separate", {}), ("death", {}), 366, 1],
    "told to be dead": [
        ("propose", {}),
        ("separate", {}),
        ("check", {}),
        ("propose", {}),
        ("warn", {}),
        30,
        ("death", {}),
        62,
        ("take_back", {}),
        1,
        ("take_back", {}),
        366,
    ],
    "told to be dead for a year": [("separate", {}), ("death", {}), 366, ("take_back", {})],
    "the wrong one told to be dead": [
        ("death", {}),
        31,
        ("take_back", {}),
        ("death", {}),
        7,
        ("take_back", {}),
        ("renew", {}),
    ],
    "housed": [
        ("check", {}),
        ("propose", {}),
        ("strike", {"reason": "RADATT"}),
        ("resume", {}),
        366,
    ],
}


@pytest.mark.django_db
@pytest.mark.usefixtures("rules")
@pytest.mark.parametrize("name", LIVES)
def test_lives_that_chance_seldom_meets_are_the_ones_that_the_law_tells(name: str) -> None:
    life = Life()
    life.deposit(start=date(2023, 12, 31))
    try:
        for step in LIVES[name]:
            if isinstance(step, int):
                life.wait(days=step)
            else:
                getattr(life, step[0])(**{"which": 0, **step[1]})
            life.agree()
    finally:
        life.teardown()


@pytest.mark.django_db
@pytest.mark.usefixtures("rules")
def test_any_life_is_the_one_that_the_law_tells() -> None:
    run_machine(Life, settings=settings(max_examples=12, stateful_step_count=18, deadline=None))


def test_months_of_the_model_are_counted_by_hand() -> None:
    assert months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months(date(2023, 8, 31), 18) == date(2025, 2, 28)
    assert months(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert months(date(2026, 12, 31), 2) == date(2027, 2, 28)
