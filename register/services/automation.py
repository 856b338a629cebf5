"""Starts automatic rules on a demand: once per step or delay, within quota, never in a circle.

Each rule is one transaction: the run, and everything it does, or nothing. A worker that dies leaves
no half; the next one begins again, and the run's key lets nothing happen twice.
"""

from collections import ChainMap, Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.db import transaction
from django.db.models import F

from register import clock, deadlines
from register.held import documents_of
from register.models import (
    AutomationDay,
    AutomationRun,
    Demand,
    DemandState,
    Event,
    EventKind,
    Outbox,
    RunOutcome,
    SkipReason,
)
from register.parameters import parameter_bindings
from register.requested import unanswered
from register.selectors.next_dates import STARTS
from register.services.automatic_acts import Unfit, begun_on, carry_out, plan, plan_completion
from register.services.decisions import keep_delay
from register.vocabulary.event_facts import event_bindings
from rules import registry
from rules.automation import Answer, Weighed, held_back, weigh
from rules.installed import Installed
from rules.kinds.automation import AutomaticRule, Automation, Mode

BATCH = 500
# The delay that has come at each moment.
DELAYS = {
    "to_notify": "renewal_notice",
    "to_warn": "strike_off",
    "to_strike_off": "strike_off",
    "to_erase": "retention",
    "beyond_abnormal_delay": "abnormal_delay",
}


@dataclass(frozen=True)
class Start:
    """A rule started on a demand: by a step, or by a delay that ends on a day."""

    installed: Installed[Automation]
    rule: AutomaticRule
    demand: Demand
    event: Event | None = None
    about_on: date | None = None

    @property
    def name(self) -> str:
        """The rule, with its module."""
        return f"{self.installed.code}/{self.rule.code}"

    @property
    def key(self) -> str:
        """The same step is weighed once by each version of a rule, a delay has one run for all."""
        if self.rule.trigger.moment:
            return f"{self.name}:{self.rule.trigger.moment}:{self.demand.pk}:{self.about_on}"
        version = "" if self.is_delay else f"@{self.installed.number}"
        return f"{self.name}{version}:{self.event.pk if self.event else ''}"

    @property
    def is_delay(self) -> bool:
        """True when a delay starts the rule, whether of the demand or after a step."""
        return bool(self.rule.trigger.moment or self.rule.trigger.after)

    def is_settled_by(self, run: AutomationRun) -> bool:
        """Nothing is done twice; what a delay was only planned to do is done by a later version.

        What could not be done for a delay is tried again: its text may have come into force since.
        """
        if not self.is_delay or run.outcome == RunOutcome.DONE:
            return True
        return run.outcome == RunOutcome.PLANNED and run.version_id == self.installed.version_id

    @property
    def chain(self) -> list[str]:
        """The rules that led to the step, the first cause first."""
        cause = self.event.details.get("automation") if self.event else None
        run = AutomationRun.objects.filter(pk=cause).first() if cause else None
        return list(run.chain) if run else []


def evaluate_event(event: Event) -> Counter[str]:
    """Start every rule of the step; how many runs of each outcome were added."""
    return run_all(starts_of(event))


def evaluate_effect(effect: Outbox) -> Counter[str]:
    """The same for the step that an effect of the outbox names."""
    event = Event.objects.select_related("demand", "organisation").get(pk=effect.payload["event"])
    with registry.remembered():
        return evaluate_event(event)


def starts_of(event: Event, rule: str = "") -> list[Start]:
    """The rules that a step starts on its demand; only `rule` ("module/code") when it is named."""
    found = [
        Start(installed, item, event.demand, event)
        for installed in registry.in_force("automation")
        if installed.territory in ("", event.demand.department_id)
        for item in installed.body.started_by(event.kind)
    ]
    return [start for start in found if rule in ("", start.name)]


def run_all(starts: Iterable[Start]) -> Counter[str]:
    """Start each; how many runs of each outcome were added."""
    runs = (start_rule(start) for start in starts)
    return Counter(str(run.outcome) for run in runs if run is not None)


def replay(since: datetime, until: datetime, rule: str = "") -> Counter[str]:
    """Start again the rules of past steps, when one was installed late: nothing is done twice."""
    events = Event.objects.filter(at__gte=since, at__lt=until).select_related("demand")
    counts: Counter[str] = Counter()
    last = 0
    while batch := list(events.filter(pk__gt=last).order_by("pk")[:BATCH]):
        for event in batch:
            counts += run_all(starts_of(event, rule))
        last = batch[-1].pk
    return counts


