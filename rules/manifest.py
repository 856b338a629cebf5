"""The card of a module: who wrote it, for where, on which legal basis, in which chapter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .errors import RuleError
from .kinds import PARSERS
from .kinds.parts import Bilingual, bilingual, code, items, mapping, text

_REQUIRED = {
    "code",
    "version",
    "kind",
    "territory",
    "depends",
    "author",
    "legal_basis",
    "title",
    "chapter",
    "summary",
}


# The kinds of bodies of CCH R441-2-1 and R441-2-6 that may be asked to sign a module.
SIGNATORIES: Mapping[str, str | Promise] = {
    "landlord": _("Social landlord"),
    "state": _("State service"),
    "commune": _("Commune"),
    "epci": _("EPCI"),
    "department": _("Department council"),
    "employer": _("Action Logement or employer"),
    "siao": _("Reception and orientation service (SIAO)"),
    "manager": _("Manager of the shared file"),
    "association": _("Association"),
}


@dataclass(frozen=True)
class ChapterTitle:
    """A chapter of the charter of use."""

    number: int
    title: Bilingual


@dataclass(frozen=True)
class Manifest:
    """What a module says of itself. `chapters` starts with the module's own.

    `signatures` are the kinds of bodies of which one must sign each version written here.
    """

    code: str
    version: int
    kind: str
    territory: str
    depends: tuple[str, ...]
    author: str
    legal_basis: str
    title: Bilingual
    summary: Bilingual
    chapters: tuple[ChapterTitle, ...]
    signatures: tuple[str, ...] = ()

    def chapter(self, number: int | None) -> ChapterTitle:
        """The chapter of an item: the one of this number, else the module's own."""
        return next((c for c in self.chapters if c.number == number), self.chapters[0])


def parse_manifest(data: Any) -> Manifest:
    """The typed manifest; RuleError when something is missing or makes no sense."""
    mapping(data, "manifest", _REQUIRED, {"other_chapters", "signatures"})
    if isinstance(data["version"], bool) or not isinstance(data["version"], int):
        raise RuleError("manifest.version", _("a whole number is expected here"))
    if data["version"] < 1:
        raise RuleError("manifest.version", _("versions are numbered from 1"))
    if data["kind"] not in PARSERS:
        raise RuleError(
            "manifest.kind", _("“{kind}” is not a kind of module").format(kind=data["kind"])
        )
    if not isinstance(data["territory"], str):
        raise RuleError("manifest.territory", _("a text is expected here"))
    others = data.get("other_chapters", [])
    return Manifest(
        code=code(data["code"], "manifest.code"),
        version=data["version"],
        kind=data["kind"],
        territory=data["territory"],
        depends=tuple(
            code(item, path) for path, item in items(data["depends"], "manifest.depends")
        ),
        author=text(data["author"], "manifest.author"),
        legal_basis=text(data["legal_basis"], "manifest.legal_basis"),
        title=bilingual(data["title"], "manifest.title"),
        summary=bilingual(data["summary"], "manifest.summary"),
        chapters=(
            _chapter(data["chapter"], "manifest.chapter"),
            *(_chapter(item, path) for path, item in items(others, "manifest.other_chapters")),
        ),
        signatures=tuple(
            _signatory(item, path)
            for path, item in items(data.get("signatures", []), "manifest.signatures")
        ),
    )


def _signatory(data: Any, path: str) -> str:
    if not isinstance(data, str) or data not in SIGNATORIES:
        raise RuleError(
            path,
            _("“{party}” cannot sign: choose among {allowed}").format(
                party=data, allowed=", ".join(SIGNATORIES)
            ),
        )
    return data


def _chapter(data: Any, path: str) -> ChapterTitle:
    mapping(data, path, {"number", "title"})
    if isinstance(data["number"], bool) or not isinstance(data["number"], int):
        raise RuleError(f"{path}.number", _("a whole number is expected here"))
    return ChapterTitle(data["number"], bilingual(data["title"], f"{path}.title"))
