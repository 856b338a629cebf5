"""Installing delivered modules: once accepted, a version is kept and governs from that day.

What was written on this installation is never lost: a newer delivered version of a module that was
changed here is stored beside it, for somebody to merge (`manage.py rules diff`, the desk's pages).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import registry
from .disk import Package, check, folders_of, in_order, needs_itself, read_package
from .errors import RuleError
from .life import DELIVERY
from .models import Origin, RuleModule, RuleModuleVersion, VersionState
from .moves import (
    CONTENT,
    add_version,
    check_dependencies,
    lacks,
    next_number,
    record,
    send_back,
    settle,
    supersede,
    take,
)
from .vocabulary import Vocabulary


class Change(Enum):
    """What installing a module did."""

    UNCHANGED = "unchanged"
    INSTALLED = "installed"
    TESTS = "test cases replaced"
    BESIDE = "stored beside the version written here, to be merged"


@dataclass(frozen=True)
class Result:
    """One module and what was done with it."""

    package: Package
    change: Change


@transaction.atomic
def install(packages: Iterable[Package], vocabulary: Vocabulary, today: date) -> list[Result]:
    """Put delivered modules in force from today: all of them or, on the first refusal, none.

    The same content again changes nothing (its test cases alone may: no decision follows from
    them). Raises RuleError when a test case fails, when a module on which another depends is
    missing, or when other content has no higher version number.
    """
    packages = list(packages)
    check(packages, vocabulary, today)
    return [Result(package, _install(package, today)) for package in packages]


@dataclass(frozen=True)
class Delivery:
    """What became of each module of a folder: done, or refused with its reason."""

    results: list[Result]
    refused: Mapping[str, RuleError]


@transaction.atomic
def install_folder(root: Path, today: date) -> Delivery:
    """Put the modules of a folder in force from today; one that is refused stops no other.

    Whatever is refused leaves the version of its module that is in force where it is. A module that
    changes and needs a refused one is refused with it: what is written for rules that are not there
    governs nobody. Those that ask local questions come first, for rules are read with the questions
    in force.
    """
    results: list[Result] = []
    refused: dict[str, RuleError] = {}
    for folders in folders_of(root):
        vocabulary, packages = registry.vocabulary(), []
        for folder in folders:
            try:
                packages.append(read_package(folder, vocabulary))
            except RuleError as error:
                refused[folder.name] = error
        ordered, circular = in_order(packages)
        refused.update((package.manifest.code, needs_itself(package)) for package in circular)
        for package in ordered:
            try:
                _check_needed(package, refused)
                results += install([package], vocabulary, today)
            except RuleError as error:
                refused[package.manifest.code] = error
    return Delivery(results, refused)


def _check_needed(package: Package, refused: Collection[str]) -> None:
    needed = sorted(set(package.manifest.depends) & set(refused))
    module = RuleModule.objects.filter(code=package.manifest.code).first()
    delivered = _newest_delivered(module) if needed and module else None
    if needed and (delivered is None or delivered.content_hash != package.content_hash):
        raise lacks(package.manifest, needed)


def _install(package: Package, today: date) -> Change:
    manifest = package.manifest
    check_dependencies(manifest)
    module, _created = RuleModule.objects.select_for_update().get_or_create(
        code=manifest.code, defaults={"kind": manifest.kind, "territory": manifest.territory}
    )
    if (module.kind, module.territory) != (manifest.kind, manifest.territory):
        raise RuleError(manifest.code, _("a module keeps its kind and its territory"))
    settle(module, today)
    delivered = _newest_delivered(module)
    if delivered and delivered.content_hash == package.content_hash:
        return _same_content(delivered, package)
    if delivered and manifest.version < _delivered_number(delivered):
        raise RuleError(
            manifest.code,
            _(
                "version {installed} was delivered here already, and this one is older ({older}): "
                "the version in force is kept"
            ).format(installed=_delivered_number(delivered), older=manifest.version),
        )
    if delivered and manifest.version == _delivered_number(delivered):
        raise RuleError(
            manifest.code,
            _(
                "its content has changed since version {installed}:"
                " give it a version number of at least {next}"
            ).format(installed=_delivered_number(delivered), next=_delivered_number(delivered) + 1),
        )
    if _is_changed_here(module, package):
        return _store_beside(module, package)
    _put_in_force(module, package, today)
    return Change.INSTALLED


def _newest_delivered(module: RuleModule) -> RuleModuleVersion | None:
    return module.versions.filter(origin=Origin.SHIPPED).defer("body").first()


def _delivered_number(version: RuleModuleVersion) -> int:
    """The number it was delivered under; here it may bear a higher one."""
    return int(version.manifest["version"])


def _same_content(delivered: RuleModuleVersion, package: Package) -> Change:
    if delivered.tests == package.tests:
        return Change.UNCHANGED
    RuleModuleVersion.objects.filter(pk=delivered.pk).replace_tests(package.tests)
    record(delivered, "replace_tests", DELIVERY)
    return Change.TESTS


def _is_changed_here(module: RuleModule, package: Package) -> bool:
    """True when a version written here is, or will be, in force with other rules than those."""
    governing = [VersionState.IN_FORCE, VersionState.SCHEDULED]
    here = module.versions.filter(state__in=governing, origin=Origin.LOCAL)
    return any(
        _without_number(manifest) != _without_number(package.raw_manifest)
        or body != package.raw_body
        for manifest, body in here.values_list("manifest", "body")
    )


def _without_number(manifest: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in manifest.items() if key not in {"version", "author"}}


def _store_beside(module: RuleModule, package: Package) -> Change:
    for earlier in module.versions.filter(state=VersionState.DELIVERED).defer(*CONTENT):
        take(earlier, "set_aside", DELIVERY)
    version = add_version(
        module,
        package,
        number=_number(module, package),
        state=VersionState.DELIVERED,
        origin=Origin.SHIPPED,
    )
    record(version, "deliver_aside", DELIVERY)
    return Change.BESIDE


def _put_in_force(module: RuleModule, package: Package, today: date) -> None:
    supersede(module, today)
    version = add_version(
        module,
        package,
        number=_number(module, package),
        state=VersionState.IN_FORCE,
        origin=Origin.SHIPPED,
        effective_from=today,
        in_force_at=timezone.now(),
    )
    record(version, "deliver", DELIVERY)
    send_back(module)


def _number(module: RuleModule, package: Package) -> int:
    return max(package.manifest.version, next_number(module))
