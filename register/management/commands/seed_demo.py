"""`manage.py seed_demo --demands N --seed S`: a deterministic, lifelike synthetic register."""

import sys
import time
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from register.demo.association import write_association_demands
from register.demo.desk import write_desk
from register.demo.seed import seed
from register.demo.words import write_words
from register.models import Demand


class Command(BaseCommand):
    """Fill an empty register with people who do not exist."""

    help = "Fill the register with synthetic demands (demonstration only)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demands", type=int, default=2000)
        parser.add_argument("--seed", type=int, default=2026)
        parser.add_argument(
            "--now", type=datetime.fromisoformat, help="the hour at which history ends"
        )
        parser.add_argument("--way", choices=["services", "bulk"], help="default: by size")
        parser.add_argument("--if-empty", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Synthetic demands are for demonstrations only.")
        if Demand.objects.exists():
            if options["if_empty"]:
                self.stdout.write("The register already holds demands.")
                return
            raise CommandError("The register already holds demands: start from an empty one.")
        started = time.monotonic()
        now = options["now"] or timezone.now()
        now = timezone.make_aware(now) if timezone.is_naive(now) else now
        try:
            seed(
                demands=options["demands"],
                seed_number=options["seed"],
                now=now,
                report=self._report,
                in_bulk={"services": False, "bulk": True}.get(options["way"]),
            )
        except LookupError as error:
            raise CommandError(str(error)) from None
        # Apart from what is drawn, which benches count and multiply.
        write_association_demands(seed_number=options["seed"], now=now)
        write_words(now=now)
        write_desk(seed_number=options["seed"], now=now)
        seconds = time.monotonic() - started
        self.stdout.write(f"{options['demands']} synthetic demands in {seconds:.1f} s")

    def _report(self, done: int, total: int) -> None:
        if sys.stdout.isatty() or done == total or done * 10 // total != (done - 1) * 10 // total:
            self.stdout.write(f"  {done} of {total} demands", ending="\n")
            self.stdout.flush()
