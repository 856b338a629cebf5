"""Objects as parts of a key: the very same ones, not others that look alike."""

from collections.abc import Iterable
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


class Same(Generic[Kept]):
    """These very objects, kept alive so that no other one can pass for them."""

    __slots__ = ("objects",)

    def __init__(self, objects: Iterable[Kept]) -> None:
        self.objects = tuple(objects)

    def __hash__(self) -> int:
        return hash(tuple(map(id, self.objects)))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Same)
            and len(self.objects) == len(other.objects)
            and all(one is two for one, two in zip(self.objects, other.objects, strict=True))
        )
