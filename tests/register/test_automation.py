"""Automatic rules: once, whole or not at all, within quota, never in a circle, dry when tried."""

from datetime import timedelta

import pytest
from django.utils import timezone

from exchange.delivery import deliver_pending
from register.models import (
    AutomationRun,
    EffectKind,
    Event,
    EventKind,
    Message,
    Outbox,
    RunOutcome,
    SkipReason,
    Task,
    TaskKind,
    WorkingTag,
)
from register.services import automatic_acts, automation
from register.services.acts import add_note, request_piece
from register.services.automation import evaluate_event, replay
from register.services.moments import evaluate_moments
from tests.factories import make_demand, make_member, make_organisation, make_user, principal_of

from .automatic import TASK, put_in_force, rule
from .demands import submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]

TAG = {"do": "label", "tag": "to_call"}
REMINDER = {"do": "message", "from": "acting", "letter": "piece_reminder"}


@pytest.fixture
def landlord():
    return make_organisation(name="Bailleur Exemple")


@pytest.fixture
def agent(landlord):
    return principal_of(make_member(landlord))


@pytest.fixture
def demand(landlord):
    return make_demand(registered_by=landlord)


def note(agent, demand):
    return add_note(principal=agent, demand=demand, text="Un mot")


def runs(**where):
    return AutomationRun.objects.filter(**where).exclude(rule__startswith="automation-21/")


def work():
    """Everything that an automatic rule can leave, besides its own run."""
    return (
        Task.objects.count(),
        WorkingTag.objects.count(),
        Message.objects.count(),
        Event.objects.count(),
        Outbox.objects.exclude(kind=EffectKind.AUTOMATION).count(),
    )


def test_nothing_happens_within_the_transaction_of_the_person(tmp_path, agent, demand):
    put_in_force(tmp_path, rule())
    note(agent, demand)
    assert not Task.objects.exists()
    assert Outbox.objects.filter(kind=EffectKind.AUTOMATION).count() == 1
    deliver_pending()
    task = Task.objects.get()
    assert (task.organisation, task.title_fr, task.title_en) == (
        agent.organisation,
        "À faire",
        "To do",
    )
    assert runs().get().outcome == RunOutcome.DONE


def test_a_step_that_no_rule_waits_for_leaves_no_effect(tmp_path, agent, demand):
    put_in_force(tmp_path, rule(trigger={"event": "renewed"}))
    note(agent, demand)
    assert not Outbox.objects.filter(kind=EffectKind.AUTOMATION).exists()


def test_the_same_step_is_done_once_however_often_it_is_delivered(tmp_path, agent, demand):
    put_in_force(tmp_path, rule(actions=[TASK, TAG]))
    event = note(agent, demand)
    for _time in range(3):
        evaluate_event(event)
    now = timezone.now() + timedelta(minutes=1)
    assert replay(now - timedelta(days=1), now, "auto/one") == {}
    assert Task.objects.count() == WorkingTag.objects.count() == runs().count() == 1


def test_a_rule_that_breaks_half_way_leaves_nothing_and_begins_again(
    tmp_path, agent, demand, monkeypatch
):
    put_in_force(tmp_path, rule(actions=[TASK, TAG]))
    event = note(agent, demand)
    before = work()

    def broken(*_args):
        raise ConnectionError

    with monkeypatch.context() as broke:
        broke.setitem(automatic_acts._DOERS, "label", broken)
        with pytest.raises(ConnectionError):
            evaluate_event(event)
    assert work() == before
    assert not runs().exists()
    evaluate_event(event)
    assert Task.objects.count() == WorkingTag.objects.count() == 1


def test_a_failing_rule_is_tried_again_by_the_outbox(tmp_path, agent, demand, monkeypatch):
    put_in_force(tmp_path, rule())
    note(agent, demand)

    def broken(start):
        raise ConnectionError("Durand")

    with monkeypatch.context() as broke:
        broke.setattr(automation, "start_rule", broken)
        assert deliver_pending()["failed"] == 1
    effect = Outbox.objects.get(kind=EffectKind.AUTOMATION)
    assert effect.last_error == "ConnectionError"
    Outbox.objects.update(not_before=timezone.now())
    assert deliver_pending()["done"] == 1
    assert Task.objects.count() == 1


