"""Reading the plain parts that every kind of body has: codes, bilingual texts, sources."""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from rules.errors import RuleError

_CODE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


@dataclass(frozen=True)
class Bilingual:
    """A text written in both languages of the installation by the author of a module."""

    fr: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.fr


def mapping(
    data: Any, path: str, required: Set[str], optional: Set[str] = frozenset()
) -> dict[str, Any]:
    """An object with these keys, and none other."""
    if not isinstance(data, dict):
        raise RuleError(path, _("an object is expected here"))
    for key in sorted(required - set(data)):
        raise RuleError(path, _("“{key}” is missing").format(key=key))
    for key in sorted(set(data) - required - optional):
        raise RuleError(path, _("“{key}” means nothing here").format(key=key))
    return data


def items(data: Any, path: str, *, empty: bool = True) -> Iterator[tuple[str, Any]]:
    """The items of a list, each with its place."""
    if not isinstance(data, list) or (not data and not empty):
        raise RuleError(path, _("a list is expected here"))
    for index, item in enumerate(data):
        yield f"{path}[{index}]", item


def code(data: Any, path: str) -> str:
    """A short name in lower case, with digits, hyphens or underscores."""
    if not isinstance(data, str) or not _CODE.fullmatch(data) or len(data) > 100:
        raise RuleError(path, _("a code in lower case is expected here"))
    return data


def text(data: Any, path: str) -> str:
    """A text that is not empty."""
    if not isinstance(data, str) or not data.strip():
        raise RuleError(path, _("a text is expected here"))
    return data


def bilingual(data: Any, path: str) -> Bilingual:
    """A text in both languages."""
    mapping(data, path, {"fr", "en"})
    return Bilingual(text(data["fr"], f"{path}.fr"), text(data["en"], f"{path}.en"))


def one_of(choices: Any, value: Any, path: str) -> Any:
    """The member of a closed list that is written here."""
    if not isinstance(value, str) or value not in list(choices):
        raise RuleError(
            path,
            _("“{value}” is not possible here: choose among {allowed}").format(
                value=value, allowed=", ".join(choices)
            ),
        )
    return choices(value)


def distinct(codes: list[str], path: str) -> None:
    """Every code is used once."""
    for index, value in enumerate(codes):
        if value in codes[:index]:
            raise RuleError(
                f"{path}[{index}].code", _("the code “{code}” is used twice").format(code=value)
            )


def chapter(data: dict[str, Any], path: str) -> int | None:
    """The number of the charter's chapter an item belongs to, when it is not its module's own."""
    value = data.get("chapter")
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise RuleError(f"{path}.chapter", _("a whole number is expected here"))
    return value
