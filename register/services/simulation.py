"""Asks for a simulation and carries it out, in the background, with its progress."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from register import clock
from register.errors import AskedTooOften, NotAllowed
from register.models import Simulation, SimulationState
from register.principals import Principal
from register.services import turn
from register.simulation import conditions, deadlines, rights, scoring
from register.simulation.frame import Bodies, Outcome, Steps, bodies_for, reading_only
from rules.errors import RuleError
from rules.models import RuleModuleVersion

logger = logging.getLogger(__name__)

# A worker that has not been heard of for this long is dead: its simulation starts again.
SILENCE = timedelta(minutes=10)
# Of one person in a day: a chance that moves figures is worn out by asking (`simulation.blur`).
MOST_A_DAY = 10

SIMULATORS: Mapping[str, Callable[[Bodies, Outcome], Steps]] = {
    "rights": rights.simulate,
    "fields": rights.simulate_fields,
    "deadlines": deadlines.simulate,
    "scoring": scoring.simulate,
    "priority": conditions.simulate,
    "eligibility": conditions.simulate,
    "documents": conditions.simulate,
    "questions": conditions.simulate,
    "automation": conditions.simulate,
}

_wake_up_calls: list[Callable[[], None]] = []


def on_asked(call: Callable[[], None]) -> None:
    """Register what wakes the worker (`exchange` does, at start); calling twice changes nothing."""
    if call not in _wake_up_calls:
        _wake_up_calls.append(call)


def can_simulate(kind: str) -> bool:
    """True when modules of this kind change what happens to files, and so can be simulated."""
    return kind in SIMULATORS


def ask_simulation(*, principal: Principal, version: RuleModuleVersion) -> Simulation:
    """Ask what a version would change; the one already under way, if there is one.

    Raises NotAllowed for anybody but the manager of the shared file and the editors of rules, and
    AskedTooOften like `ask_for`.
    """
    if not principal.is_manager or principal.user is None:
        raise NotAllowed(_("Only the manager of the shared file simulates rules."))
    return ask_for(user=principal.user, version=version)


def ask_for(*, user: Any, version: RuleModuleVersion) -> Simulation:
    """The same, for somebody whose right was checked by the editing space.

    Raises AskedTooOften to whoever asked for as many as one may in a day.
    """
    if not can_simulate(version.module.kind):
        raise NotAllowed(_("Rules of this kind change no file: there is nothing to simulate."))
    if Simulation.objects.filter(asked_by=user, asked_at__date=clock.today()).count() >= MOST_A_DAY:
        raise AskedTooOften(
            _("You have asked for {most} simulations today: ask again tomorrow.").format(
                most=MOST_A_DAY
            )
        )
    try:
        with transaction.atomic():
            simulation = Simulation.objects.create(
                version=version,
                content_hash=version.content_hash,
                asked_by=user,
                asked_at=clock.now(),
            )
            transaction.on_commit(_wake_up)
            return simulation
    except IntegrityError:
        return Simulation.objects.get(
            version=version, state__in=[SimulationState.WAITING, SimulationState.RUNNING]
        )


@dataclass
class _UnderWay:
    """A simulation between two steps: what it has counted is in the memory of its worker."""

    simulation: Simulation
    outcome: Outcome
    steps: Steps


_under_way: list[_UnderWay] = []


def run_waiting() -> int:
    """Carry out the simulations that wait, and those whose worker died; how many were run."""
    run = 0
    while (going := _take_up()) is not None:
        while _has_more(going):
            pass
        run += 1
    return run


def take_turn() -> bool:
    """The same for one turn, at least one step; True when there is more to do at once.

    A step reads the whole stock once.

    The worker is one process: what is under way is taken up where it was. One that died is known
    by its silence, and its simulation starts again.
    """
    is_over = turn.begin()
    while (going := _take_up()) is not None:
        while _has_more(going):
            if is_over():
                _under_way.append(going)
                return True
    return False


def _take_up() -> _UnderWay | None:
    """The simulation that is under way here, else one that waits."""
    if _under_way:
        return _under_way.pop()
    simulation = _claim()
    if simulation is None:
        return None
    outcome = Outcome()
    return _UnderWay(simulation, outcome, _steps(simulation, outcome))


def _claim() -> Simulation | None:
    """Take one simulation; two workers never take the same."""
    now = clock.now()
    silent = Q(state=SimulationState.RUNNING, heard_at__lt=now - SILENCE)
    for waiting in Simulation.objects.filter(Q(state=SimulationState.WAITING) | silent).order_by(
        "asked_at"
    ):
        taken = Simulation.objects.filter(
            pk=waiting.pk, state=waiting.state, heard_at=waiting.heard_at
        ).update(state=SimulationState.RUNNING, heard_at=now)
        if taken:
            waiting.refresh_from_db()
            return waiting
    return None


def _steps(simulation: Simulation, outcome: Outcome) -> Steps:
    version = RuleModuleVersion.objects.select_related("module").get(pk=simulation.version_id)
    simulation.content_hash = version.content_hash
    yield from SIMULATORS[version.module.kind](bodies_for(version, clock.today()), outcome)


def _has_more(going: _UnderWay) -> bool:
    """Take one step and say how far it is; False once it is finished, or failed."""
    simulation = going.simulation
    try:
        if (step := _next(going.steps)) is not None:
            _tell_progress(simulation, *step)
            return True
        simulation.result = going.outcome.as_json()
        simulation.state = SimulationState.DONE
    except RuleError as error:
        simulation.state, simulation.fault = SimulationState.FAILED, str(error)[:200]
    except Exception as error:  # told to whoever asked, without any value of a file
        logger.exception("a simulation failed")
        simulation.state, simulation.fault = SimulationState.FAILED, type(error).__name__
    simulation.finished_at = clock.now()
    simulation.save(update_fields=["content_hash", "state", "fault", "result", "finished_at"])
    return False


def _next(steps: Steps) -> tuple[int, int] | None:
    with reading_only():
        return next(steps, None)


def _tell_progress(simulation: Simulation, done: int, total: int) -> None:
    Simulation.objects.filter(pk=simulation.pk).update(done=done, total=total, heard_at=clock.now())


def _wake_up() -> None:
    """A queue that is down must not fail the request; the sweep finds the simulation."""
    for call in _wake_up_calls:
        try:
            call()
        except Exception:  # any broker error
            logger.warning("the worker could not be woken; the sweep will simulate", exc_info=False)
