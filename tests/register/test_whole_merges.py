"""Demands merged and parted at random, beside a small model that keeps no copy of what was before.

The model holds what is each demand's own: the day of its deposit, its last renewal, who asked for
secrecy, whose account opens it. What a demand shows follows from the merges that stand: the oldest
day, the latest validity, the stricter secrecy (CCH R441-2-3; ADR 0022).
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from register.account_codes import code_of
from register.models import Demand, DuplicatePair, Merge, PairStatus, Role
from register.services import account_link, merging, succession
from register.services.renewal import renew_demand
from tests.factories import (
    make_commune,
    make_demand,
    make_member,
    make_organisation,
    make_user,
    principal_of,
)
from tests.register.test_whole_life import HOME, REFUSED, _hour, _partner, months

START = date(2024, 2, 29)
WHICH = st.integers(0, 2)


@dataclass
class Own:
    """What is a demand's own, whatever it was merged with."""

    deposit: date
    last: date
    account: int | None
    is_couple: bool = True
    # Whose identity document was seen: nobody saw that of an heir yet, who is somebody else.
    is_checked: bool = True
    is_heirs: bool = False
    has_sealed: bool = False
    # The merge that lent the account of another; a transfer or a link makes an end of it.
    lender: int | None = None


@dataclass
class Joined:
    """A merge that stands."""

    kept: int
    other: int
    until: date
    left_sealed: bool
    row: Merge


@dataclass
class Register:
    own: dict[int, Own] = field(default_factory=dict)
    standing: list[Joined] = field(default_factory=list)

    def is_closed(self, key: int) -> bool:
        return any(each.other == key for each in self.standing)

    def within(self, key: int) -> Iterator[Own]:
        """A demand and all that were merged into it, one into the other."""
        yield self.own[key]
        for each in self.standing:
            if each.kept == key:
                yield from self.within(each.other)

    def is_checked(self, key: int) -> bool:
        """Somebody saw who asks: in this demand, or in one merged into it of the same person."""
        own = self.own[key]
        if own.is_checked or own.is_heirs:
            return own.is_checked
        others = (each.other for each in self.standing if each.kept == key)
        return any(self.is_checked(other) for other in others)

    def is_sealed(self, key: int) -> bool:
        return any(each.has_sealed for each in self.within(key))

    def may_part(self, joined: Joined, on: date) -> bool:
        latest = [each for each in self.standing if each.kept == joined.kept][-1]
        return not self.is_closed(joined.kept) and latest is joined and on <= joined.until


