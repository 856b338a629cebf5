"""Whether lists of codes were loaded that a running process has not read yet."""

import csv
from collections.abc import Iterable
from typing import Any

from register import code_lists
from register.code_lists import Code
from register.models import ListedCode

# What a code says, but for its label in the words of the program.
SAID = (
    *("list_name", "code", "official", "english", "places"),
    *("valid_from", "valid_until", "is_obsolete", "is_national", "source"),
)


def is_overtaken() -> bool:
    """True once `load_reference` has loaded other lists than this process has read.

    A file that is merely there, half written or not loaded yet, overtakes nothing.
    """
    try:
        with code_lists.FILE.open(encoding="utf-8", newline="") as file:
            there = _said(code_lists.read(csv.DictReader(file, delimiter=";")))
    except (OSError, KeyError, ValueError):
        return False
    if there == _said(code_lists.every()):
        return False
    return there == [tuple(row) for row in _loaded()]


def _said(lists: Any) -> list[tuple[Any, ...]]:
    return [_line(code) for name in sorted(lists) for code in lists[name].codes]


def _line(code: Code) -> tuple[Any, ...]:
    return tuple(getattr(code, name) for name in SAID)


def _loaded() -> Iterable[tuple[Any, ...]]:
    rows = ListedCode.objects.values_list("list_name", "position", *SAID[1:])
    return ((name, *rest) for name, _place, *rest in sorted(rows, key=lambda row: row[:2]))
