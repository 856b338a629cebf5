"""Long work of the worker leaves its turn to what waits: an e-mail is not held back for minutes."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import OperationalError
from django.utils import timezone
from huey.contrib.djhuey import HUEY

from exchange.queue import WakeUpStorage
from exchange.tasks import (
    ask_to_build,
    build_soon,
    follow_the_calendar,
    follow_the_rules,
    sweep_audiences,
    sweep_simulations,
)
from register.models import (
    Agreement,
    BuildState,
    BuiltAudience,
    Demand,
    DemandAudience,
    DemandFacts,
    EffectKind,
    OrganisationKind,
    Simulation,
    SimulationState,
)
from register.services import (
    built_audiences,
    detection,
    outbox,
    simulation,
    turn,
)
from rules import drafts
from rules.life import Actor
from rules.models import RuleModuleVersion
from tests.factories import make_commune, make_demand, make_organisation, make_user

pytestmark = pytest.mark.usefixtures("rules")
DIJON, BEAUNE = "242100410", "200006682"
DEMANDS = 12


@pytest.fixture(autouse=True)
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The queue of the embedded installation, of which nothing is carried out by itself."""
    storage = WakeUpStorage("turns", filename=str(tmp_path / "queue.sqlite3"))
    monkeypatch.setattr(HUEY, "_immediate", False)
    monkeypatch.setattr(HUEY, "storage", storage)
    # The transaction of the test is the worker's.
    monkeypatch.setattr("huey.contrib.djhuey.close_old_connections", lambda: None)
    yield
    storage.close()


@pytest.fixture(autouse=True)
def any_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("register.letters.email.attestation_pdf", lambda _demand: b"%PDF-1.7")


@pytest.fixture
def long_building(monkeypatch: pytest.MonkeyPatch, on_commit: Any) -> BuiltAudience:
    """An audience to be built of which a turn does one demand, and the wake-up that asks for it."""
    monkeypatch.setattr(built_audiences, "_stops_at_cap", lambda _keys: True)
    monkeypatch.setattr(built_audiences, "BATCH", 1)
    monkeypatch.setattr(turn, "SECONDS", 0)
    body = make_organisation(kind=OrganisationKind.STATE, with_agreement=False)
    make_commune("21054", "Beaune", epci=BEAUNE, postal_code="21200")
    for _each in range(DEMANDS):
        make_demand(communes=("21054", "21231"))
    agreement = Agreement.objects.create(
        organisation=body, purpose="Fichier partagé", starts_on="2020-01-01", status="signed"
    )
    agreement.epcis.set([DIJON, BEAUNE])
    with on_commit(execute=True):
        built_audiences.follow(body)
    return BuiltAudience.objects.get()


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks: Any) -> Any:
    """What waits for the end of a transaction, carried out at the end of the block."""
    return django_capture_on_commit_callbacks


def work_once() -> str:
    """Carry out the first task that waits, as the worker does; its name, "" when none waits."""
    task = HUEY.dequeue()
    if task is None:
        return ""
    HUEY.execute(task)
    return str(task.name)


def work_to_the_end() -> list[str]:
    return list(iter(work_once, ""))


def _ask_for_an_email() -> None:
    demand = Demand.objects.first()
    assert demand is not None
    outbox.enqueue(kind=EffectKind.REGISTRATION_EMAIL, key="k1", demand=demand)


