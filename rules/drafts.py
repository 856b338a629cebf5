"""Every move of a version of a rule module, under the lock of its module: one winner.

Draft → review → signatures → scheduled → in force → superseded (`rules/life.py`). The caller says
who acts (`Actor`) and has checked that they may: rights are the register's affair.
"""

from contextlib import suppress
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import registry
from .bases import check_base, overtaken_by
from .disk import Package, check, parse_package
from .errors import MoveRefused, RuleError
from .life import REGISTER, Actor
from .life import check as check_move
from .manifest import SIGNATORIES
from .models import OPEN_STATES, Origin, RuleModule, RuleModuleVersion, VersionState
from .moves import (
    accept,
    add_version,
    check_dependencies,
    content_of,
    enter_force,
    lock,
    lock_module,
    next_number,
    package_of,
    record,
    send_back,
    settle,
    supersede,
    take,
)
from .references import check_references
from .signatures import missing, required

Json = dict[str, Any]
Cases = list[dict[str, Any]]


@transaction.atomic
def start_module(
    *, manifest: Json, body: Json, tests: Cases | None = None, author: Actor
) -> RuleModuleVersion:
    """A module that does not exist yet, as a first draft; RuleError when the code is taken."""
    package = parse_package({**manifest, "version": 1}, body, tests or [], registry.vocabulary())
    given = package.manifest
    module, created = RuleModule.objects.get_or_create(
        code=given.code, defaults={"kind": given.kind, "territory": given.territory}
    )
    if not created:
        raise RuleError("manifest.code", _("a module already has this code"))
    version = add_version(module, package, state=VersionState.DRAFT, origin=Origin.LOCAL)
    record(version, "open", author)
    return version


@transaction.atomic
def open_draft(
    code: str, author: Actor, *, merging: RuleModuleVersion | None = None
) -> RuleModuleVersion:
    """The open draft of a module, else a new one: a copy of the version in force, or the newest.

    `merging` is the delivered version that this draft is meant to take over: it starts from the
    version in force all the same, and once in force the delivered one is set aside.
    """
    module = lock_module(code)
    settle(module)
    opened = module.versions.filter(state__in=OPEN_STATES).first()
    if opened is not None:
        return opened
    source = _source(module)
    version = add_version(
        module,
        package_of(source.manifest, source.body, source.tests, number=next_number(module)),
        state=VersionState.DRAFT,
        origin=Origin.LOCAL,
        based_on=merging or source,
    )
    record(version, "open", author)
    return version


@transaction.atomic
def save_draft(
    version: RuleModuleVersion,
    *,
    body: Json | None = None,
    manifest: Json | None = None,
    tests: Cases | None = None,
    author: Actor = REGISTER,
    expected: str | None = None,
) -> RuleModuleVersion:
    """Write a draft; a version in review becomes a draft again and its signatures are void.

    What is not given stays. Raises RuleError, with its `path`, for what cannot be accepted;
    MoveRefused when `expected` (the `edit_token` somebody opened) is no longer the stored one.
    """
    current = lock(version)
    _check_seen(current, expected)
    package = package_of(
        current.manifest if manifest is None else manifest,
        current.body if body is None else body,
        current.tests if tests is None else tests,
        number=current.number,
    )
    _check_identity(current.module, package)
    check_references(package.body)
    unchanged = (package.content_hash, package.tests) == (current.content_hash, current.tests)
    if unchanged and current.state in OPEN_STATES:
        return current
    if current.state == VersionState.IN_REVIEW:
        current = take(current, "revise", author)
    check_move(current, "edit")
    RuleModuleVersion.objects.filter(pk=current.pk).rewrite(**content_of(package))
    current.refresh_from_db()
    record(current, "edit", author)
    return current


def _check_seen(current: RuleModuleVersion, expected: str | None) -> None:
    """`expected` is the `edit_token` that somebody had before her eyes."""
    if expected is not None and expected != current.edit_token:
        raise MoveRefused(_("Somebody changed this draft since you opened it."))


@transaction.atomic
def rebase(
    version: RuleModuleVersion,
    author: Actor,
    *,
    compared: int | None = None,
    expected: str | None = None,
) -> RuleModuleVersion:
    """Say that a draft takes into account the version that came into force since it was opened.

    What the draft says stays as it is. In review it becomes a draft again: its signatures are void.
    MoveRefused when another version than `compared` (its identifier) came into force meanwhile, or
    when the draft is no longer the `expected` one: nobody compared those.
    """
    current = lock(version)
    _check_seen(current, expected)
    newer = overtaken_by(current)
    if newer is None:
        return current
    if compared is not None and compared != newer.pk:
        raise MoveRefused(_("Another version came into force meanwhile: compare again."))
    if current.state == VersionState.IN_REVIEW:
        current = take(current, "revise", author)
    merging = RuleModuleVersion.objects.filter(
        pk=current.based_on_id or 0, state=VersionState.DELIVERED
    )
    base = current.based_on_id if merging.exists() else newer.pk
    return take(current, "rebase", author, based_on_id=base)


@transaction.atomic
def submit_for_review(
    version: RuleModuleVersion, author: Actor, *, expected: str | None = None
) -> RuleModuleVersion:
    """Freeze a draft for the partners; RuleError when a test case of its own fails.

    MoveRefused when the draft is no longer the `expected` one.
    """
    current = lock(version)
    _check_seen(current, expected)
    check_move(current, "submit")
    check_base(current)
    accept(current)
    return take(current, "submit", author, review_round=current.review_round + 1)


