"""Parts of the key of what is kept: the very same objects, or facts that are equal."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, Generic, TypeVar

Kept = TypeVar("Kept")


class Same(Generic[Kept]):
    """These very objects, kept alive so that no other one can pass for them."""

    __slots__ = ("_ids", "objects")

    def __init__(self, objects: Iterable[Kept]) -> None:
        self.objects = tuple(objects)
        self._ids = tuple(map(id, self.objects))

    def __hash__(self) -> int:
        return hash(self._ids)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self._ids == other._ids


class Fixed(dict[str, Any]):
    """Facts that nobody changes once they are read: told apart as often as needed, hashed once."""

    @cached_property
    def _hash(self) -> int:
        return hash(frozenset(self.items()))

    def __hash__(self) -> int:  # type: ignore[override]
        return self._hash
