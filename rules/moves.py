"""What every move of a version shares: the module's lock, one winner, a row of the journal."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from . import registry
from .bases import overtaken_by
from .disk import Package, check, parse_package
from .errors import MoveRefused, RuleError
from .kinds import parse_body
from .life import MOVES, REGISTER, Actor
from .life import check as check_move
from .manifest import Manifest
from .models import OPEN_STATES, RuleModule, RuleModuleVersion, RuleVersionMove, VersionState

# Read only when needed: a version whose content is broken must still be superseded or given up.
CONTENT = ("manifest", "body", "tests")


def come_into_force(today: date | None = None) -> list[RuleModuleVersion]:
    """Write down that scheduled versions whose day has come are in force; the versions concerned.

    Reading does not wait for this (`rules/loading.py`). A version that cannot be read stays
    scheduled, and is told by `registry.problems`.
    """
    today = today or timezone.localdate()
    due = RuleModule.objects.filter(
        versions__state=VersionState.SCHEDULED, versions__effective_from__lte=today
    )
    entered: list[RuleModuleVersion] = []
    for code in list(due.values_list("code", flat=True).distinct().order_by("code")):
        with transaction.atomic():
            entered += settle(lock_module(code), today)
    return entered


def lock_module(code: str) -> RuleModule:
    """The module, locked until the transaction ends; LookupError when there is none."""
    if not RuleModule.objects.filter(code=code).update(territory=F("territory")):
        raise LookupError(code)
    return RuleModule.objects.get(code=code)


def lock(version: RuleModuleVersion) -> RuleModuleVersion:
    """The version as stored now, its module being locked and settled."""
    settle(lock_module(version.module.code))
    current = RuleModuleVersion.objects.select_related("module").defer(*CONTENT)
    return current.get(pk=version.pk)


def settle(module: RuleModule, today: date | None = None) -> list[RuleModuleVersion]:
    """Put in force, in the order of their days, the scheduled versions whose day has come.

    Never one that another version overtook since it was scheduled.
    """
    due = module.versions.filter(
        state=VersionState.SCHEDULED, effective_from__lte=today or timezone.localdate()
    )
    entered: list[RuleModuleVersion] = []
    for version in due.defer(*CONTENT).order_by("effective_from", "number"):
        day = version.effective_from
        if _is_readable(version.pk) and not overtaken_by(version):
            entered.append(enter_force(version, "come_into_force", REGISTER, day))
    send_back(module)
    return entered


def send_back(module: RuleModule) -> None:
    """Send back to review a scheduled version that would undo what came into force meanwhile.

    One that finds another draft open waits for its turn: until then it governs no day.
    """
    for version in module.versions.filter(state=VersionState.SCHEDULED).defer(*CONTENT):
        is_free = not module.versions.filter(state__in=OPEN_STATES).exists()
        if is_free and overtaken_by(version):
            take(version, "send_back", REGISTER, effective_from=None)


def _is_readable(version_id: int) -> bool:
    try:
        registry.version(version_id)
    except RuleError:
        return False
    return True


def enter_force(
    version: RuleModuleVersion, move: str, by: Actor, day: date | None, reason: str = ""
) -> RuleModuleVersion:
    """Supersede the version in force and put this one in its place from `day`."""
    check_move(version, move)
    supersede(version.module, day)
    entered = take(version, move, by, reason, effective_from=day, in_force_at=timezone.now())
    delivered = RuleModuleVersion.objects.filter(pk=entered.based_on_id or 0)
    for merged in delivered.filter(state=VersionState.DELIVERED).defer(*CONTENT):
        take(merged, "set_aside", REGISTER)
    send_back(version.module)
    return entered


def supersede(module: RuleModule, day: date | None) -> None:
    """End the version in force of a locked module, even one that can no longer be read."""
    for version in module.versions.filter(state=VersionState.IN_FORCE).defer(*CONTENT):
        take(version, "supersede", REGISTER, superseded_on=day)


def take(
    version: RuleModuleVersion, name: str, by: Actor, reason: str = "", **values: Any
) -> RuleModuleVersion:
    """Take one move and write it in the journal; MoveRefused when the state does not allow it."""
    move = check_move(version, name)
    rows = RuleModuleVersion.objects.filter(pk=version.pk)
    changes = move.target is not None or values
    if changes and not rows.take(move.sources, move.target, **values):
        raise MoveRefused(_("Somebody was faster: read this version again."))
    registry.forget()
    moved = rows.select_related("module").defer(*CONTENT).get()
    record(moved, name, by, reason)
    return moved


def record(version: RuleModuleVersion, name: str, by: Actor, reason: str = "") -> RuleVersionMove:
    """Append one row to the journal of the rules."""
    row = RuleVersionMove(
        version=version,
        move=MOVES[name].name,
        at=timezone.now(),
        review_round=version.review_round,
        content_hash=version.content_hash,
        person=by.person,
        organisation=by.organisation,
        party=by.party,
        by=by.name[:200],
        reason=reason,
    )
    row.clean_fields(exclude=["version"])
    row.save(force_insert=True)
    return row


def add_version(module: RuleModule, package: Package, **values: Any) -> RuleModuleVersion:
    """Store a new version; its number is that of the manifest unless `number` is given."""
    number = values.pop("number", package.manifest.version)
    version = RuleModuleVersion(module=module, number=number, **content_of(package), **values)
    version.full_clean()
    version.save(force_insert=True)
    registry.forget()
    return version


def next_number(module: RuleModule) -> int:
    """The number of the next version of a locked module."""
    return (module.versions.aggregate(last=Max("number"))["last"] or 0) + 1


def accept(version: RuleModuleVersion, on: date | None = None) -> Package:
    """The version read again, its test cases run, what it needs being there; RuleError if not.

    Nor may it name a code that is no longer given on the day it comes into force: today, or `on`.
    """
    package = package_of(version.manifest, version.body, version.tests)
    facts = registry.vocabulary().dated(on or timezone.localdate())
    parse_body(package.manifest.kind, version.body, facts)
    check([package], registry.vocabulary(), timezone.localdate())
    check_dependencies(package.manifest)
    return package


def check_dependencies(manifest: Manifest) -> None:
    """RuleError, with their codes, when modules that this one needs are not in force."""
    depends = set(manifest.depends)
    present = RuleModuleVersion.objects.filter(
        state=VersionState.IN_FORCE, module__code__in=depends
    ).values_list("module__code", flat=True)
    if absent := sorted(depends - set(present)):
        raise lacks(manifest, absent)


def lacks(manifest: Manifest, codes: Iterable[str]) -> RuleError:
    """What is said of a module that depends on modules that are not there."""
    return RuleError(
        manifest.code,
        _("it needs modules that are not installed: {codes}").format(codes=", ".join(codes)),
    )


def package_of(manifest: Any, body: Any, tests: Any, number: int | None = None) -> Package:
    """A module given as JSON, under this number of version; RuleError when not acceptable."""
    if number is not None and isinstance(manifest, dict):
        manifest = {**manifest, "version": number}
    return parse_package(manifest, body, tests, registry.vocabulary())


def content_of(package: Package) -> dict[str, Any]:
    """The columns that hold what a package says."""
    return {
        "title_fr": package.manifest.title.fr,
        "title_en": package.manifest.title.en,
        "legal_basis": package.manifest.legal_basis,
        "author": package.manifest.author,
        "manifest": package.raw_manifest,
        "body": package.raw_body,
        "tests": package.tests,
        "content_hash": package.content_hash,
    }
