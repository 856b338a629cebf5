"""The modules in force, parsed once per process, and the vocabulary they were written in."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Generic, Literal, TypeVar, overload

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Count, Max

from .kinds import Body, parse_body
from .kinds.deadlines import Deadlines
from .kinds.documents import Documents
from .kinds.fields import Fields
from .kinds.parts import Bilingual
from .kinds.rights import Rights
from .manifest import Manifest, parse_manifest
from .models import RuleModuleVersion, VersionState
from .vocabulary import Vocabulary

Stamp = tuple[int | None, int, datetime | None]
BodyT = TypeVar("BodyT", bound=Body, covariant=True)


@dataclass(frozen=True)
class Installed(Generic[BodyT]):
    """One version of a module, ready to be read."""

    code: str
    kind: str
    territory: str
    version_id: int
    number: int
    title: Bilingual
    legal_basis: str
    effective_from: date
    content_hash: str
    manifest: Manifest
    body: BodyT


_vocabulary: Vocabulary | None = None
_remembered: ContextVar[dict[str, Stamp] | None] = ContextVar("rules_stamp", default=None)


def set_vocabulary(value: Vocabulary) -> None:
    """Hand over the facts that rules may use; called once, when the application starts."""
    global _vocabulary
    _vocabulary = value


def vocabulary() -> Vocabulary:
    """The vocabulary of this installation; ImproperlyConfigured when none was handed over."""
    if _vocabulary is None:
        raise ImproperlyConfigured("no vocabulary: call rules.registry.set_vocabulary() at start")
    return _vocabulary


@contextmanager
def remembered() -> Iterator[None]:
    """Within this block (one request, one task) installed modules are looked up once."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


@overload
def in_force(kind: Literal["rights"], on: date | None = None) -> tuple[Installed[Rights], ...]: ...


@overload
def in_force(kind: Literal["fields"], on: date | None = None) -> tuple[Installed[Fields], ...]: ...


@overload
def in_force(
    kind: Literal["deadlines"], on: date | None = None
) -> tuple[Installed[Deadlines], ...]: ...


@overload
def in_force(
    kind: Literal["documents"], on: date | None = None
) -> tuple[Installed[Documents], ...]: ...


def in_force(kind: str, on: date | None = None) -> tuple[Installed[Body], ...]:
    """The modules of a kind in force today, or those that were on a past day, by code.

    One small query per call (none when `remembered`): the parsed modules are kept until a version
    is installed by any process.
    """
    return _versions(_stamp(), vocabulary(), kind, on)


def get(code: str) -> Installed[Body]:
    """The version in force of one module; LookupError when it is not installed."""
    for installed in all_in_force():
        if installed.code == code:
            return installed
    raise LookupError(code)


def all_in_force() -> tuple[Installed[Body], ...]:
    """Every module in force, by code."""
    return _versions(_stamp(), vocabulary(), None, None)


def _stamp() -> Stamp:
    memo = _remembered.get()
    if memo is not None and "stamp" in memo:
        return memo["stamp"]
    newest = RuleModuleVersion.objects.aggregate(
        last=Max("pk"), count=Count("pk"), at=Max("installed_at")
    )
    stamp = (newest["last"], newest["count"], newest["at"])
    if memo is not None:
        memo["stamp"] = stamp
    return stamp


@lru_cache(maxsize=64)
def _versions(
    stamp: Stamp, facts: Vocabulary, kind: str | None, on: date | None
) -> tuple[Installed[Body], ...]:
    rows = RuleModuleVersion.objects.select_related("module").order_by("module__code", "-number")
    if kind is not None:
        rows = rows.filter(module__kind=kind)
    if on is None:
        return tuple(_installed(row, facts) for row in rows.filter(state=VersionState.IN_FORCE))
    latest: dict[int, RuleModuleVersion] = {}
    for row in rows.filter(effective_from__lte=on):
        latest.setdefault(row.module_id, row)
    return tuple(_installed(row, facts) for row in latest.values())


def _installed(row: RuleModuleVersion, facts: Vocabulary) -> Installed[Body]:
    return Installed(
        code=row.module.code,
        kind=row.module.kind,
        territory=row.module.territory,
        version_id=row.pk,
        number=row.number,
        title=Bilingual(row.title_fr, row.title_en),
        legal_basis=row.legal_basis,
        effective_from=row.effective_from,
        content_hash=row.content_hash,
        manifest=parse_manifest(row.manifest),
        body=parse_body(row.module.kind, row.body, facts),
    )
