"""The little Markdown that the generated pages need."""

from collections.abc import Iterable, Sequence

NOTICE = "<!-- Written by `manage.py docs`; change the code, not this page. -->"


def page(title: str, introduction: str, *sections: str) -> str:
    """A whole page: title, notice, introduction and sections, ending with one line break."""
    parts = (f"# {title}", NOTICE, introduction, *sections)
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; line breaks and bars inside a cell are made harmless."""
    lines = [_row(headings), _row(["---"] * len(headings)), *(_row(row) for row in rows)]
    return "\n".join(lines)


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(_cell(str(cell)) for cell in cells) + " |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>") or " "
