"""Every state × every move, against a table written from the law and not from the code."""

import itertools

import pytest
from django.db import IntegrityError, transaction

from register import lifecycle
from register.errors import TransitionRefused
from register.models import Demand, DemandState
from tests.factories import make_demand

# (state, move) -> state reached. Anything absent from this table must be refused.
LEGAL_MOVES = {
    ("draft", "submit"): "awaiting_check",
    ("draft", "submit_association"): "active",
    ("draft", "abandon"): "erased",
    ("awaiting_check", "verify_identity"): "active",
    ("active", "propose_candidate"): "under_allocation",
    ("under_allocation", "refuse_candidate"): "active",
    ("under_allocation", "decline_offer"): "active",
    ("under_allocation", "refuse_candidate_unchecked"): "awaiting_check",
    ("under_allocation", "decline_offer_unchecked"): "awaiting_check",
    ("active", "withdraw_identity"): "awaiting_check",
    ("under_allocation", "withdraw_identity_candidate"): "under_allocation",
    ("awaiting_check", "renew"): "awaiting_check",
    ("active", "renew"): "active",
    ("under_allocation", "renew"): "under_allocation",
    ("awaiting_check", "separate"): "awaiting_check",
    ("active", "separate"): "active",
    ("under_allocation", "separate"): "under_allocation",
    ("awaiting_check", "transfer"): "awaiting_check",
    ("active", "transfer"): "active",
    ("under_allocation", "transfer"): "under_allocation",
    ("awaiting_check", "transfer_unchecked"): "awaiting_check",
    ("active", "transfer_unchecked"): "awaiting_check",
    ("under_allocation", "transfer_unchecked"): "awaiting_check",
    ("awaiting_check", "register_elsewhere"): "awaiting_check",
    ("active", "register_elsewhere"): "active",
    ("under_allocation", "register_elsewhere"): "under_allocation",
    ("awaiting_check", "strike_off"): "struck_off",
    ("active", "strike_off"): "struck_off",
    ("under_allocation", "strike_off"): "struck_off",
    ("struck_off", "reactivate"): "active",
    ("struck_off", "reactivate_unchecked"): "awaiting_check",
    ("struck_off", "erase"): "erased",
    ("struck_off", "take_back_death"): "active",
    ("struck_off", "take_back_death_unchecked"): "awaiting_check",
    ("struck_off", "take_back_death_candidate"): "under_allocation",
    ("awaiting_check", "correct_death"): "awaiting_check",
    ("active", "correct_death"): "active",
    ("under_allocation", "correct_death"): "under_allocation",
    ("awaiting_check", "merge"): "merged",
    ("active", "merge"): "merged",
    ("merged", "part"): "active",
    ("merged", "part_unchecked"): "awaiting_check",
    ("active", "part_kept_unchecked"): "awaiting_check",
    ("merged", "erase"): "erased",
}
MOVES = sorted(lifecycle.TRANSITIONS)
STATES = ["draft", *DemandState.values]


@pytest.mark.parametrize(("state", "move"), list(itertools.product(STATES, MOVES)))
def test_a_move_is_taken_from_its_legal_states_only(state: str, move: str) -> None:
    demand = Demand(state=state)
    if (state, move) in LEGAL_MOVES:
        lifecycle.move(demand, move)
        assert demand.state == LEGAL_MOVES[state, move]
    else:
        with pytest.raises(TransitionRefused):
            lifecycle.move(demand, move)
        assert demand.state == state


def test_the_table_of_the_law_names_every_move() -> None:
    assert {move for _state, move in LEGAL_MOVES} == set(MOVES)


def test_an_erased_demand_never_comes_back() -> None:
    assert lifecycle.available(Demand(state=DemandState.ERASED)) == []


@pytest.mark.parametrize("state", STATES)
def test_each_state_is_told_in_plain_words(state: str) -> None:
    assert lifecycle.plain_words(Demand(state=state)).endswith(".")


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["draft", "unknown"])
def test_no_row_of_the_register_is_a_draft(state: str) -> None:
    demand = make_demand()
    with pytest.raises(IntegrityError), transaction.atomic():
        Demand.objects.filter(pk=demand.pk).update(state=state)
