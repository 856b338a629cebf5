"""Installing modules: once accepted, a version is kept as it was and governs from that day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.db import transaction
from django.utils.translation import gettext as _

from .disk import Package, check
from .errors import RuleError
from .models import RuleModule, RuleModuleVersion, VersionState
from .vocabulary import Vocabulary


class Change(Enum):
    """What installing a module did."""

    UNCHANGED = "unchanged"
    INSTALLED = "installed"


@dataclass(frozen=True)
class Result:
    """One module and what was done with it."""

    package: Package
    change: Change


@transaction.atomic
def install(packages: Iterable[Package], vocabulary: Vocabulary, today: date) -> list[Result]:
    """Put modules in force from today: all of them or, on the first refusal, none.

    The same content again changes nothing. Raises RuleError when a test case fails, when a module
    on which another depends is missing, or when other content has no higher version number.
    """
    packages = list(packages)
    check(packages, vocabulary, today)
    return [Result(package, _install(package, today)) for package in packages]


def _install(package: Package, today: date) -> Change:
    manifest = package.manifest
    _check_dependencies(package)
    module, _created = RuleModule.objects.select_for_update().get_or_create(
        code=manifest.code, defaults={"kind": manifest.kind, "territory": manifest.territory}
    )
    if (module.kind, module.territory) != (manifest.kind, manifest.territory):
        raise RuleError(manifest.code, _("a module keeps its kind and its territory"))
    newest = module.versions.first()
    if newest and newest.content_hash == package.content_hash:
        return Change.UNCHANGED
    if newest and manifest.version <= newest.number:
        raise RuleError(
            manifest.code,
            _(
                "its content has changed since version {installed}:"
                " give it a version number of at least {next}"
            ).format(installed=newest.number, next=newest.number + 1),
        )
    module.versions.filter(state=VersionState.IN_FORCE).supersede()
    version = RuleModuleVersion(
        module=module,
        number=manifest.version,
        title_fr=manifest.title.fr,
        title_en=manifest.title.en,
        legal_basis=manifest.legal_basis,
        author=manifest.author,
        manifest=package.raw_manifest,
        body=package.raw_body,
        content_hash=package.content_hash,
        effective_from=today,
    )
    version.full_clean()
    version.save()
    return Change.INSTALLED


def _check_dependencies(package: Package) -> None:
    depends = set(package.manifest.depends)
    present = RuleModuleVersion.objects.filter(
        state=VersionState.IN_FORCE, module__code__in=depends
    ).values_list("module__code", flat=True)
    if missing := sorted(depends - set(present)):
        raise RuleError(
            package.manifest.code,
            _("it needs modules that are not installed: {codes}").format(codes=", ".join(missing)),
        )
