"""`manage.py rules`: check, install, compare, export and explain rule modules."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from rules import registry, versions
from rules.cases.rights import outcome
from rules.disk import MODULES, Package, read_packages, refusals, write_package
from rules.errors import RuleError
from rules.installation import Change, install_folder
from rules.kinds.rights import Rights
from rules.printing import difference_lines
from rules.publication import publish
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

    help = "Check, install, compare, export or explain rule modules."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One sub-command each; `--modules` is the folder that holds one folder per module."""
        self.add_actions(parser.add_subparsers(dest="action", required=True))

    def add_actions(self, actions: Any) -> None:
        """The sub-commands; the register adds those that look at demands."""
        for name in ("check", "install"):
            action = actions.add_parser(name)
            action.add_argument("--modules", type=Path, default=MODULES)
        diff = actions.add_parser("diff")
        diff.add_argument("code")
        diff.add_argument("first", type=int, nargs="?")
        diff.add_argument("second", type=int, nargs="?")
        export = actions.add_parser("export")
        export.add_argument("folder", type=Path)
        export.add_argument("codes", nargs="*")
        explain = actions.add_parser("explain")
        explain.add_argument("code")
        explain.add_argument("--number", type=int)
        explain.add_argument("--principal", type=json.loads)
        explain.add_argument("--row", type=json.loads, default={})
        explain.add_argument("--do", default="view")
        for action in (diff, explain):
            action.add_argument("--language", default="fr")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the chosen sub-command; a rule that is refused is told without a trace."""
        try:
            getattr(self, f"_{options['action']}")(**options)
        except RuleError as error:
            raise CommandError(str(error)) from error
        except LookupError as error:
            raise CommandError(_("not installed: {codes}").format(codes=error.args[0])) from error

    def _check(self, *, modules: Path, **options: Any) -> None:
        vocabulary, today = _known_vocabulary(), timezone.localdate()
        if faults := [str(fault) for fault in refusals(modules, vocabulary, today)]:
            raise CommandError("\n".join(faults))
        for package in self._packages(modules, vocabulary):
            self.stdout.write(
                _("{code} {version}: accepted, {tests} test cases").format(
                    code=package.manifest.code,
                    version=package.manifest.version,
                    tests=len(package.tests),
                )
            )

    def _packages(self, modules: Path, vocabulary: Vocabulary) -> list[Package]:
        packages = read_packages(modules, vocabulary)
        if not packages:
            raise self._no_module(modules)
        return packages

    def _no_module(self, folder: Path) -> CommandError:
        return CommandError(_("no module in {folder}").format(folder=folder))

    def _install(self, *, modules: Path, **options: Any) -> None:
        delivery = install_folder(modules, timezone.localdate())
        if not delivery.results and not delivery.refused:
            raise self._no_module(modules)
        for result in delivery.results:
            manifest = result.package.manifest
            self.stdout.write(f"{manifest.code} {manifest.version}: {result.change.value}")
            if result.change is Change.BESIDE:
                self.stdout.write(f"  manage.py rules diff {manifest.code}")
        if delivery.refused:
            told = _("not installed: {codes}").format(codes=", ".join(delivery.refused))
            raise CommandError("\n".join([*map(str, delivery.refused.values()), told]))

    def _diff(
        self, *, code: str, first: int | None, second: int | None, language: str, **options: Any
    ) -> None:
        with override(language):
            earlier, later = versions.pair(code, first, second)
            for version in filter(None, (earlier, later)):
                self.stdout.write(
                    f"{code} {version.number}: {version.get_state_display()},"
                    f" {version.get_origin_display()}"
                )
            for line in difference_lines(versions.difference(earlier, later)):
                self.stdout.write(line)

    def _export(self, *, folder: Path, codes: list[str], **options: Any) -> None:
        known = {installed.code: installed for installed in registry.all_in_force()}
        if missing := sorted(set(codes) - set(known)):
            raise LookupError(", ".join(missing))
        for code in codes or sorted(known):
            version = versions.find(code, known[code].number)
            write_package(folder / code, version.manifest, version.body, version.tests)
            self.stdout.write(str(folder / code))

    def _explain(
        self,
        *,
        code: str,
        number: int | None,
        language: str,
        principal: dict[str, Any] | None,
        row: dict[str, Any],
        do: str,
        **options: Any,
    ) -> None:
        module = registry.version(versions.find(code, number).pk) if number else registry.get(code)
        vocabulary = registry.vocabulary()
        if principal is None:
            with override(language):
                for item in publish(module.kind, module.body, vocabulary):
                    told = (_part(*part) for part in item.parts)
                    self.stdout.write("\n".join((item.title, *told, item.legal_basis, "")))
            return
        if not isinstance(module.body, Rights):
            raise CommandError(_("only rights modules decide on a person and a demand"))
        self.stdout.write(
            outcome(
                module.body,
                vocabulary,
                normalise_facts(principal, vocabulary, "principal"),
                normalise_facts(row, vocabulary, "row"),
                do,
                timezone.localdate(),
            )
        )


def _part(heading: str, text: str) -> str:
    return _("{heading}: {text}").format(heading=heading, text=text) if heading else text
