"""What an editor finds: the modules, the version being written, the one in force, their rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from rules import registry
from rules.cases import failures
from rules.difference import Difference, compare
from rules.disk import Package, parse_package
from rules.errors import RuleError
from rules.kinds import parse_body
from rules.kinds.parts import Bilingual
from rules.life import DELIVERY, MOVES, REGISTER
from rules.models import (
    OPEN_STATES,
    ModuleKind,
    RuleModule,
    RuleModuleVersion,
    RuleVersionMove,
    VersionState,
)
from rules.publication import Parts, Published, general, publish

from .kinds import cases, sections
from .kinds.sections import Section

TESTS = "tests"
_APART = (VersionState.IN_FORCE, VersionState.DELIVERED)
_SHOWN = (*OPEN_STATES, VersionState.SCHEDULED, *_APART)
_CONTENT = ("manifest", "body", "tests")


@dataclass(frozen=True)
class Step:
    """One move of a version, as the journal of the rules tells it."""

    label: str
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Entry:
    """A module in the list: its version in force, the one that is being written or awaited, and
    the delivered one that waits to be merged.
    """

    code: str
    kind: str
    title: str
    in_force: RuleModuleVersion | None
    coming: RuleModuleVersion | None
    delivered: RuleModuleVersion | None
    last_step: Step | None


def entries() -> list[Entry]:
    """Every module, by code; three queries."""
    versions = RuleModuleVersion.objects.filter(state__in=_SHOWN).defer(*_CONTENT)
    found: dict[int, dict[str, RuleModuleVersion]] = {}
    for version in versions.order_by("number"):
        place = version.state if version.state in _APART else "coming"
        found.setdefault(version.module_id, {})[place] = version
    newest = [_newest_of(kept).pk for kept in found.values()]
    moves = {
        move.version_id: move
        for move in RuleVersionMove.objects.filter(version__in=newest).order_by("pk")
    }
    return [_entry(module, found.get(module.pk, {}), moves) for module in RuleModule.objects.all()]


def _entry(
    module: RuleModule,
    kept: dict[str, RuleModuleVersion],
    moves: dict[int, RuleVersionMove],
) -> Entry:
    named = _newest_of(kept) if kept else None
    return Entry(
        code=module.code,
        kind=str(ModuleKind(module.kind).label),
        title=title(named) if named else module.code,
        in_force=kept.get(VersionState.IN_FORCE),
        coming=kept.get("coming"),
        delivered=kept.get(VersionState.DELIVERED),
        last_step=_step(moves[named.pk]) if named and named.pk in moves else None,
    )


def _newest_of(kept: dict[str, RuleModuleVersion]) -> RuleModuleVersion:
    return max(kept.values(), key=lambda version: version.number)


def title(version: RuleModuleVersion) -> str:
    """The title of a version in the active language."""
    return str(Bilingual(version.title_fr, version.title_en))


def draft(code: str) -> RuleModuleVersion | None:
    """The version of this module that is being written or reviewed."""
    return _of(code).filter(state__in=OPEN_STATES).first()


def in_force(code: str) -> RuleModuleVersion | None:
    """The version of this module in force."""
    return _of(code).filter(state=VersionState.IN_FORCE).first()


def newest(code: str) -> RuleModuleVersion | None:
    """The last version of this module, whatever its state."""
    return _of(code).first()


def version(code: str, number: int) -> RuleModuleVersion | None:
    """The version of this number, whatever its state."""
    return _of(code).filter(number=number).first()


def delivered(code: str) -> RuleModuleVersion | None:
    """The delivered version that waits beside the one written here."""
    return _of(code).filter(state=VersionState.DELIVERED).first()


def versions(code: str) -> list[RuleModuleVersion]:
    """Every version of a module without its rules, the last first."""
    return list(_of(code).defer(*_CONTENT))


def journal(version: RuleModuleVersion) -> list[Step]:
    """What happened to a version, the last first."""
    return [_step(move) for move in version.moves.order_by("-pk")[:20]]


def _step(move: RuleVersionMove) -> Step:
    return Step(str(MOVES[move.move].label), _name(move.by), move.at, move.reason)


def _name(by: str) -> str:
    if by == DELIVERY.name:
        return gettext("Delivery of the software")
    return gettext("Register") if by == REGISTER.name else by


def _of(code: str) -> QuerySet[RuleModuleVersion]:
    rows = RuleModuleVersion.objects.filter(module__code=code).select_related("module")
    return rows.order_by("-number")


def section(version: RuleModuleVersion, key: str) -> Section | None:
    """The list of rules of that key, or the test cases, with their form."""
    kind = version.module.kind
    if key == TESTS:
        return cases(kind)
    return next((each for each in sections(kind) if each.key == key), None)


def rules_of(version: RuleModuleVersion, key: str) -> list[dict[str, Any]]:
    """The rules, or the test cases, of a version as JSON; what holds for the whole is one."""
    shown = section(version, key)
    if shown and shown.whole:
        names = [field.key for field in shown.fields]
        return [{name: version.body[name] for name in names if name in version.body}]
    items = version.tests if key == TESTS else version.body.get(key, [])
    return [item for item in items if isinstance(item, dict)]


def with_rules(version: RuleModuleVersion, key: str, rules: list[dict[str, Any]]) -> dict[str, Any]:
    """What `save_draft` is given for these rules, or test cases."""
    if key == TESTS:
        return {"tests": rules}
    shown = section(version, key)
    changed = rules[0] if shown and shown.whole else {key: rules}
    return {"body": {**version.body, **changed}}


def in_words(version: RuleModuleVersion) -> list[Published]:
    """Every rule of a version as the charter would publish it; RuleError if it cannot."""
    vocabulary = registry.vocabulary()
    body = parse_body(version.module.kind, version.body, vocabulary)
    return list(publish(version.module.kind, body, vocabulary))


def in_general(version: RuleModuleVersion) -> Parts:
    """What holds for the whole of a version, in words; RuleError if it cannot be read."""
    vocabulary = registry.vocabulary()
    body = parse_body(version.module.kind, version.body, vocabulary)
    return general(version.module.kind, body, vocabulary)


def changes(before: RuleModuleVersion | None, after: RuleModuleVersion) -> Difference:
    """What one version changes from another, in words; RuleError when one cannot be read."""
    old = _package(before) if before else None
    return compare(old, _package(after), registry.vocabulary())


def _package(version: RuleModuleVersion) -> Package:
    return parse_package(version.manifest, version.body, version.tests, registry.vocabulary())


def tried(version: RuleModuleVersion, today: date | None = None) -> Iterator[tuple[str, str]]:
    """Each test case by name, with what is wrong with it; nothing when it gives what it expects."""
    kind, vocabulary = version.module.kind, registry.vocabulary()
    body = parse_body(kind, version.body, vocabulary)
    for index, case in enumerate(version.tests):
        name = case.get("name", str(index + 1))
        try:
            found = failures(kind, body, [case], vocabulary, today or timezone.localdate())
            yield name, " ".join(found)
        except RuleError as error:
            yield name, str(error)
