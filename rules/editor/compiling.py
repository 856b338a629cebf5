"""From blocks to JSON: where each part of a rule stands on the page, and what is wrong with it."""

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rules.errors import RuleError
from rules.vocabulary import Vocabulary

# Where a block stands: names of parts of a block, numbers of blocks of a list.
Place = tuple[str | int, ...]


@dataclass
class Compiler:
    """What one reading of the blocks found: the place of each part, and the faults."""

    vocabulary: Vocabulary
    places: dict[str, Place] = field(default_factory=dict)
    faults: dict[Place, list[str]] = field(default_factory=dict)

    def note(self, path: str, place: Place) -> None:
        """The part at this path of the JSON is written in this block."""
        self.places[path] = place

    def rename(self, before: str, after: str) -> None:
        """What was noted under one path stands under another in the JSON."""
        for path in [each for each in self.places if _inside(each, before)]:
            self.places[after + path[len(before) :]] = self.places.pop(path)

    def fault(self, place: Place, message: str | Promise) -> None:
        """Something is wrong in this block."""
        self.faults.setdefault(place, []).append(str(message))

    def refuse(self, error: RuleError) -> None:
        """Put the parser's refusal beside the block that caused it; RuleError when none did."""
        known = [path for path in self.places if _inside(error.path, path)]
        if not known:
            raise error
        self.fault(self.places[max(known, key=len)], error.message)

    def as_error(self) -> "PlacedError":
        """Every fault, each in its place."""
        return PlacedError(self.faults)


class PlacedError(ValidationError):
    """Faults of a tree of blocks, in the form in which the page shows them beside each block."""

    def __init__(self, faults: dict[Place, list[str]]) -> None:
        self.faults = faults
        super().__init__(_("Some blocks have to be corrected."))

    def as_json_data(self) -> dict[str, Any]:
        """What Wagtail's blocks expect: messages of a block, and errors of the blocks in it."""
        data: dict[str, Any] = {}
        inner: dict[str | int, dict[Place, list[str]]] = {}
        for place, messages in self.faults.items():
            if place:
                inner.setdefault(place[0], {})[place[1:]] = messages
            else:
                data["messages"] = messages
        if inner:
            data["blockErrors"] = {
                key: PlacedError(faults).as_json_data() for key, faults in inner.items()
            }
        return data


def child(kind: str, value: Any) -> dict[str, Any]:
    """The stored data of one block of a list; its identifier makes those of its parts unique."""
    return {"type": kind, "value": value, "id": str(uuid4())}


def keep_spelling(old: Any, new: Any) -> Any:
    """The same content as `new`, spelled as it was in `old` where both mean the same.

    Files write 30 or "30", and a set of codes in any order: saving a rule that nobody changed must
    leave its fingerprint as it was.
    """
    if isinstance(old, dict) and isinstance(new, dict):
        kept = {key: keep_spelling(old.get(key), value) for key, value in new.items()}
        return {key: kept[key] for key in (*(k for k in old if k in kept), *kept)}
    if isinstance(old, list) and isinstance(new, list):
        if _codes(old) and _codes(new) and sorted(old) == sorted(new):
            return old
        padded = [*old, *([None] * len(new))]
        return [keep_spelling(was, now) for was, now in zip(padded, new, strict=False)]
    return old if _same_number(old, new) else new


def _codes(value: list[Any]) -> bool:
    return all(isinstance(each, str) for each in value)


def _same_number(old: Any, new: Any) -> bool:
    if isinstance(old, bool) or isinstance(new, bool) or old is None or new is None:
        return False
    try:
        return Decimal(str(old)) == Decimal(str(new))
    except InvalidOperation:
        return False


def _inside(path: str, whole: str) -> bool:
    return path == whole or path.startswith((f"{whole}.", f"{whole}["))