class Together(RuleBasedStateMachine):
    """Three demands of a counter that takes two for one person's, and changes its mind."""

    @initialize(
        is_lent=st.booleans(),
        is_unseen=st.booleans(),
        is_merged=st.sampled_from([True, True, False]),
    )
    def deposit(
        self, is_lent: bool = False, is_unseen: bool = False, is_merged: bool = False
    ) -> None:
        self.open = ExitStack()
        self.clock = self.open.enter_context(time_machine.travel(_hour(START), tick=False))
        self.open.enter_context(transaction.atomic())
        make_commune()
        body = make_organisation()
        self.lead = principal_of(make_member(body, Role.LEAD))
        self.today, self.law = START, Register()
        for age in (400, 200, 0):
            day = START - timedelta(days=age)
            seen = "awaiting_check" if is_unseen and not age else "active"
            told: dict[str, Any] = {"received_on": day, "state": seen, "co_applicant": "Durand"}
            demand = make_demand(registered_by=body, **told)
            Demand.objects.filter(pk=demand.pk).update(expires_on=months(day, 12))
            is_checked = seen == "active"
            self.law.own[demand.pk] = Own(day, day, demand.account_id, is_checked=is_checked)
        if is_lent:
            Demand.objects.filter(pk=demand.pk).update(account=None)
            self.law.own[demand.pk].account = None
        if is_merged:
            self.merge(kept=2, step=1)

    def teardown(self) -> None:
        if hasattr(self, "open"):
            transaction.set_rollback(True)
            self.open.close()

    @rule(days=st.sampled_from([1, 31, 184, 366]))
    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)
        self.clock.move_to(_hour(self.today))

    @rule(kept=WHICH, step=st.integers(1, 2))
    def merge(self, kept: int, step: int) -> None:
        keys = list(self.law.own)
        goes_on, other = keys[kept], keys[(kept + step) % 3]
        first, second = sorted((goes_on, other))
        pair, _new = DuplicatePair.objects.update_or_create(
            first_id=first,
            second_id=second,
            defaults={
                "probability": 0.99,
                "compared": "x",
                "found_at": timezone.now(),
                "status": PairStatus.TO_REVIEW,
            },
        )
        ours, theirs = self.law.own[goes_on], self.law.own[other]
        is_open = not (self.law.is_closed(goes_on) or self.law.is_closed(other))
        is_seen = self.law.is_checked(goes_on) or not self.law.is_checked(other)
        # A checked identity is taken over by one civil status alone.
        is_legal = is_open and (is_seen or ours.is_heirs == theirs.is_heirs)
        told = {"pair": pair, "kept": goes_on, "reason": "Elle-même"}
        if made := self._try(is_legal, merging.merge, **told):
            if ours.account is None and theirs.account is not None:
                ours.account, ours.lender = theirs.account, made.pk
            joined = Joined(goes_on, other, months(self.today, 18), False, made)
            self.law.standing.append(joined)
            joined.left_sealed = self.law.is_sealed(goes_on)

    @precondition(lambda self: self.law.standing)
    @rule(which=WHICH)
    def part(self, which: int) -> None:
        joined = self.law.standing[which % len(self.law.standing)]
        before = Demand.objects.get(pk=joined.kept).account_id
        is_legal = self.law.may_part(joined, self.today)
        done = self._try(is_legal, _part, made=joined.row)
        if not done:
            return
        ours, theirs = self.law.own[joined.kept], self.law.own[joined.other]
        self.law.standing.remove(joined)
        if ours.has_sealed and not joined.left_sealed:
            theirs.has_sealed = True
        if ours.lender == joined.row.pk:
            ours.account = ours.lender = None
        # Nobody reads by it what she did not read just before.
        assert Demand.objects.get(pk=joined.kept).account_id in (before, None)

    @rule(which=WHICH)
    def renew(self, which: int) -> None:
        """It counts for all whose demand this one is by now."""
        key, demand = self._pick(which)
        if self._try(not self.law.is_closed(key), renew_demand, demand=demand):
            for own in self.law.within(key):
                own.last = self.today
        self.wait(days=1)  # two renewals of a day are tried elsewhere

    @rule(which=WHICH)
    def seal(self, which: int) -> None:
        """As her page does; who reads “yes” already changes nothing."""
        key, _demand = self._pick(which)
        if not self.law.is_closed(key) and not self.law.is_sealed(key):
            Demand.objects.filter(pk=key).update(is_sealed=True)
            self.law.own[key].has_sealed = True

    @rule(which=WHICH)
    def link(self, which: int) -> None:
        key, demand = self._pick(which)
        own, account = self.law.own[key], make_user()
        is_legal = not self.law.is_closed(key) and own.account is None
        if self._try(is_legal, account_link.give_code, demand=demand):
            account_link.link_account(
                principal=principal_of(account),
                number=demand.number,
                birth_date=demand.persons.get(role="applicant").birth_date,
                typed=code_of(demand.account_codes.get(used_at=None)),
            )
            own.account, own.lender = account.pk, None

    @rule(which=WHICH)
    def transfer(self, which: int) -> None:
        key, demand = self._pick(which)
        own = self.law.own[key]
        told = {"successor": _partner(demand), "contact": HOME, "text": "Lettre"}
        is_free = not (self.law.is_closed(key) or self.law.is_sealed(key))
        act = succession.transfer_to_co_applicant
        if self._try(is_free and own.is_couple, act, demand=demand, **told):
            own.is_couple, own.is_checked, own.is_heirs = False, False, True
            own.account = own.lender = None

    @invariant()
    def agree(self) -> None:
        if not hasattr(self, "law"):
            return
        for demand in Demand.objects.filter(pk__in=self.law.own):
            own = self.law.own[demand.pk]
            assert demand.account_id == own.account
            assert demand.is_sealed or not own.has_sealed
            if self.law.is_closed(demand.pk):
                assert demand.state == "merged"
                continue
            is_checked = self.law.is_checked(demand.pk)
            assert demand.state == ("active" if is_checked else "awaiting_check")
            assert demand.received_on == min(o.deposit for o in self.law.within(demand.pk))
            last = max(o.last for o in self.law.within(demand.pk))
            assert demand.expires_on == months(last, 12)
            assert demand.is_sealed == self.law.is_sealed(demand.pk)

    def _pick(self, which: int) -> tuple[int, Demand]:
        key = list(self.law.own)[which]
        return key, Demand.objects.get(pk=key)

    def _try(self, is_legal: bool, act: Callable[..., Any], **told: Any) -> Any:
        done = None
        with suppress(*REFUSED), transaction.atomic():
            done = act(principal=self.lead, **told)
        assert (done is not None) == is_legal, act
        return done


