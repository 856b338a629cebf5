"""Undoing a merge gives back nothing that changed since; no seniority is lost or invented."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from register import access
from register.access import Action
from register.account_codes import code_of
from register.codes import DemandReason
from register.models import (
    Demand,
    DemandState,
    DuplicatePair,
    Merge,
    Outbox,
    Reason,
    Role,
    Round,
    User,
)
from register.principals import Principal
from register.services.account_link import give_code, link_account
from register.services.application import ContactData
from register.services.calendar import keep_calendar
from register.services.merging import merge, part
from register.services.renewal import renew_demand
from register.services.succession import transfer_to_co_applicant
from tests.factories import make_demand, make_member, make_organisation, make_user, principal_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
OLD, MIDDLE, NEW = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1)


@pytest.fixture
def lead() -> Principal:
    return principal_of(make_member(make_organisation(), Role.LEAD))


def join(lead: Principal, other: Demand, kept: Demand) -> Merge:
    first, second = sorted((other, kept), key=lambda demand: demand.pk)
    pair = DuplicatePair.objects.create(
        first=first, second=second, probability=0.99, compared="x", found_at=timezone.now()
    )
    return merge(principal=lead, pair=pair, kept=kept.pk, reason="Elle-même.")


def undo(lead: Principal, made: Merge) -> tuple[Demand, Demand]:
    """The demand that went on, then the other, as they are once parted."""
    part(principal=lead, made=made, reason="Deux sœurs.")
    return now(made.kept), now(made.other)


def now(demand: Demand) -> Demand:
    return Demand.objects.get(pk=demand.pk)


def two(lead: Principal, **kept: object) -> tuple[Demand, Demand]:
    """An older demand, and the one that will go on."""
    older = make_demand(registered_by=lead.organisation, received_on=OLD)
    return older, make_demand(registered_by=lead.organisation, received_on=NEW, **kept)


def hand_over(lead: Principal, demand: Demand) -> None:
    heir = demand.persons.get(role="co_applicant")
    transfer_to_co_applicant(
        principal=lead,
        demand=demand,
        successor=heir.pk,
        contact=ContactData(email="heir@example.org"),
        text="Lettre",
    )


def link(lead: Principal, demand: Demand, account: User) -> None:
    give_code(principal=lead, demand=demand)
    link_account(
        principal=principal_of(account),
        number=demand.number,
        birth_date=demand.persons.get(role="applicant").birth_date,
        typed=code_of(demand.account_codes.get(used_at=None)),
    )


def may_read(account: User | None, demand: Demand) -> bool:
    assert account is not None
    return access.decide(principal_of(account), Action.VIEW, now(demand)).allowed


@pytest.mark.parametrize("lent", [False, True], ids=["her own account", "that of the other"])
def test_who_gave_the_demand_over_since_does_not_open_it_again(lead: Principal, lent: bool) -> None:
    older, kept = two(lead, co_applicant="Durand")
    former = older.account if lent else kept.account
    if lent:
        Demand.objects.filter(pk=kept.pk).update(account=None)
    made = join(lead, older, kept)
    assert may_read(former, kept)
    hand_over(lead, now(kept))
    kept, older = undo(lead, made)
    assert kept.account is None
    assert not may_read(former, kept)
    assert older.account is not None


def test_an_account_linked_since_still_opens_the_demand(lead: Principal) -> None:
    older, kept = two(lead)
    Demand.objects.update(account=None)
    made, hers = join(lead, older, kept), make_user()
    link(lead, now(kept), hers)
    kept, older = undo(lead, made)
    assert (kept.account, older.account) == (hers, None)


def test_an_account_linked_again_after_a_transfer_is_not_the_one_that_the_merge_gave(
    lead: Principal,
) -> None:
    """The same account as the merge had left: only the story tells that it came since."""
    older, kept = two(lead, co_applicant="Durand")
    account = kept.account
    assert account is not None
    made = join(lead, older, kept)
    hand_over(lead, now(kept))
    link(lead, now(kept), account)
    assert undo(lead, made)[0].account == account


def test_a_file_sealed_since_stays_sealed_and_seals_the_other(lead: Principal) -> None:
    older, kept = two(lead)
    made = join(lead, older, kept)
    Demand.objects.filter(pk=kept.pk).update(is_sealed=True)
    kept, older = undo(lead, made)
    assert (kept.is_sealed, older.is_sealed) == (True, True)
    assert older.facts.is_sealed
    # The letter names both numbers: it goes to whoever asked for secrecy, and nowhere else.
    told = Outbox.objects.filter(key__startswith="parted:")
    assert {each.demand for each in told} == {kept}


def test_a_file_that_was_sealed_before_is_sealed_again_when_it_was_opened_since(
    lead: Principal,
) -> None:
    older, kept = two(lead, is_sealed=True)
    made = join(lead, older, kept)
    Demand.objects.filter(pk=kept.pk).update(is_sealed=False)
    kept, older = undo(lead, made)
    assert (kept.is_sealed, older.is_sealed) == (True, False)


@pytest.mark.parametrize("kept_is", ["kept", "older"])
def test_the_seal_of_the_merge_alone_stays_where_she_may_have_answered_so_herself(
    lead: Principal, kept_is: str
) -> None:
    """Whose reasons tell of violence is asked about secrecy: she saw “yes”, and may lift it."""
    older, kept = two(lead)
    sealed, joined = (older, kept) if kept_is == "kept" else (kept, older)
    Demand.objects.filter(pk=sealed.pk).update(is_sealed=True)
    Reason.objects.create(demand=joined, code=DemandReason.VIOLENCE, position=9)
    made = join(lead, older, kept)
    assert [each.is_sealed for each in undo(lead, made)] == [True, True]


def test_of_two_merges_the_later_is_undone_first_and_each_demand_has_its_date_again(
    lead: Principal,
) -> None:
    oldest = make_demand(registered_by=lead.organisation, received_on=OLD)
    middle = make_demand(registered_by=lead.organisation, received_on=MIDDLE)
    kept = make_demand(registered_by=lead.organisation, received_on=NEW)
    first, later = join(lead, middle, kept), join(lead, oldest, kept)
    with pytest.raises(ValidationError, match="plus tard"):
        part(principal=lead, made=first, reason="Deux sœurs.")
    assert now(kept).received_on == OLD
    assert now(middle).state == DemandState.MERGED
    undo(lead, later)
    assert (now(kept).received_on, now(oldest).received_on) == (MIDDLE, OLD)
    undo(lead, first)
    assert [now(each).received_on for each in (oldest, middle, kept)] == [OLD, MIDDLE, NEW]
    assert {now(each).state for each in (oldest, middle, kept)} == {DemandState.ACTIVE}


def test_a_renewal_of_the_same_day_as_the_one_that_the_merge_took_counts(lead: Principal) -> None:
    """Both dates are those that the merge left: only the story tells that she renewed since."""
    older, kept = two(lead)
    renewed = renew_demand(principal=lead, demand=older).demand.expires_on
    made = join(lead, older, kept)
    renew_demand(principal=lead, demand=now(kept))
    kept, older = undo(lead, made)
    assert (kept.expires_on, older.expires_on) == (renewed, renewed)


def test_the_last_day_to_undo_a_merge_is_hers_until_midnight(lead: Principal) -> None:
    older, kept = two(lead)
    for _each in range(30):  # a round counts its share of the live demands
        make_demand(registered_by=lead.organisation)
    made = join(lead, older, kept)
    waiting = Demand.objects.exclude(pk=older.pk)
    waiting.update(expires_on=date(2099, 1, 1), last_renewed_on=OLD)
    for day, state in ((0, DemandState.MERGED), (1, DemandState.ERASED)):
        with at(made.until + timedelta(days=day)):
            Round.objects.all().delete()
            keep_calendar()
        assert now(older).state == state


def test_a_merge_is_undone_after_the_night_of_its_last_day(lead: Principal) -> None:
    older, kept = two(lead)
    made = join(lead, older, kept)
    Demand.objects.exclude(pk=older.pk).update(expires_on=date(2099, 1, 1), last_renewed_on=OLD)
    with at(made.until):
        Round.objects.all().delete()
        keep_calendar()
        part(principal=lead, made=made, reason="Deux sœurs.")
    assert now(older).is_live


def at(day: date) -> time_machine.travel:
    return time_machine.travel(timezone.make_aware(datetime.combine(day, time(9))), tick=False)