@pytest.mark.parametrize("moment", ["in a turn", "between two turns"])
def test_an_email_asked_for_during_a_building_leaves_within_a_turn(
    moment: str,
    long_building: BuiltAudience,
    on_commit: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert work_once() == "build_soon"
    if moment == "in a turn":
        with monkeypatch.context() as patch:
            patch.setattr(built_audiences, "_index", _then(built_audiences._index, on_commit))
            work_once()
    else:
        with on_commit(execute=True):
            _ask_for_an_email()
        assert work_once() == "build_soon"
    assert mail.outbox == []
    assert work_once() == "deliver_soon"
    assert len(mail.outbox) == 1
    long_building.refresh_from_db()
    assert (long_building.state, long_building.done) == (BuildState.BUILDING, 2)
    assert set(work_to_the_end()) == {"build_soon"}
    long_building.refresh_from_db()
    assert (long_building.state, long_building.done) == (BuildState.READY, DEMANDS)


def _then(index: Callable[..., None], on_commit: Any) -> Callable[..., None]:
    def indexed(*arguments: Any) -> None:
        index(*arguments)
        with on_commit(execute=True):
            _ask_for_an_email()

    return indexed


def test_a_building_asks_for_one_turn_at_a_time_however_often_it_is_called_for(
    long_building: BuiltAudience,
) -> None:
    for _minute in range(5):
        sweep_audiences.call_local()
        ask_to_build()
        build_soon.call_local()
        assert [task.name for task in HUEY.pending()] == ["build_soon"]
    assert long_building.organisation.built_audiences.get().done == 5


def test_a_turn_lost_with_its_worker_is_asked_for_again_by_the_sweep(
    long_building: BuiltAudience,
) -> None:
    work_once()
    assert HUEY.dequeue() is not None  # taken by a worker that dies
    assert work_once() == ""
    sweep_audiences.call_local()
    assert set(work_to_the_end()) == {"build_soon"}
    long_building.refresh_from_db()
    assert (long_building.state, long_building.done) == (BuildState.READY, DEMANDS)


def test_removing_a_retired_audience_takes_turns_as_well(
    long_building: BuiltAudience, on_commit: Any
) -> None:
    work_to_the_end()
    long_building.organisation.agreements.get().epcis.clear()
    with on_commit(execute=True):
        built_audiences.follow(long_building.organisation)
    assert work_once() == "build_soon"
    left = DemandAudience.objects.filter(audience=long_building.audience)
    assert left.count() == DEMANDS - 1
    work_to_the_end()
    assert not left.exists()
    assert not BuiltAudience.objects.exists()


def test_a_demand_held_for_long_is_left_to_the_next_minute(
    long_building: BuiltAudience, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trying without end would hold back nobody, and keep the worker busy for nothing."""
    monkeypatch.setattr(built_audiences, "HELD", 0)
    with monkeypatch.context() as patch:
        patch.setattr(built_audiences, "build_batch", _is_held)
        assert work_to_the_end() == ["build_soon"]
    sweep_audiences.call_local()
    work_to_the_end()
    long_building.refresh_from_db()
    assert long_building.state == BuildState.READY


def _is_held(_generation: int) -> bool:
    raise OperationalError("held")


def test_an_email_asked_for_during_a_simulation_leaves_between_two_steps(
    draft: RuleModuleVersion, on_commit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with on_commit(execute=True):
        asked = simulation.ask_for(user=make_user(), version=draft)
    assert work_once() == "simulate_soon"
    with on_commit(execute=True):
        _ask_for_an_email()
    work_once()
    assert work_once() == "deliver_soon"
    assert len(mail.outbox) == 1
    asked.refresh_from_db()
    assert (asked.state, asked.finished_at) == (SimulationState.RUNNING, None)
    assert asked.done < asked.total
    assert set(work_to_the_end()) == {"simulate_soon"}
    asked.refresh_from_db()
    assert asked.state == SimulationState.DONE
    again = simulation.ask_for(user=asked.asked_by, version=draft)
    assert simulation.run_waiting() == 1
    again.refresh_from_db()
    assert asked.result == again.result
    assert asked.result["stock"] > 0


def test_a_simulation_whose_worker_died_between_two_turns_starts_again_after_its_silence(
    draft: RuleModuleVersion, on_commit: Any
) -> None:
    with on_commit(execute=True):
        asked = simulation.ask_for(user=make_user(), version=draft)
    work_once()
    simulation._under_way.clear()
    assert work_to_the_end() == ["simulate_soon"]
    asked.refresh_from_db()
    assert asked.state == SimulationState.RUNNING
    Simulation.objects.update(heard_at=timezone.now() - simulation.SILENCE * 2)
    sweep_simulations.call_local()
    work_to_the_end()
    asked.refresh_from_db()
    assert asked.state == SimulationState.DONE


def test_other_rules_are_followed_in_turns_to_the_last_demand(
    on_commit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    demands = [make_demand() for _each in range(6)]
    monkeypatch.setattr(turn, "SECONDS", 0)
    monkeypatch.setattr(detection, "BATCH", max(1, demands[-1].pk // 4))
    DemandFacts.objects.update(detected_by="999999", detected_priorities=1)
    follow_the_rules.call_local()
    follow_the_rules.call_local()
    assert [task.name for task in HUEY.pending()] == ["refresh_facts", "notice_by_other_rules"]
    work_once()
    assert work_once() == "notice_by_other_rules"
    follow_the_rules.call_local()
    with on_commit(execute=True):
        _ask_for_an_email()
    done = work_to_the_end()
    assert done.index("deliver_soon") < len(done) - 1
    assert done.count("notice_by_other_rules") >= 2
    assert len(mail.outbox) == 1
    assert not DemandFacts.objects.filter(detected_by="999999").exists()
    assert not DemandFacts.objects.filter(detected_priorities=1).exists()


def test_what_a_new_day_changes_is_done_in_turns_and_a_lost_turn_is_made_up_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _each in range(4):
        make_demand()
    monkeypatch.setattr(turn, "SECONDS", 0)
    DemandFacts.objects.update(recompute_on=timezone.localdate())
    due = DemandFacts.objects.filter(recompute_on__lte=timezone.localdate())
    follow_the_calendar.call_local()
    assert work_once() == "refresh_facts"
    assert due.count() == 3
    names = {HUEY.dequeue().name, HUEY.dequeue().name}  # lost with the worker
    assert names == {"refresh_facts", "notice_priorities"}
    follow_the_rules.call_local()
    assert work_to_the_end().count("refresh_facts") == 4
    assert not due.exists()


@pytest.fixture
def draft(monkeypatch: pytest.MonkeyPatch) -> RuleModuleVersion:
    """A draft of delays, and simulations of which a turn does one step."""
    monkeypatch.setattr(turn, "SECONDS", 0)
    monkeypatch.setattr(simulation, "_under_way", [])
    make_demand()
    return drafts.open_draft("deadlines-21", Actor("Editor"))
