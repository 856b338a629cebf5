"""The French catalogue: finds every text a person sees and holds its translation.

Works with Babel alone, so that neither GNU gettext nor any Debian package is needed. Templates
go through Django's own `templatize`, hence `{% blocktranslate trimmed %}`, contexts and plurals
are read exactly as Django reads them.
"""

import fcntl
import io
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template import TemplateSyntaxError
from django.utils.translation.template import templatize

ROOMS = ("register", "rules", "portal", "backoffice", "observatory", "exchange", "site")
SKIPPED_FOLDERS = {"tests", "migrations", "static", "vendor", "node_modules", "__pycache__"}
TEMPLATE_SUFFIXES = {".html", ".txt"}
HEADER = "# French texts of the shared register, written by `manage.py catalogue`."
NOISE = re.compile(
    rb'"(Project-Id-Version|Report-Msgid|POT-|PO-|Last-Translator|Language-Team|Generated-By).*\n'
)
CONTEXT_SEPARATOR = "\x04"
# A plain marker function is enough for Babel; the lazy variants take the same arguments.
_ONE, _PLURAL, _CONTEXT, _CONTEXT_PLURAL = None, (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS: dict[str, Any] = {
    "_": _ONE,
    "gettext": _ONE,
    "gettext_lazy": _ONE,
    "gettext_noop": _ONE,
    "ngettext": _PLURAL,
    "ngettext_lazy": _PLURAL,
    "pgettext": _CONTEXT,
    "pgettext_lazy": _CONTEXT,
    "npgettext": _CONTEXT_PLURAL,
    "npgettext_lazy": _CONTEXT_PLURAL,
}
PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?[-#0 +]*\d*(?:\.\d+)?([diouxXeEfFgGcrsa])")
BRACE = re.compile(r"\{(\w*)\}")
# French typography: no line begins with a colon; a word keeps its ordinary space before a value.
_BREAKABLE = re.compile(r"(?<=\S) (?=[:;?!»])|(?<=«) ")
_STUCK = re.compile(r"\u202f(?=%\()")


class Key(NamedTuple):
    """What identifies a text: its English wording, and a context when one word has two senses."""

    context: str | None
    msgid: str


@dataclass
class Found:
    """One text found in the code: its plural, the files that use it, and their notes."""

    plural: str | None = None
    files: set[str] = field(default_factory=set)


def source_files(root: Path) -> Iterator[Path]:
    """Every Python file and template of the rooms that may hold a text for a person."""
    for room in ROOMS:
        for folder, folders, names in os.walk(root / room):
            folders[:] = sorted(set(folders) - SKIPPED_FOLDERS)
            for name in sorted(names):
                if name.endswith((".py", *TEMPLATE_SUFFIXES)):
                    yield Path(folder) / name


def _python_source(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    try:
        # Blanked-out markup keeps its indentation, which Python's reader would refuse.
        return "\n".join(map(str.lstrip, templatize(text, origin=str(path)).split("\n")))
    except TemplateSyntaxError as error:
        raise ValueError(f"{path}: {error}") from error


def extract_all(root: Path) -> dict[Key, Found]:
    """All texts of the code, each with the files that use it."""
    texts: dict[Key, Found] = {}
    for path in source_files(root):
        stream = io.BytesIO(_python_source(path).encode())
        for _line, wording, _comments, context in extract("python", stream, keywords=KEYWORDS):
            singular, plural = wording if isinstance(wording, tuple) else (wording, None)
            if not singular:
                continue
            found = texts.setdefault(Key(context, singular), Found())
            found.plural = found.plural or plural
            found.files.add(str(path.relative_to(root)))
    return texts


class FrenchCatalogue:
    """The .po file under `locale/fr`, changed by one process at a time."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.po = root / "locale" / "fr" / "LC_MESSAGES" / "django.po"
        self.mo = self.po.with_suffix(".mo")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the catalogue alone: several people may add translations at the same time."""
        self.po.parent.mkdir(parents=True, exist_ok=True)
        folder = os.open(self.po.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def read(self) -> Catalog:
        if self.po.exists():
            with self.po.open("rb") as stream:
                return read_po(stream, locale="fr", charset="utf-8")
        return self._empty()

    def _empty(self) -> Catalog:
        # The locale brings the French plural rule: zero counts as singular.
        return Catalog(locale="fr", charset="utf-8", header_comment=HEADER, fuzzy=False)

    def _write(self, catalogue: Catalog) -> None:
        fresh = self._empty()
        for message in sorted(
            (m for m in catalogue if m.id), key=lambda m: (_key(m).msgid, _key(m).context or "")
        ):
            fresh[message.id] = Message(
                message.id,
                message.string,
                locations=sorted({(name, None) for name, _line in message.locations}),
                flags=message.flags,
                context=message.context,
            )
        buffer = io.BytesIO()
        write_po(buffer, fresh, width=100, include_lineno=False)
        _replace(self.po, NOISE.sub(b"", buffer.getvalue()))
        self._compile(fresh)

    def _compile(self, catalogue: Catalog) -> None:
        buffer = io.BytesIO()
        write_mo(buffer, catalogue)
        _replace(self.mo, buffer.getvalue())

    def compile(self) -> None:
        """Write the binary catalogue that Django loads; it is never committed."""
        with self.locked():
            self._compile(self.read())

    def compile_if_stale(self) -> None:
        """Compile only when the .po is newer: several test processes start at once."""
        with self.locked():
            stale = not self.mo.exists() or self.mo.stat().st_mtime < self.po.stat().st_mtime
            if stale:
                self._compile(self.read())

    def apply(self, translations: Mapping[str, str | list[str]]) -> int:
        """Merge translations, also of texts the code does not show yet. Returns how many."""
        with self.locked():
            texts = extract_all(self.root)
            catalogue = self._refreshed(self.read(), texts, drop=False)
            for name, french in translations.items():
                _set(catalogue, _parse(name), french, texts)
            self._write(catalogue)
        return len(translations)

    def update(self) -> tuple[int, int]:
        """Re-read the code, drop texts it no longer holds. Returns (texts, dropped)."""
        with self.locked():
            before = self.read()
            after = self._refreshed(before, extract_all(self.root), drop=True)
            self._write(after)
        return len(after), len(_keys(before) - _keys(after))

    def _refreshed(self, old: Catalog, texts: Mapping[Key, Found], *, drop: bool) -> Catalog:
        known = {_key(message): message for message in old if message.id}
        catalogue = self._empty()
        for key, found in texts.items():
            _add(catalogue, key, found, known.get(key))
        if not drop:
            for key, message in known.items():
                if key not in texts:
                    catalogue[message.id] = message
        return catalogue

    def missing(self, prefix: str = "") -> list[tuple[Key, Found]]:
        """Texts used by files under `prefix` that have no French wording yet."""
        known = {_key(message): message for message in self.read() if message.id}
        return [
            (key, found)
            for key, found in sorted(extract_all(self.root).items(), key=lambda item: item[0].msgid)
            if any(name.startswith(prefix) for name in found.files)
            and not _is_complete(known.get(key), found)
        ]

    def faults(self) -> list[str]:
        """Everything that makes the catalogue unfit: missing, doubtful or mismatched texts."""
        faults = [f"missing: {show(key)}" for key, _found in self.missing()]
        for message in self.read():
            if not message.id:
                continue
            if message.fuzzy:
                faults.append(f"fuzzy: {show(_key(message))}")
            faults += [f"placeholders: {show(_key(message))}"] * (not same_placeholders(message))
        return faults


def show(key: Key) -> str:
    """A text as `--apply` expects it in its JSON file."""
    return f"{key.context}{CONTEXT_SEPARATOR}{key.msgid}" if key.context else key.msgid


def typeset(french: str) -> str:
    """The same text with the spaces of French typography: those that must not break do not."""
    return _STUCK.sub(" ", _BREAKABLE.sub("\u00a0", french))


def same_placeholders(message: Message) -> bool:
    """Whether the French holds the values of the English: a lost `%(name)s` breaks the page."""
    sources = message.id if isinstance(message.id, tuple) else (message.id,)
    targets = message.string if isinstance(message.string, tuple | list) else (message.string,)
    wanted = [_placeholders(text) for text in sources]
    allowed = [*wanted, set().union(*wanted)]
    return all(_placeholders(text) in allowed for text in targets if text)


def _placeholders(text: str) -> set[str]:
    bare = text.replace("%%", "")
    marks = {match.group(0) for match in PLACEHOLDER.finditer(bare) if match.group(1)}
    marks |= {match.group(0) for match in BRACE.finditer(bare)}
    positional = [match.group(0) for match in PLACEHOLDER.finditer(bare) if not match.group(1)]
    return marks | {f"{index}:{mark}" for index, mark in enumerate(positional)}


def _key(message: Message) -> Key:
    msgid = message.id[0] if isinstance(message.id, tuple | list) else message.id
    return Key(message.context, msgid)


def _parse(name: str) -> Key:
    context, separator, msgid = name.partition(CONTEXT_SEPARATOR)
    return Key(context, msgid) if separator else Key(None, name)


def _is_complete(message: Message | None, found: Found) -> bool:
    if message is None or message.fuzzy:
        return False
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(strings) and (found.plural is None or len(strings) > 1)


def _add(catalogue: Catalog, key: Key, found: Found, old: Message | None) -> None:
    locations = [(name, 1) for name in sorted(found.files)]
    string: Any = old.string if old else ("", "") if found.plural else ""
    if found.plural and isinstance(string, str):
        string = (string, string)
    if not found.plural and isinstance(string, tuple | list):
        string = string[0]
    identifier = (key.msgid, found.plural) if found.plural else key.msgid
    catalogue.add(
        identifier,
        string,
        locations=locations,
        flags=old.flags - {"python-format"} if old else (),
        context=key.context,
    )


def _set(catalogue: Catalog, key: Key, french: str | list[str], texts: Mapping[Key, Found]) -> None:
    found = texts.get(key, Found())
    if isinstance(french, list) and found.plural is None:
        found = Found(plural=key.msgid, files=found.files)
    string = tuple(map(typeset, french)) if isinstance(french, list) else typeset(french)
    with suppress(KeyError):
        catalogue.delete(key.msgid, context=key.context)
    _add(catalogue, key, found, Message(key.msgid, string, context=key.context))


def _keys(catalogue: Catalog) -> set[Key]:
    return {_key(message) for message in catalogue if message.id}


def _replace(path: Path, content: bytes) -> None:
    """Write beside, then rename: a reader never meets half a catalogue."""
    beside = path.with_suffix(path.suffix + ".new")
    beside.write_bytes(content)
    beside.replace(path)
