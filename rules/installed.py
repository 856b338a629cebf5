"""A version of a module, ready to be read; and what is said of one that cannot be."""

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from .kinds import Body
from .kinds.parts import Bilingual
from .manifest import Manifest

BodyT = TypeVar("BodyT", bound=Body, covariant=True)


@dataclass(frozen=True)
class Installed(Generic[BodyT]):
    """One version of a module, ready to be read. A draft is read as if it governed from today."""

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


@dataclass(frozen=True)
class Problem:
    """A version that should be in force and cannot be read: why, and which one is kept instead."""

    code: str
    kind: str
    number: int
    version_id: int
    reason: str
    kept: int | None
