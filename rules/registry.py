"""The modules in force, parsed once per process, and the vocabulary they were written in."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Literal, overload

from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from . import loading
from .asked import with_questions
from .installed import Installed, Problem
from .kinds import Body
from .kinds.automation import Automation
from .kinds.deadlines import Deadlines
from .kinds.documents import Documents
from .kinds.eligibility import Eligibility
from .kinds.fields import Fields
from .kinds.letters import Letters
from .kinds.priority import Priorities
from .kinds.questions import Questions
from .kinds.rights import Rights
from .kinds.scoring import Grid
from .loading import STAMP, Stamp, stamp_lines
from .vocabulary import Vocabulary

__all__ = [
    "STAMP",
    "Installed",
    "Problem",
    "all_in_force",
    "declared",
    "ever",
    "forget",
    "get",
    "governed",
    "in_force",
    "problems",
    "remember",
    "remembered",
    "set_vocabulary",
    "stamp_lines",
    "today",
    "version",
    "vocabulary",
]


@dataclass
class Memo:
    """What a block looked up of the installed modules, by day and by kind."""

    today: date | None = None
    stamps: dict[date | None, Stamp] = field(default_factory=dict)
    kinds: dict[tuple[str, date | None], tuple[Installed[Any], ...]] = field(default_factory=dict)


_vocabulary: Vocabulary | None = None
_remembered: ContextVar[Memo | None] = ContextVar("rules_stamp", default=None)


def set_vocabulary(value: Vocabulary) -> None:
    """Hand over the facts that rules may use; called once, when the application starts."""
    global _vocabulary
    _vocabulary = value


def declared() -> Vocabulary:
    """The facts handed over at start; ImproperlyConfigured when none were."""
    if _vocabulary is None:
        raise ImproperlyConfigured("no vocabulary: call rules.registry.set_vocabulary() at start")
    return _vocabulary


def vocabulary() -> Vocabulary:
    """Every fact of this installation: those declared, and the answers to local questions.

    Built again when a version comes into force by any process; the same object until then.
    """
    return with_questions(_stamp(None), declared())


@contextmanager
def remembered() -> Iterator[None]:
    """Within this block (one request, one task) installed modules are looked up once."""
    token = _remembered.set(Memo())
    try:
        yield
    finally:
        _remembered.reset(token)


def forget() -> None:
    """A version moved: what this block remembers of the installed modules is looked up again."""
    memo = _remembered.get()
    if memo is not None:
        memo.stamps.clear()
        memo.kinds.clear()


def today() -> date:
    """The day in Paris: one and the same within a block, as the modules in force are."""
    memo = _remembered.get()
    if memo is None:
        return timezone.localdate()
    if memo.today is None:
        memo.today = timezone.localdate()
    return memo.today


def remember(lines: Sequence[Sequence[Any]]) -> None:
    """What `stamp_lines` told, read with other lines: this block need not look it up again."""
    memo = _remembered.get()
    if memo is not None:
        memo.stamps.setdefault(None, loading.stamp_told(None, lines))


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


@overload
def in_force(
    kind: Literal["eligibility"], on: date | None = None
) -> tuple[Installed[Eligibility], ...]: ...


@overload
def in_force(
    kind: Literal["priority"], on: date | None = None
) -> tuple[Installed[Priorities], ...]: ...


@overload
def in_force(
    kind: Literal["questions"], on: date | None = None
) -> tuple[Installed[Questions], ...]: ...


@overload
def in_force(
    kind: Literal["letters"], on: date | None = None
) -> tuple[Installed[Letters], ...]: ...


@overload
def in_force(
    kind: Literal["automation"], on: date | None = None
) -> tuple[Installed[Automation], ...]: ...


@overload
def in_force(kind: Literal["scoring"], on: date | None = None) -> tuple[Installed[Grid], ...]: ...


def in_force(kind: str, on: date | None = None) -> tuple[Installed[Body], ...]:
    """The modules of a kind in force today, or those that were on a past day, by code.

    One small query per call (none when `remembered`): the parsed modules are kept until a version
    comes into force by any process. A scheduled version whose day has come is in force, whether
    or not the worker wrote it down; a version that cannot be read leaves the one before in force.
    """
    memo = _remembered.get()
    if memo is None:
        return _of_kind(*_now(on), kind)
    found = memo.kinds.get((kind, on))
    if found is None:
        found = memo.kinds[kind, on] = _of_kind(*_now(on), kind)
    return found


def get(code: str) -> Installed[Body]:
    """The version in force of one module; LookupError when it is not installed."""
    for installed in all_in_force():
        if installed.code == code:
            return installed
    raise LookupError(code)


def all_in_force(on: date | None = None) -> tuple[Installed[Body], ...]:
    """Every module in force, by code."""
    return loading.load(*_now(on)).installed


def problems() -> tuple[Problem, ...]:
    """The versions that should be in force and cannot be read, and what is in force instead."""
    return loading.load(*_now(None)).problems


def version(version_id: int) -> Installed[Body]:
    """One version by its identifier, whatever its state; RuleError when it cannot be read."""
    return loading.read(version_id, vocabulary())


def governed(version_id: int) -> Installed[Body] | None:
    """A version that is or was in force, to read what was answered under it; None for others."""
    return loading.read_governing(*_now(None), version_id)


def ever(kind: str) -> tuple[Installed[Body], ...]:
    """The versions of a kind that are or were in force, the latest first: what may be read back."""
    return _ever(*_now(None), kind)


def _now(on: date | None) -> tuple[Stamp, Vocabulary]:
    """What identifies the modules of a day, looked up once, and the facts they speak of."""
    stamp = _stamp(on)
    return stamp, vocabulary() if on else with_questions(stamp, declared())


def _stamp(on: date | None) -> Stamp:
    memo = _remembered.get()
    if memo is not None and on in memo.stamps:
        return memo.stamps[on]
    stamp = loading.stamp(on, today())
    if memo is not None:
        memo.stamps[on] = stamp
    return stamp


@lru_cache(maxsize=16)
def _ever(stamp: Stamp, facts: Vocabulary, kind: str) -> tuple[Installed[Body], ...]:
    return tuple(loading.earlier(facts, kind))


@lru_cache(maxsize=64)
def _of_kind(stamp: Stamp, facts: Vocabulary, kind: str) -> tuple[Installed[Body], ...]:
    return tuple(each for each in loading.load(stamp, facts).installed if each.kind == kind)
