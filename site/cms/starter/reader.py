"""Reads a starter page: a few lines of header, then text an editor can read in any editor.

    key: renewal            lists:  short:
    title: Renew…                   - one line each
    ---
    ## Section, ### Sub-section, paragraphs with **bold**, *italic*, [text](page:key), - lists
    ::: steps | keep | warning | documents | figure | table | question | link | faq [title]
    …
    :::

Links to pages stay symbolic (`page:key`) until the page is written (`writer.py`).
"""

import re
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

Block = tuple[str, Any]
_LIST_KEYS = frozenset({"short", "law"})


@dataclass(frozen=True)
class StarterPage:
    """One page as written in its file."""

    language: str
    meta: dict[str, str]
    lists: dict[str, list[str]] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What names the page in every language."""
        return self.meta["key"]

    @property
    def record(self) -> str:
        """What names this page in this language in the memory of the installation."""
        return f"{self.language}/{self.key}"


def inline(text: str) -> str:
    """Bold, italic and links of one line, as rich text."""
    html = escape(text, quote=False)
    html = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", html)
    html = re.sub(r"\*(.+?)\*", r"<i>\1</i>", html)
    return re.sub(r"\[(.+?)\]\((.+?)\)", r'<a href="\2">\1</a>', html)


def rich_text(lines: list[str]) -> str:
    """Paragraphs and bullet lists, as rich text."""
    parts: list[str] = []
    for chunk in re.split(r"\n\s*\n", "\n".join(lines).strip()):
        run: list[str] = []
        bullets: list[str] = []
        for line in chunk.splitlines():
            (bullets if line.startswith("- ") else run).append(line)
        if run:
            parts.append(f"<p>{inline(' '.join(run))}</p>")
        if bullets:
            items = "".join(f"<li>{inline(line[2:])}</li>" for line in bullets)
            parts.append(f"<ul>{items}</ul>")
    return "".join(parts)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def _grouped(lines: list[str], marker: str) -> list[tuple[str, list[str]]]:
    groups: list[tuple[str, list[str]]] = []
    for line in lines:
        match = re.match(marker, line)
        if match:
            groups.append((line[match.end() :].strip(), []))
        elif line.strip():
            groups[-1][1].append(line)
    return groups


def _steps(title: str, lines: list[str]) -> Block:
    steps = [{"title": head, "text": rich_text(text)} for head, text in _grouped(lines, r"\d+\. ")]
    return "steps", {"steps": steps}


def _documents(title: str, lines: list[str]) -> Block:
    papers = []
    for line in lines:
        name, *note = _cells(line[2:])
        papers.append({"name": name, "note": note[0] if note else ""})
    return "papers", {"title": title, "papers": papers}


def _figure(title: str, lines: list[str]) -> Block:
    value, text, source, as_of = _cells(lines[0])
    return "figure", {"value": value, "text": text, "source": source, "as_of": as_of}


def _table(title: str, lines: list[str]) -> Block:
    return "table", {
        "data": [_cells(line) for line in lines],
        "first_row_is_table_header": True,
        "first_col_is_header": True,
        "table_header_choice": "both",
        "table_caption": title,
    }


def _faq(title: str, lines: list[str]) -> Block:
    questions = [
        {"type": "question", "value": {"question": head, "answer": rich_text(answer)}}
        for head, answer in _grouped(lines, r"\? ")
    ]
    return "group", {"title": title, "questions": questions}


def _link(title: str, lines: list[str]) -> Block:
    page, text = _cells(lines[0])
    return "link_card", {"page": page, "title": "", "text": text}


_DIRECTIVES = {
    "steps": _steps,
    "keep": lambda title, lines: ("call_out", {"title": title, "text": rich_text(lines)}),
    "warning": lambda title, lines: ("warning", {"title": title, "text": rich_text(lines)}),
    "question": lambda title, lines: ("question", {"question": title, "answer": rich_text(lines)}),
    "documents": _documents,
    "figure": _figure,
    "table": _table,
    "link": _link,
    "faq": _faq,
}


def _blocks(lines: list[str]) -> list[Block]:
    blocks: list[Block] = []
    text: list[str] = []
    inside: tuple[str, str, list[str]] | None = None

    def close_text() -> None:
        if any(line.strip() for line in text):
            blocks.append(("paragraph", rich_text(text)))
        text.clear()

    for line in lines:
        if inside and line.strip() == ":::":
            kind, title, held = inside
            blocks.append(_DIRECTIVES[kind](title, [held_line for held_line in held if held_line]))
            inside = None
        elif inside:
            inside[2].append(line.rstrip())
        elif line.startswith("::: "):
            close_text()
            kind, _space, title = line[4:].partition(" ")
            inside = (kind, title.strip(), [])
        elif line.startswith("##"):
            close_text()
            marks, _space, title = line.partition(" ")
            blocks.append(("heading", {"text": title.strip(), "level": str(len(marks))}))
        else:
            text.append(line)
    close_text()
    return blocks


def read(path: Path) -> StarterPage:
    """The page written in `path`; its folder names its language."""
    head, _mark, body = path.read_text(encoding="utf-8").partition("\n---\n")
    meta: dict[str, str] = {}
    lists: dict[str, list[str]] = {}
    current = ""
    for line in head.splitlines():
        if line.startswith("- ") and current in _LIST_KEYS:
            lists.setdefault(current, []).append(line[2:])
        else:
            current, _colon, value = line.partition(":")
            meta[current] = value.strip()
    return StarterPage(path.parent.name, meta, lists, _blocks(body.splitlines()))


def read_all(folder: Path) -> list[StarterPage]:
    """Every page of `folder`, French first, parents before children (files are numbered)."""
    paths = [*sorted(folder.glob("fr/*.md")), *sorted(folder.glob("en/*.md"))]
    return [read(path) for path in paths]
