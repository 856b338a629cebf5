"""`manage.py receive_bounces`: what mail servers say of our mails, told in the files.

The mail server hands each report over on the standard input, by an alias or a pipe; or files that
hold one report each are named.
"""

import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from exchange.bounces import LARGEST, Read, receive


class Command(BaseCommand):
    help = "Read delivery reports: one on the standard input, or one in each file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="reports, one in each file")

    def handle(self, *args: Any, **options: Any) -> None:
        counts: Counter[str] = Counter()
        if options["files"]:
            counts.update(receive(path.read_bytes()) for path in options["files"])
        else:
            counts[receive(sys.stdin.buffer.read(LARGEST))] += 1
        for outcome in Read:
            self.stdout.write(f"{outcome}: {counts[outcome]}")