def test_a_rule_being_tried_writes_nothing_but_what_it_would_have_done(tmp_path, agent, demand):
    every = [TASK, TAG, {"do": "assign", "to": "acting"}]
    put_in_force(tmp_path, rule(actions=every, mode="dry_run"))
    event = note(agent, demand)
    before = work()
    assert evaluate_event(event) == {RunOutcome.PLANNED: 1}
    assert work() == before
    planned = runs().get().acts
    assert [act["do"] for act in planned] == ["task", "label", "assign"]
    assert planned[2]["organisation"] == agent.organisation.pk


def test_what_a_rule_assigns_labels_and_gives_is_there_for_the_organisation(
    tmp_path, agent, demand
):
    put_in_force(tmp_path, rule(actions=[TASK, TAG, {"do": "assign", "to": "acting"}]))
    assert evaluate_event(note(agent, demand)) == {RunOutcome.DONE: 1}
    assert set(Task.objects.values_list("kind", "organisation")) == {
        ("task", agent.organisation.pk),
        ("follow", agent.organisation.pk),
    }
    assert WorkingTag.objects.get().code == "to_call"


def test_a_rule_stops_at_its_share_of_the_day_and_says_so(tmp_path, agent, demand):
    put_in_force(tmp_path, rule(quota=2))
    for _time in range(4):
        evaluate_event(note(agent, demand))
    assert Task.objects.count() == 2
    assert runs(outcome=RunOutcome.SKIPPED, reason=SkipReason.QUOTA).count() == 2
    tomorrow = timezone.localdate() + timedelta(days=1)
    automation.AutomationDay.objects.update(day=tomorrow)
    evaluate_event(note(agent, demand))
    assert Task.objects.count() == 3


def test_a_rule_never_starts_itself_again_and_no_chain_is_endless(tmp_path, agent, demand):
    on_task = {"event": "task_opened"}
    chained = [rule(f"r{n}", trigger=on_task, actions=[TASK]) for n in range(5)]
    put_in_force(tmp_path, rule("first"), *chained)
    note(agent, demand)
    for _round in range(8):
        Outbox.objects.update(not_before=timezone.now())
        deliver_pending()
    chains = list(runs(outcome=RunOutcome.DONE).values_list("chain", flat=True))
    assert max(map(len, chains)) == 3
    assert all(len(set(chain)) == len(chain) for chain in chains)
    assert runs(reason=SkipReason.LOOP).exists()
    assert runs(reason=SkipReason.DEPTH).exists()
    assert not Outbox.objects.filter(kind=EffectKind.AUTOMATION, done_at__isnull=True).exists()


@pytest.mark.parametrize(
    ("on_unknown", "reason", "tasks"), [("nothing", SkipReason.UNKNOWN, 0), ("task", "", 1)]
)
def test_what_the_file_does_not_say_never_acts_and_may_ask(
    tmp_path, agent, demand, on_unknown, reason, tasks
):
    when = {"fact": "demand.annual_income", "op": "at_most", "value": 10000}
    put_in_force(tmp_path, rule(when=when, actions=[TAG], on_unknown=on_unknown))
    demand.facts.annual_income = None
    demand.facts.save()
    demand.persons.update(tax_income_n2=None)
    evaluate_event(note(agent, demand))
    assert runs().get().reason == reason
    assert not WorkingTag.objects.exists()
    assert Task.objects.filter(kind=TaskKind.COMPLETE).count() == tasks
    if tasks:
        assert runs().get().acts == [{"do": "complete", "missing": ["demand.annual_income"]}]


def test_a_condition_may_look_at_the_step_itself(tmp_path, agent, demand):
    when = {"fact": "event.reason", "op": "is", "value": "tax_notice"}
    put_in_force(tmp_path, rule(trigger={"event": "piece_requested"}, when=when))
    for piece in ("income", "tax_notice"):
        evaluate_event(request_piece(principal=agent, demand=demand, piece=piece))
    assert [run.outcome for run in runs().order_by("pk")] == [RunOutcome.SKIPPED, RunOutcome.DONE]


