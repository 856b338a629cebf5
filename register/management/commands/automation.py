"""`manage.py automation`: the round of automatic rules by hand, and the replay of past steps."""

from argparse import ArgumentParser
from collections import Counter
from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from register.models import RunOutcome
from register.services.automation import replay
from register.services.moments import evaluate_moments


class Command(BaseCommand):
    """Automatic rules."""

    help = "Start the automatic rules of the day, or again those of past steps."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`round` is what the worker does each night; `replay` starts again past steps."""
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("round")
        again = actions.add_parser("replay")
        again.add_argument("--since", type=date.fromisoformat, required=True)
        again.add_argument("--until", type=date.fromisoformat)
        again.add_argument("--rule", default="", help="module/code of one rule")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the chosen action and say how many runs were added."""
        if options["action"] == "round":
            self._say(evaluate_moments())
            return
        until = _midnight(options["until"]) if options["until"] else timezone.now()
        self._say(replay(_midnight(options["since"]), until, options["rule"]))

    def _say(self, counts: Counter[str]) -> None:
        for outcome in RunOutcome:
            self.stdout.write(
                _("{outcome}: {count}").format(outcome=outcome.label, count=counts[outcome])
            )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
