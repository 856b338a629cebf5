"""`manage.py catalogue`: keep the French texts complete, without GNU gettext."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.catalogue import FrenchCatalogue, show


class Command(BaseCommand):
    help = "Extract, merge, check and compile the French catalogue (no GNU gettext needed)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        choice = parser.add_mutually_exclusive_group(required=True)
        choice.add_argument("--apply", type=Path, metavar="FILE.json", help="merge translations")
        choice.add_argument("--update", action="store_true", help="re-read the code, drop obsolete")
        choice.add_argument(
            "--missing", nargs="?", const="", metavar="PREFIX", help="texts without French"
        )
        choice.add_argument("--check", action="store_true", help="fail if anything is amiss")
        choice.add_argument("--compile", action="store_true", help="write the binary catalogue")

    def handle(self, *args: Any, **options: Any) -> None:
        catalogue = FrenchCatalogue(settings.BASE_DIR)
        if options["apply"]:
            self._apply(catalogue, options["apply"])
        elif options["update"]:
            total, dropped = catalogue.update()
            self.stdout.write(f"{total} texts, {dropped} dropped")
        elif options["missing"] is not None:
            self._missing(catalogue, options["missing"])
        elif options["check"]:
            self._check(catalogue)
        else:
            catalogue.compile()
            self.stdout.write("French catalogue compiled")

    def _apply(self, catalogue: FrenchCatalogue, path: Path) -> None:
        try:
            translations = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{path}: {error}") from error
        self.stdout.write(f"{catalogue.apply(translations)} texts merged")

    def _missing(self, catalogue: FrenchCatalogue, prefix: str) -> None:
        missing = catalogue.missing(prefix)
        template = {show(key): ["", ""] if found.plural else "" for key, found in missing}
        self.stdout.write(json.dumps(template, ensure_ascii=False, indent=1))
        self.stderr.write(f"{len(missing)} texts without French")

    def _check(self, catalogue: FrenchCatalogue) -> None:
        if faults := catalogue.faults():
            for fault in faults:
                self.stderr.write(fault)
            raise CommandError(f"{len(faults)} faults in the French catalogue")
        self.stdout.write("French catalogue complete")
