"""The pages of `docs/` that are written from the code, and whether they are current."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from config.catalogue import FrenchCatalogue

# Named, not imported: the settings package knows the apps by name only.
WRITERS = {
    "states.md": "register.handbook.states.write",
    "rights.md": "register.handbook.rights.write",
    "glossary.md": "register.handbook.glossary.write",
    "form.md": "register.handbook.form.write",
}


def docs_folder() -> Path:
    """Where the pages are kept."""
    return settings.BASE_DIR / "docs"


def pages() -> dict[str, str]:
    """Each page by file name, as the code of today writes it."""
    FrenchCatalogue(settings.BASE_DIR).compile_if_stale()
    return {name: _writer(path)() for name, path in WRITERS.items()}


def write_pages(folder: Path) -> list[str]:
    """Write the pages that differ; their names."""
    stale = stale_pages(folder)
    for name, text in pages().items():
        if name in stale:
            (folder / name).write_text(text, encoding="utf-8")
    return stale


def stale_pages(folder: Path) -> list[str]:
    """The pages that are missing or no longer say what the code does."""
    return [name for name, text in pages().items() if _read(folder / name) != text]


def _writer(path: str) -> Callable[[], str]:
    writer: Callable[[], str] = import_string(path)
    return writer


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