def test_a_new_version_weighs_the_step_again_and_the_old_run_stays(tmp_path, agent, demand):
    put_in_force(tmp_path, rule(mode="dry_run"))
    event = note(agent, demand)
    evaluate_event(event)
    put_in_force(tmp_path, rule(), version=2)
    evaluate_event(event)
    assert [run.outcome for run in runs().order_by("pk")] == [RunOutcome.PLANNED, RunOutcome.DONE]
    assert len(set(runs().values_list("version", flat=True))) == 2


def test_a_step_left_without_answer_starts_its_rule_once(tmp_path, agent, demand):
    waiting = {
        "event": "piece_requested",
        "after": {"value": 15, "unit": "days"},
        "unless": ["document_added"],
    }
    put_in_force(tmp_path, rule(trigger=waiting, actions=[REMINDER]))
    asked = request_piece(principal=agent, demand=demand, piece="tax_notice")
    today = timezone.localdate()
    assert evaluate_moments(today + timedelta(days=14)) == {}
    assert evaluate_moments(today + timedelta(days=15))[RunOutcome.DONE] == 1
    assert evaluate_moments(today + timedelta(days=16))[RunOutcome.DONE] == 0
    message = Message.objects.get()
    assert message.author is None
    assert message.organisation == agent.organisation
    assert "imposition" in message.body
    told = Event.objects.get(kind=EventKind.MESSAGE_SENT)
    assert told.organisation == agent.organisation
    assert told.details["automation"] == runs(event=asked).get().pk
    assert Outbox.objects.filter(kind=EffectKind.MESSAGE_EMAIL).count() == 2


def test_an_answer_in_time_cancels_what_was_waiting(tmp_path, agent, demand):
    waiting = {
        "event": "piece_requested",
        "after": {"value": 15, "unit": "days"},
        "unless": ["document_added"],
    }
    put_in_force(tmp_path, rule(trigger=waiting, actions=[REMINDER]))
    request_piece(principal=agent, demand=demand, piece="tax_notice")
    Event.objects.create(
        demand=demand, kind=EventKind.DOCUMENT_ADDED, at=timezone.now() + timedelta(days=2)
    )
    assert evaluate_moments(timezone.localdate() + timedelta(days=20))[RunOutcome.DONE] == 0


def test_a_delay_starts_its_rule_once_for_each_demand_and_each_end(tmp_path, landlord):
    for n in range(5):
        make_demand(
            registered_by=landlord, received_on=timezone.localdate() - timedelta(days=360 + n)
        )
    make_demand(registered_by=landlord)
    put_in_force(
        tmp_path,
        rule(
            trigger={"daily": "to_notify"},
            actions=[{"do": "letter", "from": "registering", "letter": "renewal_notice"}],
            quota=3,
        ),
    )
    assert evaluate_moments()[RunOutcome.DONE] == 3
    assert evaluate_moments()[RunOutcome.DONE] == 0
    automation.AutomationDay.objects.update(used=0)
    assert evaluate_moments()[RunOutcome.DONE] == 2
    automation.AutomationDay.objects.update(used=0)
    put_in_force(tmp_path, rule(trigger={"daily": "to_notify"}, actions=[TASK]), version=2)
    assert evaluate_moments()[RunOutcome.DONE] == 0, "a new version does not write twice"
    assert Event.objects.filter(kind=EventKind.LETTER_SENT).count() == 5


@pytest.fixture
def no_shipped_rule(rules, tmp_path):
    """Nights then tell of the rules of the test alone."""
    put_in_force(
        tmp_path, rule(trigger={"event": "mandate_given"}), version=99, code="automation-21"
    )


def _night(number: int):
    return evaluate_moments(timezone.localdate() + timedelta(days=number))


def _expiring(landlord, **changes):
    received_on = timezone.localdate() - timedelta(days=350)
    return make_demand(registered_by=landlord, received_on=received_on, **changes)


DAILY = {"trigger": {"daily": "to_notify"}}
NOTICE = {"do": "letter", "from": "registering", "letter": "renewal_notice"}