def _part(**told: Any) -> bool:
    merging.part(**told, reason="Deux sœurs")
    return True


Step = tuple[str, dict[str, Any]]
M02, M12 = ("merge", {"kept": 2, "step": 1}), ("merge", {"kept": 2, "step": 2})
LIVES: dict[str, list[Step]] = {
    "given over, then parted": [M02, ("transfer", {"which": 2}), ("part", {"which": 0})],
    "lent, given over, linked, then parted": [
        M02,
        ("transfer", {"which": 2}),
        ("link", {"which": 2}),
        ("part", {"which": 0}),
    ],
    "lent, then parted": [M02, ("part", {"which": 0})],
    "given over to an heir whom nobody saw": [("transfer", {"which": 2}), M02],
    "unseen, then parted": [M02, ("part", {"which": 0})],
    "unseen, one into the other": [M02, ("merge", {"kept": 1, "step": 1}), ("part", {"which": 1})],
    "unseen, seen twice": [M12, M02, ("part", {"which": 1}), ("part", {"which": 0})],
    "unseen, given over": [M02, ("transfer", {"which": 2}), ("part", {"which": 0})],
    "sealed since": [M02, ("seal", {"which": 2}), ("part", {"which": 0})],
    "sealed before": [("seal", {"which": 0}), M02, ("part", {"which": 0})],
    "in the order they were made": [
        M12,
        M02,
        ("part", {"which": 0}),
        ("part", {"which": 1}),
        ("part", {"which": 0}),
    ],
    "one into the other": [
        ("merge", {"kept": 1, "step": 2}),
        M12,
        ("renew", {"which": 2}),
        ("part", {"which": 0}),
        ("part", {"which": 1}),
        ("part", {"which": 0}),
    ],
    "too late": [M02, ("wait", {"days": 366}), ("wait", {"days": 184}), ("part", {"which": 0})],
}


@pytest.mark.django_db
@pytest.mark.usefixtures("rules")
@pytest.mark.parametrize("name", LIVES)
def test_merges_that_chance_seldom_meets_are_undone_as_the_rules_tell(name: str) -> None:
    life = Together()
    life.deposit(is_lent=name.startswith("lent"), is_unseen=name.startswith("unseen"))
    try:
        for step, told in LIVES[name]:
            getattr(life, step)(**told)
            life.agree()
    finally:
        life.teardown()


@pytest.mark.django_db
@pytest.mark.usefixtures("rules")
def test_any_merges_are_undone_as_the_rules_tell() -> None:
    run_machine(Together, settings=settings(max_examples=12, stateful_step_count=16, deadline=None))
