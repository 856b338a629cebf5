"""`manage.py prepare_demo`: everything `make run` loads, step by step, each shown as it ends."""

import io
import time
from argparse import ArgumentParser
from typing import Any, NamedTuple

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError


class Step(NamedTuple):
    """One command of the preparation, with the words shown while it runs."""

    label: str
    command: str
    arguments: tuple[str, ...] = ()
    is_long: bool = False


SEED = "2026"


def steps(demands: int) -> list[Step]:
    """The preparation in order: each step relies on the ones before it."""
    return [
        Step("Database", "migrate", ("--no-input",)),
        Step("Shared cache", "createcachetable"),
        Step("French texts", "catalogue", ("--compile",)),
        Step("Communes, organisations, counters", "load_reference"),
        Step("Rule modules", "rules", ("install",)),
        Step("Site content", "load_starter_content"),
        Step("Demonstration accounts", "load_demo_accounts"),
        Step(
            f"{demands} synthetic demands",
            "seed_demo",
            ("--demands", str(demands), "--seed", SEED, "--if-empty"),
            is_long=True,
        ),
    ]


class Command(BaseCommand):
    help = "Load the demonstration: database, reference data, content, accounts, demands."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demands", type=int, default=2000, help="synthetic demands to make")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demonstration is never loaded into a production register.")
        wanted = steps(options["demands"])
        for position, step in enumerate(wanted, start=1):
            self.stdout.write(f"[{position}/{len(wanted)}] {step.label}", ending="")
            self.stdout.flush()
            started = time.monotonic()
            said = _Progress(self.stdout if step.is_long else None)
            call_command(step.command, *step.arguments, verbosity=0, stdout=said)
            self.stdout.write(f" … {time.monotonic() - started:.1f} s")


class _Progress(io.TextIOBase):
    """What a step says: shown as it comes for the long ones, kept silent for the others."""

    def __init__(self, output: Any) -> None:
        self.output = output

    def write(self, text: str) -> int:
        if self.output and (told := text.strip()):
            self.output.write(f"\n      {told}", ending="")
            self.output.flush()
        return len(text)