@pytest.mark.usefixtures("no_shipped_rule")
def test_what_a_delay_was_only_planned_to_do_is_done_once_the_rule_is_switched_on(
    tmp_path, landlord
):
    _expiring(landlord)
    put_in_force(tmp_path, rule(actions=[NOTICE], mode="dry_run", **DAILY))
    assert [_night(n)[RunOutcome.PLANNED] for n in range(3)] == [1, 0, 0]
    assert not Event.objects.filter(kind=EventKind.LETTER_SENT).exists()
    put_in_force(tmp_path, rule(actions=[NOTICE], **DAILY), version=2)
    assert [_night(n)[RunOutcome.DONE] for n in range(3)] == [1, 0, 0]
    put_in_force(tmp_path, rule(actions=[NOTICE], mode="dry_run", **DAILY), version=3)
    assert _night(3) == {}, "what was done is not planned again"
    assert Event.objects.filter(kind=EventKind.LETTER_SENT).count() == 1
    assert runs().get().version.number == 2


@pytest.mark.usefixtures("no_shipped_rule")
def test_a_delay_for_which_nothing_could_be_done_is_tried_again_the_next_night(
    tmp_path, landlord, monkeypatch
):
    _expiring(landlord)
    put_in_force(tmp_path, rule(actions=[NOTICE], **DAILY))
    with monkeypatch.context() as nothing:
        nothing.setattr(automatic_acts.texts, "find", lambda *_words: None)
        assert _night(0) == {RunOutcome.SKIPPED: 1}
        assert _night(0) == {}, "once a night is enough"
    assert runs().get().reason == SkipReason.NO_TEXT
    assert _night(1) == {RunOutcome.DONE: 1}
    assert (runs().get().outcome, runs().get().reason) == (RunOutcome.DONE, "")
    assert _night(2) == {}


@pytest.mark.usefixtures("no_shipped_rule")
def test_files_on_which_nothing_can_be_done_keep_no_other_waiting(tmp_path, landlord, monkeypatch):
    stuck = [_expiring(landlord) for _each in range(2)]
    put_in_force(tmp_path, rule(actions=[NOTICE], quota=1, **DAILY))
    with monkeypatch.context() as nothing:
        nothing.setattr(automatic_acts.texts, "find", lambda *_words: None)
        for number, last_tried in enumerate([*stuck, *stuck]):
            assert _night(number) == {RunOutcome.SKIPPED: 1}
            assert runs().latest("at").demand == last_tried
    fresh = _expiring(landlord)
    assert _night(5) == {RunOutcome.DONE: 1}
    assert runs(outcome=RunOutcome.DONE).get().demand == fresh


@pytest.mark.usefixtures("no_shipped_rule")
def test_a_step_without_answer_that_was_only_planned_is_acted_on_once_switched_on(
    tmp_path, agent, demand
):
    waiting = {"event": "piece_requested", "after": {"value": 15, "unit": "days"}}
    reminder = {"trigger": waiting, "actions": [REMINDER]}
    put_in_force(tmp_path, rule(mode="dry_run", **reminder))
    request_piece(principal=agent, demand=demand, piece="tax_notice")
    assert [_night(n)[RunOutcome.PLANNED] for n in (15, 16)] == [1, 0]
    put_in_force(tmp_path, rule(**reminder), version=2)
    assert [_night(n)[RunOutcome.DONE] for n in (16, 17)] == [1, 0]
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        ({"do": "message", "from": "acting", "letter": "nothing"}, SkipReason.NO_TEXT),
        (REMINDER, SkipReason.NO_TEXT),
        ({"do": "webhook", "endpoint": "nothing"}, SkipReason.NO_ENDPOINT),
        (TASK | {"due": "nothing"}, SkipReason.NO_DELAY),
    ],
)
def test_a_rule_that_cannot_do_all_of_it_does_nothing_and_says_why(
    tmp_path, agent, demand, act, reason
):
    put_in_force(tmp_path, rule(actions=[TAG, act]))
    event = note(agent, demand)
    before = work()
    evaluate_event(event)
    assert runs().get().reason == reason
    assert work() == before


def test_the_shipped_rule_asks_the_counter_to_check_the_identity_document(reference):
    demand = submit(make_user())
    deliver_pending()
    task = Task.objects.get()
    assert (task.demand, task.organisation.name) == (demand, "Ville de Dijon")
    assert task.title_fr == "Vérifier la pièce d’identité"
    assert task.due_on > demand.received_on
