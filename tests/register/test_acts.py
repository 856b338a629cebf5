"""Acts of agents: each leaves who, for whom, why and by which rules; a refusal leaves nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from register import access, clock, codes
from register.access import Action
from register.errors import Conflict, NotAllowed, TransitionRefused
from register.models import (
    LIVE_STATES,
    Demand,
    DemandState,
    Document,
    EffectKind,
    Event,
    EventKind,
    Message,
    Outbox,
    Role,
)
from register.principals import ANONYMOUS, Principal
from register.services import acts, documents
from rules import registry
from tests.factories import (
    make_commune,
    make_demand,
    make_member,
    make_organisation,
    make_user,
    principal_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

State = DemandState
LIVE = {State.AWAITING_CHECK, State.ACTIVE, State.UNDER_ALLOCATION}
# May be resumed. What happens to somebody whose demand was merged is written in the other, but for
# the papers that had been sent before: they are checked where they are.
ENDED = {State.STRUCK_OFF}
Act = Callable[..., Event]


def _document(demand: Demand) -> Document:
    return demand.documents.get()


# name: how it is called, event it leaves, its reason, states it may be recorded in, told by e-mail
ACTS: dict[str, tuple[Act, str, str, set[str], bool]] = {
    "request a piece": (
        lambda demand, **who: acts.request_piece(
            demand=demand, piece="tax_notice", text="Celui de 2024.", **who
        ),
        EventKind.PIECE_REQUESTED,
        "tax_notice",
        LIVE | ENDED,
        True,
    ),
    "record a contact": (
        lambda demand, **who: acts.record_contact(
            demand=demand, channel="phone", text="Rappelée ce matin.", **who
        ),
        EventKind.CONTACTED,
        "phone",
        LIVE | ENDED,
        False,
    ),
    "propose as a candidate": (
        lambda demand, **who: acts.propose_candidate(
            demand=demand, home_type="T3", commune="21231", residence="Les Tilleuls", **who
        ),
        EventKind.CANDIDATE_PROPOSED,
        "",
        {State.ACTIVE},
        True,
    ),
    "refuse a candidate": (
        lambda demand, **who: acts.refuse_candidate(
            demand=demand, reason="income_too_low", text="Taux d’effort de 41 %.", **who
        ),
        EventKind.CANDIDATE_REFUSED,
        "income_too_low",
        {State.UNDER_ALLOCATION},
        True,
    ),
    "write a note": (
        lambda demand, **who: acts.add_note(demand=demand, text="À revoir en mai.", **who),
        EventKind.NOTE,
        "",
        LIVE | ENDED,
        False,
    ),
    "verify a document": (
        lambda demand, **who: documents.verify_document(
            demand=demand, document=_document(demand), **who
        ),
        EventKind.DOCUMENT_VERIFIED,
        "identity",
        LIVE | ENDED | {State.MERGED},
        True,
    ),
    "refuse a document": (
        lambda demand, **who: documents.refuse_document(
            demand=demand, document=_document(demand), reason="Photo floue.", **who
        ),
        EventKind.DOCUMENT_REFUSED,
        "identity",
        LIVE | ENDED | {State.MERGED},
        True,
    ),
}
MOVES = {
    ("verify a document", State.AWAITING_CHECK): (State.ACTIVE, EventKind.IDENTITY_VERIFIED),
    ("propose as a candidate", State.ACTIVE): (State.UNDER_ALLOCATION, None),
    ("refuse a candidate", State.UNDER_ALLOCATION): (State.ACTIVE, None),
}


@pytest.fixture
def agent() -> Principal:
    return principal_of(make_member(make_organisation("orvitis", name="Orvitis")))


def in_state(state: str) -> Demand:
    """A demand in a state, as the register would hold it."""
    ended: dict[str, Any] = {}
    if state not in LIVE_STATES:
        ended["struck_off_on"] = date(2026, 1, 2)
        # A merge is none of the legal reasons.
        ended["strike_off_reason"] = "" if state == State.MERGED else "RADREN"
    return make_demand(state=state, **ended)


def written(demand: Demand) -> list[Any]:
    """Everything an act may write."""
    return [
        Demand.objects.filter(pk=demand.pk).values().get(),
        list(Event.objects.order_by("pk").values()),
        list(Outbox.objects.order_by("pk").values()),
        list(Message.objects.order_by("pk").values()),
        list(Document.objects.order_by("pk").values()),
    ]


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("name", ACTS)
def test_each_act_in_each_state_leaves_its_event_or_nothing(
    agent: Principal, name: str, state: str
) -> None:
    act, kind, reason, states, is_told = ACTS[name]
    demand = in_state(state)
    before = written(demand)
    if state not in states:
        with pytest.raises((TransitionRefused, NotAllowed)):
            act(demand, principal=agent)
        assert written(demand) == before
        return
    event = act(demand, principal=agent)
    target, moved_kind = MOVES.get((name, state), (state, None))
    demand.refresh_from_db()
    assert demand.state == event.to_state == target
    assert event.from_state == state
    assert event.kind == (moved_kind or kind)
    assert (event.user, event.organisation) == (agent.user, agent.organisation)
    assert event.reason == reason
    assert demand.version == 2
    action = Action.VERIFY_DOCUMENT if "document" in name else Action.RECORD_ACT
    versions = access.decide(agent, action, demand).rule_versions
    by_list = [m.version_id for m in registry.in_force("documents") if kind == "piece_requested"]
    assert event.rule_versions == sorted([*versions, *by_list]) != []
    effects = [(EffectKind.MESSAGE_EMAIL, f"event:{event.pk}", {"event": event.pk})]
    sent = Outbox.objects.exclude(kind=EffectKind.AUTOMATION)
    assert list(sent.values_list("kind", "key", "payload")) == effects * is_told


def test_the_candidate_s_event_says_which_home(agent: Principal) -> None:
    event = ACTS["propose as a candidate"][0](make_demand(), principal=agent)
    assert event.details == {
        "home_type": "T3",
        "commune": "21231",
        "residence": "Les Tilleuls",
    }


def _reader() -> Principal:
    return principal_of(make_member(make_organisation(), Role.READER))


def _statistician() -> Principal:
    return principal_of(make_member(make_organisation(), Role.STATISTICS))


def _other_department() -> Principal:
    from tests.factories import make_department

    make_department("58", "Nièvre")
    return principal_of(make_member(make_organisation(department="58")))


def _stranger() -> Principal:
    return principal_of(make_user())


@pytest.mark.parametrize(
    "who", [_reader, _statistician, _other_department, _stranger, lambda: ANONYMOUS]
)
@pytest.mark.parametrize("name", ACTS)
def test_without_the_right_an_act_is_refused_and_writes_nothing(
    name: str, who: Callable[[], Principal]
) -> None:
    demand = make_demand(state=State.ACTIVE)
    principal = who()
    before = written(demand)
    with pytest.raises(NotAllowed):
        ACTS[name][0](demand, principal=principal)
    assert written(demand) == before


def test_the_applicant_does_not_act_on_her_own_demand_as_an_agent() -> None:
    demand = make_demand()
    for act, *_known in ACTS.values():
        with pytest.raises(NotAllowed):
            act(demand, principal=principal_of(demand.account))


def test_a_right_lost_a_moment_ago_is_lost_for_the_act_under_way(agent: Principal) -> None:
    demand = make_demand()
    assert access.decide(agent, Action.RECORD_ACT, demand).allowed
    agent.organisation.stock.update(homes=0)
    late = principal_of(agent.membership)
    with pytest.raises(NotAllowed):
        acts.add_note(principal=late, demand=demand, text="Trop tard.")


@pytest.mark.parametrize("name", ACTS)
def test_somebody_else_s_change_is_never_overwritten(agent: Principal, name: str) -> None:
    act, _kind, _reason, states, _is_told = ACTS[name]
    demand = in_state(next(state for state in State.values if state in states))
    acts.add_note(principal=agent, demand=demand, text="Vu.")
    before = written(demand)
    with pytest.raises(Conflict):
        act(demand, principal=agent, expected_version=1)
    assert written(demand) == before
    act(demand, principal=agent, expected_version=2)


FORGED: dict[str, Callable[..., Event]] = {
    "piece outside the list": lambda **who: acts.request_piece(piece="casier", **who),
    "empty piece": lambda **who: acts.request_piece(piece="", **who),
    "channel": lambda **who: acts.record_contact(channel="pigeon", text="x", **who),
    "reason of refusal": lambda **who: acts.refuse_candidate(reason="tete", **who),
    "home type": lambda **who: acts.propose_candidate(home_type="T9", commune="21231", **who),
    "unknown commune": lambda **who: acts.propose_candidate(home_type="T3", commune="99999", **who),
    "commune of another department": lambda **who: acts.propose_candidate(
        home_type="T3", commune="58194", **who
    ),
    "residence too long": lambda **who: acts.propose_candidate(
        home_type="T3", commune="21231", residence="x" * 151, **who
    ),
    "empty note": lambda **who: acts.add_note(text=" \n\x00 ", **who),
    "empty contact": lambda **who: acts.record_contact(channel="phone", text="", **who),
    "empty message": lambda **who: acts.send_message(body="\u00a0 ", **who),
    "note too long": lambda **who: acts.add_note(text="x" * 2001, **who),
    "message too long": lambda **who: acts.send_message(body="x" * 2001, **who),
    "refusal without reason": lambda demand, **who: documents.refuse_document(
        demand=demand, document=_document(demand), reason=" \x00 ", **who
    ),
    "endless reason": lambda demand, **who: documents.refuse_document(
        demand=demand, document=_document(demand), reason="x" * 301, **who
    ),
}


@pytest.mark.parametrize("name", FORGED)
def test_what_is_outside_the_lists_or_limits_is_refused_and_writes_nothing(
    agent: Principal, name: str
) -> None:
    make_commune("58194", "Nevers", department="58", epci=None)
    demand = make_demand(state=State.ACTIVE)
    before = written(demand)
    with pytest.raises(ValidationError) as refusal:
        FORGED[name](demand=demand, principal=agent)
    assert all(refusal.value.messages)
    assert written(demand) == before


@pytest.mark.parametrize(
    "text",
    ["=cmd|' /C calc'!A0", "<script>alert(1)</script>", "{{7*7}}", "\u202ea", "👩‍👧", "%0d%0aX: y"],
)
def test_what_an_agent_writes_is_kept_exactly(agent: Principal, text: str) -> None:
    demand = make_demand()
    assert acts.add_note(principal=agent, demand=demand, text=text).text == text
    sent = acts.send_message(principal=agent, demand=demand, body=text)
    assert Message.objects.get(pk=sent.details["message"]).body == text


def test_a_message_sent_twice_by_a_button_pressed_twice_is_one_message(agent: Principal) -> None:
    demand = make_demand()
    said = {"principal": agent, "demand": demand, "body": "Êtes-vous disponible jeudi ?"}
    first = acts.send_message(**said)
    assert acts.send_message(**said) == first
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert acts.send_message(**said) != first
    assert Message.objects.filter(demand=demand).count() == 2


def test_characters_no_engine_keeps_are_left_out(agent: Principal) -> None:
    demand = make_demand()
    event = acts.propose_candidate(
        principal=agent, demand=demand, home_type="T3", commune="21231", residence="Les\x00 \ud800"
    )
    event.refresh_from_db()
    assert event.details["residence"] == "Les"
    note = acts.add_note(principal=agent, demand=demand, text="a\x00b\ud800c")
    note.refresh_from_db()
    assert note.text == "abc"


def test_an_internal_note_is_not_for_the_applicant_and_every_other_act_is(agent: Principal) -> None:
    for name, (act, _kind, _reason, states, _is_told) in ACTS.items():
        demand = in_state(next(state for state in State.values if state in states))
        assert act(demand, principal=agent).is_public is (name != "write a note")


def test_the_identity_document_once_verified_activates_the_demand(agent: Principal) -> None:
    demand = make_demand(state=State.AWAITING_CHECK)
    document = _document(demand)
    documents.verify_document(principal=agent, demand=demand, document=document)
    document.refresh_from_db()
    demand.refresh_from_db()
    assert (document.status, document.checked_by) == ("verified", agent.user)
    assert demand.state == State.ACTIVE
    assert demand.facts.identity_verified is True


def test_another_document_verified_activates_nothing(agent: Principal) -> None:
    demand = make_demand(state=State.AWAITING_CHECK)
    Document.objects.update(kind=codes.DocumentKind.TAX_NOTICE)
    documents.verify_document(principal=agent, demand=demand, document=_document(demand))
    demand.refresh_from_db()
    assert demand.state == State.AWAITING_CHECK


def test_a_refused_document_tells_why_and_leaves_the_state(agent: Principal) -> None:
    demand = make_demand(state=State.AWAITING_CHECK)
    event = documents.refuse_document(
        principal=agent, demand=demand, document=_document(demand), reason=" Photo floue. "
    )
    document = _document(demand)
    assert (document.status, document.refusal_reason) == ("refused", "Photo floue.")
    assert (event.text, event.to_state) == ("Photo floue.", State.AWAITING_CHECK)


@pytest.mark.parametrize("act", ["verify a document", "refuse a document"])
def test_a_document_of_another_demand_is_not_touched(agent: Principal, act: str) -> None:
    demand, other = make_demand(), make_demand()
    foreign = _document(other)
    before = written(other)
    call = documents.verify_document if "verify" in act else documents.refuse_document
    reason = {} if "verify" in act else {"reason": "Floue."}
    with pytest.raises(ValidationError):
        call(principal=agent, demand=demand, document=foreign, **reason)
    assert written(other) == before


def test_messages_go_both_ways_and_only_the_agent_s_are_told_by_mail(agent: Principal) -> None:
    demand = make_demand()
    question = acts.send_message(principal=agent, demand=demand, body="Êtes-vous disponible ?")
    assert Outbox.objects.get().key == f"event:{question.pk}"
    answer = acts.send_message(
        principal=principal_of(demand.account), demand=demand, body="Oui, lundi."
    )
    assert Outbox.objects.count() == 1
    assert (answer.user, answer.organisation) == (demand.account, None)
    assert list(demand.messages.values_list("organisation__code", "body")) == [
        ("orvitis", "Êtes-vous disponible ?"),
        (None, "Oui, lundi."),
    ]
    with pytest.raises(NotAllowed):
        acts.send_message(principal=_stranger(), demand=demand, body="Bonjour.")
