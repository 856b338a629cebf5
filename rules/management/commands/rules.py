"""`manage.py rules`: check, install, export and explain rule modules."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from rules import registry
from rules.cases.rights import outcome
from rules.charter import chapters
from rules.disk import MODULES, Package, check, read_packages, write_package
from rules.errors import RuleError
from rules.installation import install
from rules.kinds.rights import Rights
from rules.models import RuleModuleVersion, VersionState
from rules.reading import normalise_facts
from rules.vocabulary import Vocabulary


def _known_vocabulary() -> Vocabulary:
    """With the local questions in force; without them where there is no register yet."""
    try:
        return registry.vocabulary()
    except DatabaseError:
        return registry.declared()


class Command(BaseCommand):
    """Rule modules on disk and in force."""

    help = "Check, install, export or explain rule modules."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One sub-command each; `--modules` is the folder that holds one folder per module."""
        actions = parser.add_subparsers(dest="action", required=True)
        for name in ("check", "install"):
            action = actions.add_parser(name)
            action.add_argument("--modules", type=Path, default=MODULES)
        export = actions.add_parser("export")
        export.add_argument("folder", type=Path)
        export.add_argument("codes", nargs="*")
        explain = actions.add_parser("explain")
        explain.add_argument("code")
        explain.add_argument("--language", default="fr")
        explain.add_argument("--principal", type=json.loads)
        explain.add_argument("--row", type=json.loads, default={})
        explain.add_argument("--do", default="view")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the chosen sub-command; a rule that is refused is told without a trace."""
        try:
            getattr(self, f"_{options['action']}")(**options)
        except RuleError as error:
            raise CommandError(str(error)) from error

    def _packages(self, modules: Path, vocabulary: Vocabulary) -> list[Package]:
        packages = read_packages(modules, vocabulary)
        if not packages:
            raise CommandError(_("no module in {folder}").format(folder=modules))
        return packages

    def _check(self, *, modules: Path, **options: Any) -> None:
        vocabulary = _known_vocabulary()
        packages = self._packages(modules, vocabulary)
        check(packages, vocabulary, timezone.localdate())
        for package in packages:
            self.stdout.write(
                _("{code} {version}: accepted, {tests} test cases").format(
                    code=package.manifest.code,
                    version=package.manifest.version,
                    tests=len(package.tests),
                )
            )

    def _install(self, *, modules: Path, **options: Any) -> None:
        vocabulary = registry.vocabulary()
        packages = self._packages(modules, vocabulary)
        for result in install(packages, vocabulary, timezone.localdate()):
            manifest = result.package.manifest
            self.stdout.write(f"{manifest.code} {manifest.version}: {result.change.value}")

    def _export(self, *, folder: Path, codes: list[str], **options: Any) -> None:
        versions = RuleModuleVersion.objects.filter(state=VersionState.IN_FORCE).select_related(
            "module"
        )
        known = {version.module.code: version for version in versions}
        if missing := sorted(set(codes) - set(known)):
            raise CommandError(_("not installed: {codes}").format(codes=", ".join(missing)))
        for code in codes or sorted(known):
            version = known[code]
            write_package(folder / code, version.manifest, version.body, version.tests)
            self.stdout.write(str(folder / code))

    def _explain(
        self,
        *,
        code: str,
        language: str,
        principal: dict[str, Any] | None,
        row: dict[str, Any],
        do: str,
        **options: Any,
    ) -> None:
        if principal is None:
            self._say(code, language)
            return
        body = registry.get(code).body
        if not isinstance(body, Rights):
            raise CommandError(_("only rights modules decide on a person and a demand"))
        vocabulary = registry.vocabulary()
        self.stdout.write(
            outcome(
                body,
                vocabulary,
                normalise_facts(principal, vocabulary, "principal"),
                normalise_facts(row, vocabulary, "row"),
                do,
                timezone.localdate(),
            )
        )

    def _say(self, code: str, language: str) -> None:
        for chapter in chapters(language):
            for rule in chapter.rules:
                if rule.module_code == code:
                    self.stdout.write(f"{rule.title}\n{rule.sentence}\n{rule.legal_basis}\n")
