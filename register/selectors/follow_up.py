"""What the manager of the shared file looks at each morning: what waits, what failed, who read."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet

from register import access, clock
from register.agreements import agreements_in_force
from register.figures import beyond_abnormal_delay
from register.models import (
    LIVE_STATES,
    AccessLog,
    AccessPurpose,
    Agreement,
    Demand,
    FactsCheck,
    Outbox,
    RuleCheck,
)
from register.principals import Principal
from register.selectors import calls, notes_requests, priorities, rounds
from register.selectors.assertions import titles
from register.selectors.awaited import awaiting_a_piece
from register.selectors.missing import CONDITIONS, Lack
from register.selectors.to_take_up import late_by_body
from rules import registry
from rules.bases import given_back
from rules.models import RuleModuleVersion, VersionState
from rules.registry import Problem

READINGS_DAYS = 30
# No text says within how long a body answers: what a colleague on leave explains.
UNANSWERED_DAYS = 15
AGREEMENTS_DAYS = 60
MOST_FAILURES = 50
ASSERTIONS = "access_assertions"
CHECKS_OVERDUE = timedelta(days=2)


@dataclass(frozen=True)
class Waiting:
    """Live demands on which somebody has something to do."""

    identity_to_check: int
    pieces_awaited: int
    candidates: int
    beyond_delay: int
    sealed: int
    to_examine: int
    to_call: int
    notes_asked: int


@dataclass(frozen=True)
class Readings:
    """What one organisation opened lately: an organisation, never one of its agents."""

    organisation: str
    files: int
    documents: int
    exported: int


@dataclass(frozen=True)
class Failing:
    """A check of the rules that fails: what it is of, in words, and what it found."""

    subject: str
    is_assertion: bool
    since: datetime | None
    failures: list[str]


@dataclass(frozen=True)
class RulesState:
    """What is wrong with the rules: versions that cannot be read or were not put in force, and
    nightly checks that fail; and the delivered versions that wait beside one written here.
    """

    unread: tuple[Problem, ...]
    given_back: list[RuleModuleVersion]
    delivered: list[RuleModuleVersion]
    failing: list[Failing]
    checked_at: datetime | None

    @property
    def is_late(self) -> bool:
        """True when nights went by without a check."""
        return self.checked_at is not None and self.checked_at < clock.now() - CHECKS_OVERDUE


@dataclass(frozen=True)
class FollowUp:
    """The whole page. Counts are of the demands that the principal may list."""

    waiting: Waiting
    # By organisation, the demands on which words of the applicant wait for too long.
    unanswered: list[tuple[str, int]]
    failures: list[Outbox]
    late_effects: int
    readings: list[Readings]
    ending: list[Agreement]
    facts_check: FactsCheck | None
    facts_mended: list[Demand]
    rules: RulesState
    is_round_held: bool


def follow_up(principal: Principal) -> FollowUp:
    """What waits for the manager today."""
    demands = access.scope(principal, access.Action.LIST)
    effects = Outbox.objects.filter(demand__in=demands)
    now = clock.now()
    check = FactsCheck.objects.first()
    wrong = [int(key) for key in check.wrong] if check else []
    return FollowUp(
        waiting=_waiting(principal, demands),
        unanswered=late_by_body(demands, now - timedelta(days=UNANSWERED_DAYS)),
        failures=list(given_up(principal).order_by("-done_at", "-pk")[:MOST_FAILURES]),
        late_effects=effects.filter(
            done_at__isnull=True, not_before__lt=now - timedelta(hours=1)
        ).count(),
        readings=_readings(demands),
        ending=_ending(clock.today()),
        facts_check=check,
        facts_mended=list(demands.filter(pk__in=wrong).order_by("number")[:MOST_FAILURES]),
        rules=_rules(),
        is_round_held=rounds.is_held_today(),
    )


def given_up(principal: Principal) -> QuerySet[Outbox]:
    """Sendings that nobody tries any more, on the files that the principal may list."""
    demands = access.scope(principal, access.Action.LIST)
    failed = Outbox.objects.filter(demand__in=demands, done_at__isnull=False)
    return failed.exclude(last_error="").select_related("demand")


def _rules() -> RulesState:
    checks = list(RuleCheck.objects.all())
    waiting = RuleModuleVersion.objects.filter(state=VersionState.DELIVERED)
    return RulesState(
        unread=registry.problems(),
        given_back=given_back(),
        delivered=list(waiting.select_related("module").defer("body", "tests")),
        failing=_failing([check for check in checks if check.failures]),
        checked_at=min((check.ran_at for check in checks), default=None),
    )


def _failing(checks: list[RuleCheck]) -> list[Failing]:
    assertions = {check.subject for check in checks if check.check_code == ASSERTIONS}
    names = titles() if assertions else {}
    return [
        Failing(
            names.get(check.subject, check.subject),
            check.check_code == ASSERTIONS,
            check.failing_since,
            check.failures,
        )
        for check in checks
    ]


def _waiting(principal: Principal, demands: QuerySet[Demand]) -> Waiting:
    live = demands.filter(state__in=LIVE_STATES)
    counted = live.aggregate(
        identity_to_check=Count("pk", filter=CONDITIONS[Lack.IDENTITY]()),
        candidates=Count("pk", filter=Q(state="under_allocation")),
        beyond_delay=Count("pk", filter=beyond_abnormal_delay(clock.today())),
        sealed=Count("pk", filter=Q(is_sealed=True)),
        pieces_awaited=Count("pk", filter=awaiting_a_piece(clock.now())),
    )
    noticed = live.filter(priorities.condition(principal, priorities.TO_EXAMINE)).count()
    return Waiting(
        to_examine=noticed,
        to_call=calls.to_call(principal).count(),
        notes_asked=notes_requests.waiting(principal).count(),
        **counted,
    )


def _readings(demands: QuerySet[Demand]) -> list[Readings]:
    since = clock.now() - timedelta(days=READINGS_DAYS)
    rows = (
        AccessLog.objects.filter(at__gte=since, organisation__isnull=False, demand__in=demands)
        .values("organisation__name")
        .annotate(
            files=Count("pk", filter=Q(purpose=AccessPurpose.VIEW)),
            documents=Count("pk", filter=Q(purpose=AccessPurpose.DOCUMENT)),
            exported=Count("pk", filter=Q(purpose=AccessPurpose.EXPORT)),
        )
        .order_by("organisation__name")
    )
    return [
        Readings(row["organisation__name"], row["files"], row["documents"], row["exported"])
        for row in rows
    ]


def _ending(today: date) -> list[Agreement]:
    """Agreements whose end is near: that day, the rights they give end too."""
    return list(
        agreements_in_force(today)
        .filter(ends_on__lte=today + timedelta(days=AGREEMENTS_DAYS))
        .select_related("organisation")
        .order_by("ends_on", "organisation__name")
    )