@transaction.atomic
def start_rule(start: Start) -> AutomationRun | None:
    """Weigh one rule on one demand and do what it says; None when it was already done."""
    run = None if _is_over(start) else _open(start)
    if run is not None:
        _decide(start, run)
        run.save(update_fields=["version", "outcome", "reason", "acts", "chain", "at"])
    return run


def _is_over(start: Start) -> bool:
    """Nothing is done of an erased demand; of a merged one, what its closing itself starts."""
    closing = start.event is not None and start.event.kind == EventKind.MERGED
    state = start.demand.state
    return state == DemandState.ERASED or (state == DemandState.MERGED and not closing)


def _open(start: Start) -> AutomationRun | None:
    """The run of this key, written first: of two workers one waits, then finds it."""
    fresh = {
        "version_id": start.installed.version_id,
        "outcome": RunOutcome.SKIPPED,
        "reason": "",
        "acts": [],
        "at": clock.now(),
    }
    run, is_new = AutomationRun.objects.select_for_update().get_or_create(
        key=start.key,
        defaults={
            "rule": start.name,
            "demand": start.demand,
            "event": start.event,
            "about_on": start.about_on,
            **fresh,
        },
    )
    if is_new:
        return run
    if start.is_settled_by(run):
        return None
    for name, value in fresh.items():
        setattr(run, name, value)
    return run


def _decide(start: Start, run: AutomationRun) -> None:
    chain = start.chain
    run.chain = [*chain, start.name]
    if held := held_back(start.name, chain):
        run.reason = SkipReason(held.value)
        return
    if _came_otherwise(start):
        run.reason = SkipReason.CONDITION
        return
    figures = parameter_bindings(start.demand.department_id, clock.today())
    bindings = ChainMap(event_bindings(start.event), cast("dict[str, Any]", figures))
    weighed = weigh(start.rule, registry.vocabulary(), bindings, start.demand, clock.today())
    if weighed.answer is Answer.NOTHING:
        run.reason = SkipReason.CONDITION
    elif weighed.answer is Answer.UNKNOWN:
        run.reason = SkipReason.UNKNOWN
    else:
        _act(start, run, weighed)


def _came_otherwise(start: Start) -> bool:
    """True of a paper awaited since that counts by now, in a demand merged with this one as well.

    It is not asked for twice (CCH R441-2-4-1).
    """
    event, trigger = start.event, start.rule.trigger
    is_awaited = event is not None and trigger.after is not None and bool(trigger.unless)
    if event is None or not is_awaited or event.kind != EventKind.PIECE_REQUESTED:
        return False
    return not unanswered([event], documents_of(start.demand))


def _act(start: Start, run: AutomationRun, weighed: Weighed) -> None:
    """Do what the rule says, or note it; a rule that cannot do all of it does nothing."""
    try:
        if weighed.answer is Answer.COMPLETE:
            planned = [plan_completion(weighed.missing)]
        else:
            planned = [plan(act, start.demand, start.event) for act in start.rule.acts]
    except Unfit as refusal:
        run.reason = refusal.reason
        return
    run.acts = planned
    if start.rule.mode is Mode.DRY_RUN:
        run.outcome = RunOutcome.PLANNED
    elif not _take_share(start):
        run.reason = SkipReason.QUOTA
    else:
        run.outcome = RunOutcome.DONE
        for position, planned_act in enumerate(planned):
            carry_out(planned_act, run, position)
        _keep_delays(start, planned)


def _keep_delays(start: Start, planned: list[dict[str, Any]]) -> None:
    """Keep by which delays a rule acted, and set the days of its tasks."""
    come = DELAYS.get(start.rule.trigger.moment)
    if come:
        began = STARTS[deadlines.get(come, start.demand.department_id).start]
        keep_delay(start.demand, come, began(start.demand))
    for act, made in zip(start.rule.acts, planned, strict=False):
        if isinstance(act.due, str) and "due_on" in made:
            keep_delay(start.demand, act.due, begun_on(start.event), start.event)


def _take_share(start: Start) -> bool:
    """One more act of this rule today, if its quota allows; the statement counts and locks."""
    today = clock.today()
    AutomationDay.objects.get_or_create(rule=start.name, day=today)
    free = AutomationDay.objects.filter(rule=start.name, day=today, used__lt=start.rule.quota)
    return bool(free.update(used=F("used") + 1))


def share_left(name: str, quota: int) -> int:
    """How many times a rule may still act today."""
    row = AutomationDay.objects.filter(rule=name, day=clock.today()).first()
    return max(quota - (row.used if row else 0), 0)
