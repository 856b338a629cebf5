"""What automatic rules did lately, and what those being tried would have done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, QuerySet

from register import access, clock
from register.access import Action
from register.models import (
    AutomationDay,
    AutomationRun,
    Organisation,
    RunOutcome,
    SkipReason,
    WebhookEndpoint,
)
from register.principals import Principal
from rules import registry
from rules.kinds.automation import AutomaticRule, Mode
from rules.publication.automation import act, start

DAYS = 30
MOST_RUNS = 50


@dataclass(frozen=True)
class RuleLine:
    """A rule in force: what it does, and its runs of the last thirty days."""

    name: str
    title: str
    start: str
    acts: tuple[str, ...]
    is_dry: bool
    done: int
    planned: int
    skipped: tuple[tuple[str, int], ...]
    quota: int
    used: int


@dataclass(frozen=True)
class RunLine:
    """A run, with the title of its rule; the code of a rule that is not in force any more."""

    run: AutomationRun
    title: str


def rules_in_force(principal: Principal) -> list[RuleLine]:
    """Every automatic rule in force. Runs are those of the demands that the principal may list."""
    since = clock.now() - timedelta(days=DAYS)
    rows = (
        _runs(principal)
        .filter(at__gte=since)
        .values("rule", "outcome", "reason")
        .annotate(count=Count("pk"))
    )
    counts = {(row["rule"], row["outcome"], row["reason"]): row["count"] for row in rows}
    used = dict(AutomationDay.objects.filter(day=clock.today()).values_list("rule", "used"))
    return [
        _line(f"{module.code}/{rule.code}", rule, counts, used)
        for module in registry.in_force("automation")
        for rule in module.body.rules
    ]


def latest_runs(principal: Principal) -> list[RunLine]:
    """The latest runs that did something, or would have."""
    runs = _runs(principal).exclude(outcome=RunOutcome.SKIPPED, reason=SkipReason.CONDITION)
    found = list(runs.select_related("demand", "version").order_by("-at", "-pk")[:MOST_RUNS])
    titles = {
        f"{module.code}/{rule.code}": str(rule.title)
        for module in registry.in_force("automation")
        for rule in module.body.rules
    }
    return [RunLine(run, titles.get(run.rule, run.rule)) for run in found]


def endpoints(principal: Principal) -> Iterable[WebhookEndpoint]:
    """The endpoints of partners' software, for the manager alone."""
    if not principal.is_manager:
        return WebhookEndpoint.objects.none()
    return WebhookEndpoint.objects.select_related("organisation").order_by("ended_at", "code")


def endpoint_of(principal: Principal, written: str) -> WebhookEndpoint | None:
    """The one of them whose identifier is written so."""
    return next((one for one in endpoints(principal) if str(one.pk) == written), None)


def organisations_with_software(principal: Principal) -> QuerySet[Organisation]:
    """Organisations whose software may be told: those that files can be open to."""
    found = Organisation.objects.filter(is_counter=True).order_by("name")
    return found if principal.is_manager else found.none()


def _runs(principal: Principal) -> QuerySet[AutomationRun]:
    return AutomationRun.objects.filter(demand__in=access.scope(principal, Action.LIST))


def _line(
    name: str,
    rule: AutomaticRule,
    counts: dict[tuple[str, str, str], int],
    used: dict[str, int],
) -> RuleLine:
    facts = registry.vocabulary()
    skipped = (
        (str(reason.label), counts.get((name, RunOutcome.SKIPPED, reason.value), 0))
        for reason in SkipReason
    )
    return RuleLine(
        name=name,
        title=str(rule.title),
        start=start(rule, facts),
        acts=tuple(act(item, facts) for item in rule.acts),
        is_dry=rule.mode is Mode.DRY_RUN,
        done=counts.get((name, RunOutcome.DONE, ""), 0),
        planned=counts.get((name, RunOutcome.PLANNED, ""), 0),
        skipped=tuple((reason, count) for reason, count in skipped if count),
        quota=rule.quota,
        used=used.get(name, 0),
    )
