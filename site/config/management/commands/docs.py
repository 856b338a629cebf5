"""`manage.py docs`: writes the pages of `docs/` that come from the code; `--check` compares."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.generated_docs import docs_folder, stale_pages, write_pages


class Command(BaseCommand):
    help = "Write docs/states.md, docs/rights.md and docs/glossary.md from the code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say what is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            stale = stale_pages(docs_folder())
            if stale:
                raise CommandError(f"Out of date, run `manage.py docs`: {', '.join(stale)}")
            self.stdout.write("The generated pages are current.")
            return
        for name in write_pages(docs_folder()):
            self.stdout.write(f"written: docs/{name}")
