"""`manage.py rules`, with what looks at demands: replaying past decisions, the nightly checks.

This application comes before `rules` in the settings, so that its command is the one that runs.
"""

from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from register.replay import replay
from register.services.nightly import run_checks
from rules.management.commands.rules import Command as RulesCommand


class Command(RulesCommand):
    """Rule modules on disk, in force, and what they decided."""

    help = "Check, install, compare, export, explain or replay rule modules."

    def add_actions(self, actions: Any) -> None:
        """Those of the rules, then ours."""
        super().add_actions(actions)
        actions.add_parser("replay").add_argument("--sample", type=int)
        actions.add_parser("nightly")

    def _replay(self, *, sample: int | None, **options: Any) -> None:
        report = replay(sample)
        for difference in report.differences:
            self.stderr.write(
                f"{difference.decision_id} {difference.kind} {difference.subject}"
                f" {list(difference.version_ids)}: {difference.reason}"
            )
        told = _("{n} decisions made again, {different} come out otherwise").format(
            n=report.replayed, different=len(report.differences)
        )
        if report.differences:
            raise CommandError(told)
        self.stdout.write(told)

    def _nightly(self, **options: Any) -> None:
        failing = 0
        for check in run_checks():
            failing += bool(check.failures)
            passed = check.total - len(check.failures)
            self.stdout.write(f"{check.check_code} {check.subject}: {passed}/{check.total}")
            for failure in check.failures:
                self.stderr.write(f"  {failure}")
        if failing:
            raise CommandError(_("{n} checks fail").format(n=failing))
