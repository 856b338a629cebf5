"""Read a PDF's text back from its own character maps, so that no outside program is needed."""

import io
import re

import pikepdf

_SINGLE = re.compile(r"<([0-9A-F]{4})> <([0-9A-F]+)>")


def text_of(pdf: bytes) -> str:
    """All text in drawing order, without any space: line breaks and kerning do not matter."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return "".join(_page_text(page) for page in document.pages)


def squeeze(text: str) -> str:
    """The same text without spaces of any width, as `text_of` gives it."""
    return re.sub(r"\s+", "", text)


def _page_text(page: pikepdf.Page) -> str:
    maps = {name: _characters(font) for name, font in page.Resources.Font.items()}
    current: dict[int, str] = {}
    found: list[str] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            current = maps[str(operands[0])]
        elif str(operator) in {"TJ", "Tj"}:
            found.append(_decoded(operands[0], current))
    return squeeze("".join(found))


def _decoded(shown: pikepdf.Object, characters: dict[int, str]) -> str:
    pieces = shown if isinstance(shown, pikepdf.Array) else [shown]
    codes = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
    return "".join(
        characters.get(int.from_bytes(codes[place : place + 2]), "\ufffd")
        for place in range(0, len(codes), 2)
    )


def _characters(font: pikepdf.Object) -> dict[int, str]:
    table = font.ToUnicode.read_bytes().decode("ascii")
    assert "beginbfrange" not in table
    return {
        int(code, 16): bytes.fromhex(text).decode("utf-16-be")
        for code, text in _SINGLE.findall(table.partition("beginbfchar")[2])
    }
