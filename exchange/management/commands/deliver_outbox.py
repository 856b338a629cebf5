"""`manage.py deliver_outbox`: carry out what waits in the outbox, without the worker."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from exchange.delivery import deliver_pending


class Command(BaseCommand):
    help = "Deliver the e-mails and letters that wait in the outbox."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, default=1000, help="at most this many (1000)")

    def handle(self, *args: Any, **options: Any) -> None:
        counts = deliver_pending(options["limit"])
        for outcome in ("done", "failed", "given_up"):
            self.stdout.write(f"{outcome}: {counts[outcome]}")
