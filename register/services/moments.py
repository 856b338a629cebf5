"""The night's round: rules started by a delay that comes, or by a step left without answer."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from register import clock
from register.figures import where, where_false
from register.models import LIVE_STATES, AutomationRun, Demand, Event, RunOutcome
from register.selectors import due
from register.selectors.rounds import strange_clock
from register.services.automation import Start, run_all, share_left
from rules import registry
from rules.deadlines import counted
from rules.installed import Installed
from rules.kinds.automation import AutomaticRule, Automation, Mode, OnUnknown

Row = TypeVar("Row", Demand, Event)
# A step that nobody answered for that long is not looked at any more.
LOOKED_BACK = timedelta(days=90)


@dataclass(frozen=True)
class Moment:
    """A delay: the demands for which it has come, and the column that holds its own day."""

    demands: Callable[[date], QuerySet[Demand]]
    about_on: str


MOMENTS: Mapping[str, Moment] = {
    "to_notify": Moment(due.to_notify, "expires_on"),
    "to_warn": Moment(due.to_warn, "expires_on"),
    "to_strike_off": Moment(due.to_strike_off, "expires_on"),
    "to_erase": Moment(due.to_erase, "struck_off_on"),
    "beyond_abnormal_delay": Moment(due.beyond_abnormal_delay, "received_on"),
}


def evaluate_moments(on: date | None = None) -> Counter[str]:
    """Start the rules whose delay has come; what was done for a delay is not done again.

    None while the clock cannot be believed.
    """
    if strange_clock():
        return Counter()
    day = on or clock.today()
    counts: Counter[str] = Counter()
    for installed in registry.in_force("automation"):
        for rule in installed.body.rules:
            if rule.trigger.moment or rule.trigger.after:
                counts += run_all(_starts(installed, rule, day))
    return counts


def _starts(installed: Installed[Automation], rule: AutomaticRule, day: date) -> Iterator[Start]:
    """At most as many as the day's quota leaves; the others wait for tomorrow."""
    name = f"{installed.code}/{rule.code}"
    left = share_left(name, rule.quota) if rule.mode is Mode.ACTIVE else rule.quota
    if rule.trigger.moment:
        about_on = MOMENTS[rule.trigger.moment].about_on
        runs = AutomationRun.objects.filter(
            rule=name, demand=OuterRef("pk"), about_on=OuterRef(about_on)
        )
        demands = _demands(installed, rule, day)
        for demand in _in_turn(demands, runs, installed, day, left):
            yield Start(installed, rule, demand, about_on=getattr(demand, about_on))
    else:
        runs = AutomationRun.objects.filter(rule=name, event=OuterRef("pk"))
        for event in _in_turn(_unanswered(installed, rule, day), runs, installed, day, left):
            yield Start(installed, rule, event.demand, event)


def _in_turn(
    rows: QuerySet[Row],
    runs: QuerySet[AutomationRun],
    installed: Installed[Automation],
    day: date,
    left: int,
) -> list[Row]:
    """Those that this version did not weigh yet, then those on which it could not act before today.

    What any version did is not done again. The longest untried come first among the latter: files
    that can never be acted on keep nobody else waiting.
    """
    done, own = runs.filter(outcome=RunOutcome.DONE), runs.filter(version=installed.version_id)
    found: list[Row] = list(rows.exclude(Exists(done) | Exists(own))[:left])
    stuck = own.filter(outcome=RunOutcome.SKIPPED, at__lt=_midnight(day))
    tried = rows.annotate(tried=Subquery(stuck.values("at")[:1])).exclude(Exists(done))
    again = tried.filter(tried__isnull=False).order_by("tried", "pk")[: left - len(found)]
    return found + list(again)


def _demands(installed: Installed[Automation], rule: AutomaticRule, day: date) -> QuerySet[Demand]:
    moment = MOMENTS[rule.trigger.moment]
    places = [installed.territory] if installed.territory else None
    if rule.on_unknown is OnUnknown.TASK:
        weighed = ~where_false(rule.condition, day, departments=places)
    else:
        weighed = where(rule.condition, day, departments=places)
    demands = moment.demands(day).filter(weighed)
    if installed.territory:
        demands = demands.filter(department=installed.territory)
    return demands.select_related("registered_by").order_by(moment.about_on, "pk")


def _unanswered(
    installed: Installed[Automation], rule: AutomaticRule, day: date
) -> QuerySet[Event]:
    """Steps old enough, on live demands, to which none of the awaited steps answered."""
    wait = rule.trigger.after
    if wait is None:
        return Event.objects.none()
    limit = _midnight(counted(wait.unit, -wait.value, day, installed.territory) + timedelta(days=1))
    answered = Event.objects.filter(
        demand=OuterRef("demand"), kind__in=rule.trigger.unless, at__gt=OuterRef("at")
    )
    events = Event.objects.filter(
        kind=rule.trigger.event,
        at__lt=limit,
        at__gte=limit - LOOKED_BACK,
        demand__state__in=LIVE_STATES,
    ).exclude(Exists(answered))
    if installed.territory:
        events = events.filter(demand__department=installed.territory)
    return events.select_related("demand__registered_by", "organisation").order_by("at", "pk")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
