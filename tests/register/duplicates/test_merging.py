"""Two demands of one person become one, nothing is lost, and a mistake can be undone."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from register import clock
from register.errors import Conflict, NotAllowed, TransitionRefused
from register.form.definition import SECRECY
from register.letters import texts
from register.models import (
    Demand,
    DemandFacts,
    DemandState,
    DuplicatePair,
    EventKind,
    FieldChange,
    Label,
    LegalHold,
    Merge,
    Outbox,
    PairStatus,
    RenewalNotice,
    Role,
)
from register.principals import Principal
from register.renewal_codes import code_of
from register.selectors import retention
from register.selectors.merges import others_of
from register.services.documents import verify_document
from register.services.erasure import erase
from register.services.facts import refresh_facts
from register.services.holds import place_hold
from register.services.merging import merge, part
from register.services.pairs import judge_different
from register.services.renewal import renew_by_code, renew_demand
from register.templatetags.shell import number_spaced
from tests.factories import make_demand, make_member, make_organisation, make_user, principal_of
from tests.register.test_touched import _assert_in_step as assert_in_step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
OLD, NEW = date(2025, 12, 1), date(2026, 6, 1)
LATER = timezone.now() + timedelta(days=600)


@pytest.fixture
def lead() -> Principal:
    return principal_of(make_member(make_organisation(), Role.LEAD))


@pytest.fixture
def pair(lead: Principal) -> DuplicatePair:
    """The same person registered twice by the counter of the lead: six months apart."""
    return make_pair(lead)


def make_pair(lead: Principal, **newer: Any) -> DuplicatePair:
    first = make_demand(registered_by=lead.organisation, received_on=OLD)
    second = make_demand(registered_by=lead.organisation, received_on=NEW, **newer)
    return DuplicatePair.objects.create(
        first=first, second=second, probability=0.99, compared="x", found_at=timezone.now()
    )


def merged(lead: Principal, pair: DuplicatePair, *, kept: str = "second") -> Merge:
    return merge(principal=lead, pair=pair, kept=getattr(pair, f"{kept}_id"), reason="Elle-même.")


def both(pair: DuplicatePair) -> tuple[Demand, Demand]:
    return Demand.objects.get(pk=pair.first_id), Demand.objects.get(pk=pair.second_id)


def as_stored(pair: DuplicatePair) -> list[Any]:
    """What both demands are, but for their versions and their stories."""
    rows = []
    for demand in both(pair):
        facts = DemandFacts.objects.filter(pk=demand.pk).values().get()
        own = Demand.objects.filter(pk=demand.pk).values().get()
        labels = list(Label.objects.filter(demand=demand).order_by("pk").values())
        audiences = list(demand.audiences.order_by("audience").values())
        rows.append(({k: v for k, v in own.items() if k != "version"}, facts, labels, audiences))
    return rows


@pytest.mark.parametrize("kept", ["first", "second"])
def test_the_oldest_date_and_the_latest_validity_are_kept(
    lead: Principal, pair: DuplicatePair, kept: str
) -> None:
    made = merged(lead, pair, kept=kept)
    made.kept.refresh_from_db()
    made.other.refresh_from_db()
    assert made.kept.received_on == OLD
    assert made.kept.expires_on == NEW + timedelta(days=365)
    assert (made.kept.state, made.other.state) == (DemandState.ACTIVE, DemandState.MERGED)
    assert made.other.struck_off_on == timezone.localdate()
    assert made.kept.documents.exists()
    assert made.other.documents.exists()
    for demand in both(pair):
        assert_in_step(demand)
    pair.refresh_from_db()
    assert (pair.status, pair.reason) == (PairStatus.MERGED, "Elle-même.")
    kinds = {d.pk: d.events.latest("pk").kind for d in (made.kept, made.other)}
    assert kinds == {made.kept.pk: EventKind.JOINED, made.other.pk: EventKind.MERGED}


@pytest.mark.parametrize("kept", ["first", "second"])
@pytest.mark.parametrize(
    "newer", [{}, {"is_sealed": True}, {"state": "awaiting_check"}], ids=["", "sealed", "unchecked"]
)
def test_a_merge_undone_leaves_both_demands_as_they_were(kept: str, newer: dict[str, Any]) -> None:
    manager = principal_of(make_member(make_organisation(kind="manager"), Role.MANAGER))
    pair = make_pair(manager, **newer)
    label(pair.first)
    before = as_stored(pair)
    made = merged(manager, pair, kept=kept)
    assert as_stored(pair) != before
    part(principal=manager, made=made, reason="Deux sœurs.")
    assert as_stored(pair) == before
    pair.refresh_from_db()
    assert pair.status == PairStatus.UNDONE
    assert Merge.objects.get().before == {}
    with pytest.raises(TransitionRefused):
        part(principal=manager, made=made, reason="Encore")


def test_a_document_sent_before_is_checked_where_it_is_and_counts_once_parted() -> None:
    manager = principal_of(make_member(make_organisation(kind="manager"), Role.MANAGER))
    pair = make_pair(manager, state="awaiting_check")
    made = merged(manager, pair, kept="first")
    (told,) = others_of(manager, made.kept)
    assert told.to_check == 1
    paper = made.other.documents.get()
    event = verify_document(principal=manager, demand=made.other, document=paper)
    assert (event.kind, event.to_state) == (EventKind.DOCUMENT_VERIFIED, DemandState.MERGED)
    (told,) = others_of(manager, made.kept)
    assert told.to_check == 0
    part(principal=manager, made=made, reason="Deux sœurs.")
    second = both(pair)[1]
    assert second.state == DemandState.ACTIVE
    assert_in_step(second)


def label(demand: Demand) -> Label:
    made = Label.objects.create(
        demand=demand,
        code="dalo",
        granted_by=demand.registered_by,
        valid_from=timezone.localdate() - timedelta(days=9),
    )
    refresh_facts(demand=demand)
    return made


def test_secrecy_and_recognised_priorities_are_carried_over() -> None:
    manager = principal_of(make_member(make_organisation(kind="manager"), Role.MANAGER))
    pair = make_pair(manager, is_sealed=True)
    label(pair.second)
    made = merged(manager, pair, kept="first")
    assert {demand.is_sealed for demand in both(pair)} == {True}
    assert made.kept.labels.get().code == "dalo"
    assert DemandFacts.objects.get(pk=made.kept_id).is_dalo
    assert made.kept.audiences.filter(is_sealed=False).count() == 0
    # At the address of whom hides alone: the other may be that of whom she fled.
    told = Outbox.objects.filter(key__startswith="merged")
    assert {each.demand for each in told} == {pair.second}
    # The answer that the merge changed is told where it changed, and again when it is undone.
    [change] = FieldChange.objects.all()
    assert (change.demand, change.event.kind) == (made.kept, "joined")
    assert (change.question, change.before, change.after) == (SECRECY, False, True)
    part(principal=manager, made=made, reason="Une erreur")
    change = made.kept.field_changes.latest("pk")
    assert (change.event.kind, change.before, change.after) == ("parted", True, False)


def test_what_happened_since_stays_and_a_renewal_counts_for_both(
    lead: Principal, pair: DuplicatePair
) -> None:
    made = merged(lead, pair, kept="first")
    renew_demand(principal=principal_of(made.kept.account), demand=made.kept)
    renewed = Demand.objects.get(pk=made.kept_id).expires_on
    part(principal=lead, made=made, reason="Deux sœurs.")
    first, second = both(pair)
    assert first.events.filter(kind=EventKind.RENEWED).exists()
    assert (first.expires_on, second.expires_on) == (renewed, renewed)
    assert (first.received_on, second.received_on) == (OLD, NEW)


def test_the_space_of_the_other_goes_to_a_demand_that_had_none(lead: Principal) -> None:
    pair = make_pair(lead)
    Demand.objects.filter(pk=pair.first_id).update(account=None)
    made = merged(lead, pair, kept="first")
    first, second = both(pair)
    assert first.account_id == second.account_id == pair.second.account_id
    reader = principal_of(pair.second.account)
    assert [each.number for each in others_of(reader, second)] == [first.number]
    part(principal=lead, made=made, reason="Deux sœurs.")
    assert both(pair)[0].account is None


def test_nobody_reads_the_other_demand_through_the_one_she_may_open(
    lead: Principal, pair: DuplicatePair
) -> None:
    merged(lead, pair, kept="first")
    stranger = principal_of(make_user())
    kept, other = both(pair)
    owner = principal_of(kept.account)
    assert others_of(owner, kept) == []  # the other space is another account's
    (told,) = others_of(principal_of(other.account), other)
    assert (told.number, told.documents) == ("", 0)
    assert [each.number for each in others_of(stranger, other)] == [""]


def test_a_merge_needs_the_right_on_both_and_a_reason(lead: Principal, pair: DuplicatePair) -> None:
    half = make_pair(lead)
    Demand.objects.filter(pk=half.first_id).update(registered_by=make_organisation())
    reader = principal_of(make_member(lead.organisation, Role.READER))
    for who, asked in ((lead, half), (reader, pair), (principal_of(pair.first.account), pair)):
        with pytest.raises(NotAllowed):
            merge(principal=who, pair=asked, kept=asked.first_id, reason="x")
    for wrong in ({"reason": " "}, {"reason": "x" * 301}, {"kept": 0}):
        with pytest.raises(ValidationError):
            merge(**{"principal": lead, "pair": pair, "kept": pair.first_id, "reason": "x"} | wrong)
    assert not Merge.objects.exists()


def test_two_answers_at_once_make_one_merge(lead: Principal, pair: DuplicatePair) -> None:
    seen = {pair.first_id: pair.first.version, pair.second_id: pair.second.version}
    asked: dict[str, Any] = {"principal": lead, "pair": pair, "kept": pair.first_id, "reason": "x"}
    merge(**asked, versions=seen)
    with pytest.raises(Conflict):
        merge(**asked, versions=seen)
    with pytest.raises(Conflict):
        merge(**asked)
    with pytest.raises(Conflict):
        judge_different(principal=lead, pair=pair, reason="x")
    assert Merge.objects.count() == 1


def test_a_candidate_for_a_home_is_never_the_one_closed(lead: Principal) -> None:
    pair = make_pair(lead, state=DemandState.UNDER_ALLOCATION)
    with pytest.raises(ValidationError, match="candidat"):
        merged(lead, pair, kept="first")
    assert merged(lead, pair, kept="second").kept_id == pair.second_id


def test_who_applied_is_told_at_every_address_and_once_at_the_same(
    lead: Principal, pair: DuplicatePair
) -> None:
    made = merged(lead, pair)
    sent = Outbox.objects.filter(key__startswith="merged")
    assert set(sent.values_list("demand", flat=True)) == {made.kept_id, made.other_id}
    assert set(sent.values_list("payload__letter", flat=True)) == {"merged_in_part"}
    same = make_pair(lead)
    for name in ("email", "address", "city", "postal_code"):
        setattr(same.second.contact, name, getattr(same.first.contact, name))
    same.second.contact.save()
    again = merged(lead, same)
    assert not sent.filter(demand=again.other).exists()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_written_tells_both_numbers_the_date_kept_and_how_to_contest(
    lead: Principal, pair: DuplicatePair, language: str
) -> None:
    made = merged(lead, pair)
    told = made.kept.events.latest("pk"), made.other.events.latest("pk")
    for event in told:
        letter = texts.find("merged", "21")
        assert letter is not None
        text = texts.written(letter, event.demand, event=event, language=language).text
        for demand in both(pair):
            assert number_spaced(demand.number) in text
        assert "2025" in text  # the oldest date
        assert "2028" in text  # the last day to contest
        assert "{" not in text
    part(principal=lead, made=made, reason="Deux sœurs.")
    letter, event = texts.find("parted", "21"), made.other.events.latest("pk")
    assert letter is not None
    text = texts.written(letter, event.demand, event=event, language=language).text
    assert "2026" in text
    assert "{" not in text


def test_the_old_link_of_a_renewal_says_where_the_demand_goes_on(
    lead: Principal, pair: DuplicatePair
) -> None:
    notice = RenewalNotice.objects.create(
        demand=pair.first,
        kind="notice",
        expires_on=pair.first.expires_on,
        announced_on=timezone.localdate(),
    )
    made = merged(lead, pair)
    with pytest.raises(ValidationError, match=made.kept.number[7:13]):
        renew_by_code(notice=notice, typed=code_of(notice))


def test_after_its_last_day_a_merge_stands_and_the_closed_demand_is_erased(
    lead: Principal, pair: DuplicatePair
) -> None:
    made = merged(lead, pair)
    assert retention.to_erase(made.until) == []
    with clock.at(LATER), pytest.raises(ValidationError):
        part(principal=lead, made=made, reason="x")
    (due,) = retention.to_erase(made.until + timedelta(days=1))
    assert due.demand_id == made.other_id
    erase(due)
    made.refresh_from_db()
    assert (made.before, made.reason) == ({}, "")
    assert both(pair)[0].state == DemandState.ERASED
    assert both(pair)[1].state == DemandState.ACTIVE


@pytest.mark.parametrize("held", ["kept", "other"])
def test_a_hold_on_either_demand_keeps_both(
    lead: Principal, pair: DuplicatePair, held: str
) -> None:
    made = merged(lead, pair)
    assert lead.user is not None
    LegalHold.objects.create(
        demand=getattr(made, held), reason="x", placed_at=timezone.now(), placed_by=lead.user
    )
    assert retention.to_erase(made.until + timedelta(days=1)) == []


@pytest.mark.parametrize("held", [0, 1, 2])
def test_a_hold_on_one_of_three_demands_made_one_keeps_them_all(lead: Principal, held: int) -> None:
    demands = [make_demand(registered_by=lead.organisation, received_on=OLD) for _each in range(3)]
    for other, kept in ((0, 1), (1, 2)):
        pair = DuplicatePair.objects.create(
            first=demands[other],
            second=demands[kept],
            probability=0.99,
            compared="x",
            found_at=timezone.now(),
        )
        made = merged(lead, pair)
    night = made.until + timedelta(days=1)
    assert {due.demand_id for due in retention.to_erase(night)} == {d.pk for d in demands[:2]}
    LegalHold.objects.create(
        demand=demands[held], reason="x", placed_at=timezone.now(), placed_by=lead.user
    )
    assert retention.to_erase(night) == []


def test_undoing_a_merge_under_a_hold_deletes_nothing(pair: DuplicatePair) -> None:
    manager = principal_of(make_member(make_organisation(kind="manager"), Role.MANAGER))
    label(pair.second)
    made = merged(manager, pair, kept="first")
    place_hold(principal=manager, demand=made.kept, reason="Un recours")
    part(principal=manager, made=made, reason="Deux sœurs.")
    copy = made.kept.labels.get()
    assert copy.valid_to == timezone.localdate() - timedelta(days=1)
    assert not DemandFacts.objects.get(pk=made.kept_id).is_dalo
    assert Merge.objects.get().before["labels"] == [copy.pk]


def test_a_priority_that_has_ended_hides_none_that_is_in_force(pair: DuplicatePair) -> None:
    manager = principal_of(make_member(make_organisation(kind="manager"), Role.MANAGER))
    ended = label(pair.first)
    Label.objects.filter(pk=ended.pk).update(
        valid_from=date(2024, 1, 1), valid_to=date(2024, 12, 31)
    )
    label(pair.second)
    made = merged(manager, pair, kept="first")
    assert made.kept.labels.filter(valid_to=None).get().code == "dalo"