@transaction.atomic
def sign(version: RuleModuleVersion, signer: Actor) -> RuleModuleVersion:
    """Sign what was read: refused when the content is no longer the one of `version`.

    One signature per organisation; only kinds of bodies that the module asks may sign.
    """
    current = _as_read(version, "sign")
    check_base(current)
    _check_signer(current, signer)
    if current.moves.filter(
        move="sign", review_round=current.review_round, organisation=signer.organisation
    ).exists():
        raise MoveRefused(_("This organisation has already signed."))
    return take(current, "sign", signer)


@transaction.atomic
def refuse(version: RuleModuleVersion, signer: Actor, reason: str) -> RuleModuleVersion:
    """Refuse to sign, with a reason: the version becomes a draft again, signatures are void."""
    current = _as_read(version, "refuse")
    _check_signer(current, signer)
    return take(current, "refuse", signer, _reason(reason))


@transaction.atomic
def schedule(version: RuleModuleVersion, day: date, by: Actor) -> RuleModuleVersion:
    """Set the day from which a signed version will be in force; the same day puts it in force."""
    today = timezone.localdate()
    if day < today:
        raise RuleError("effective_from", _("a version cannot come into force in the past"))
    if day == today:
        return put_in_force(version, by)
    current = _as_read(version, "schedule")
    _check_ready(current, day)
    _check_day(current.module, day)
    scheduled = take(current, "schedule", by, effective_from=day)
    send_back(current.module)
    return scheduled


@transaction.atomic
def put_in_force(version: RuleModuleVersion, by: Actor) -> RuleModuleVersion:
    """Put a signed version in force from today; the one before is superseded."""
    current = _as_read(version, "publish")
    _check_ready(current)
    return enter_force(current, "publish", by, timezone.localdate())


@transaction.atomic
def withdraw(
    version: RuleModuleVersion, by: Actor, reason: str = "", *, expected: str | None = None
) -> RuleModuleVersion:
    """Give up a draft, a version in review or a scheduled one; it stays readable.

    MoveRefused when its content is no longer the one of `version`, nor the draft the `expected`
    one: nobody gives up unseen what another has just written.
    """
    taken = "set_aside" if version.state == VersionState.DELIVERED else "withdraw"
    current = _as_read(version, taken)
    _check_seen(current, expected)
    withdrawn = take(current, taken, by, reason)
    send_back(current.module)
    return withdrawn


@transaction.atomic
def roll_back(code: str, to_number: int, by: Actor, reason: str = "") -> RuleModuleVersion:
    """Put back in force, today, the content of a version that was: a new version holds it.

    Partners signed that content once; what is scheduled goes back to review.
    """
    module = lock_module(code)
    settle(module)
    old = module.versions.filter(number=to_number, state=VersionState.SUPERSEDED).first()
    if old is None:
        raise MoveRefused(_("Only a version that was in force can be put back in force."))
    package = package_of(old.manifest, old.body, old.tests, number=next_number(module))
    check([package], registry.vocabulary(), timezone.localdate())
    check_dependencies(package.manifest)
    supersede(module, timezone.localdate())
    version = add_version(
        module,
        package,
        state=VersionState.IN_FORCE,
        origin=Origin.LOCAL,
        based_on=old,
        effective_from=timezone.localdate(),
        in_force_at=timezone.now(),
    )
    record(version, "roll_back", by, _reason(reason))
    send_back(module)
    return version


@transaction.atomic
def adopt(version: RuleModuleVersion, by: Actor, reason: str = "") -> RuleModuleVersion:
    """Put the delivered version in force instead of the one written here, which stays readable."""
    current = lock(version)
    check_move(current, "adopt")
    accept(current)
    return enter_force(current, "adopt", by, timezone.localdate(), reason)


def _source(module: RuleModule) -> RuleModuleVersion:
    """What a draft is copied from: the version in force, else the newest."""
    with suppress(LookupError):
        return module.versions.get(pk=registry.get(module.code).version_id)
    newest = module.versions.first()
    if newest is None:
        raise LookupError(module.code)
    return newest


def _as_read(version: RuleModuleVersion, name: str) -> RuleModuleVersion:
    current = lock(version)
    check_move(current, name)
    if current.content_hash != version.content_hash:
        raise MoveRefused(_("This version changed since you read it: read it again."))
    return current


def _check_ready(version: RuleModuleVersion, on: date | None = None) -> None:
    check_base(version)
    accept(version, on)
    if absent := missing(version):
        names = ", ".join(str(SIGNATORIES[party]) for party in absent)
        raise MoveRefused(_("Signatures are missing: {parties}.").format(parties=names))


def _check_day(module: RuleModule, day: date) -> None:
    """RuleError for a day that is taken, or behind a version that this one would undo."""
    scheduled = module.versions.filter(state=VersionState.SCHEDULED).defer("body", "tests")
    for other in scheduled.filter(effective_from__lte=day).order_by("effective_from"):
        if other.effective_from == day:
            raise RuleError("effective_from", _("Another version is scheduled for that day."))
        if not overtaken_by(other):
            message = _(
                "Version {number} comes into force before that day, and this one would undo what"
                " it changes: choose an earlier day, or schedule this one once it is in force."
            )
            raise RuleError("effective_from", message.format(number=other.number))


def _check_signer(version: RuleModuleVersion, signer: Actor) -> None:
    if signer.party not in required(version):
        raise MoveRefused(_("This module does not ask for your signature."))


def _check_identity(module: RuleModule, package: Package) -> None:
    given = package.manifest
    if (given.code, given.kind, given.territory) != (module.code, module.kind, module.territory):
        raise RuleError("manifest.code", _("a module keeps its code, its kind and its territory"))


def _reason(reason: str) -> str:
    if not reason.strip():
        raise RuleError("reason", _("Give a reason."))
    return reason.strip()
