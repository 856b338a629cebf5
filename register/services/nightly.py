"""What is tried again every night: the modules' own test cases, and past decisions.

A new check is a function that yields results and a line in CHECKS.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from register.models import AssertionCheck, RuleCheck
from register.principals import SYSTEM
from register.replay import replay
from register.services.assertions import check_now, run_check
from rules import registry, versions
from rules.errors import RuleError
from rules.models import RuleModuleVersion, VersionState

logger = logging.getLogger(__name__)
SAMPLE = 2000


@dataclass(frozen=True)
class Result:
    """What one check found on one subject: how many were tried, and what is wrong."""

    subject: str
    total: int
    failures: tuple[str, ...]


def module_cases() -> Iterator[Result]:
    """The test cases of each version in force or scheduled; one that cannot be read fails."""
    for listed in versions.listed([VersionState.IN_FORCE, VersionState.SCHEDULED]):
        subject = f"{listed.module.code} {listed.number}"
        try:
            package = versions.package(RuleModuleVersion.objects.get(pk=listed.pk))
            wrong = tuple(package.failures(registry.vocabulary(), timezone.localdate()))
            yield Result(subject, len(package.tests), wrong)
        except RuleError as error:
            yield Result(subject, 1, (str(error),))


def past_decisions() -> Iterator[Result]:
    """Past decisions drawn at random, made again: none may come out otherwise."""
    report = replay(SAMPLE)
    wrong = (
        f"{each.decision_id} {each.kind} {each.subject}: {each.reason}"
        for each in report.differences
    )
    yield Result("decisions", report.replayed, tuple(wrong))


def access_assertions() -> Iterator[Result]:
    """What rights must never (or always) allow, on the register as it is tonight."""
    return _told_by(check_now(principal=SYSTEM))


def check_assertions_again(*, check_id: int) -> None:
    """A check that somebody asked for, told on the manager's page as those of the night are."""
    _keep("access_assertions", list(_told_by(run_check(check_id=check_id))))


def _told_by(check: AssertionCheck) -> Iterator[Result]:
    results = list(check.results.all())
    if not results:
        yield Result("", 0, (gettext("There is nothing to check: no assertion is written."),))
    for result in results:
        wrong = [result.fault] if result.fault else []
        if result.counter_examples:
            wrong.append(
                ngettext(
                    "%(count)s counter-example",
                    "%(count)s counter-examples",
                    result.counter_examples,
                )
                % {"count": result.counter_examples}
            )
        yield Result(result.code, result.people, tuple(wrong))


CHECKS: Mapping[str, Callable[[], Iterable[Result]]] = {
    "module_cases": module_cases,
    "past_decisions": past_decisions,
    "access_assertions": access_assertions,
}


def run_checks() -> list[RuleCheck]:
    """Run every check and keep what each found; one that breaks fails, and stops no other."""
    kept: list[RuleCheck] = []
    for code, check in CHECKS.items():
        try:
            found = list(check())
        except Exception as error:  # whatever a check meets, the others must run
            logger.exception("nightly: %s broke", code)
            found = [Result("", 1, (type(error).__name__,))]
        kept += _keep(code, found)
    return kept


@transaction.atomic
def _keep(code: str, results: list[Result]) -> list[RuleCheck]:
    known = {check.subject: check for check in RuleCheck.objects.filter(check_code=code)}
    now = timezone.now()
    kept = []
    for result in results:
        check = known.pop(result.subject, None) or RuleCheck(
            check_code=code, subject=result.subject
        )
        check.total, check.failures, check.ran_at = result.total, list(result.failures), now
        check.failing_since = (check.failing_since or now) if result.failures else None
        check.save()
        kept.append(check)
    RuleCheck.objects.filter(pk__in=[check.pk for check in known.values()]).delete()
    return kept
