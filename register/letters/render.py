"""Typeset a letter: a template of this folder and plain data give an accessible PDF (PDF/UA-1).

What people typed reaches the template as JSON strings, which typst prints and never reads as
markup (R18). The compiler sees this folder and its fonts only: no system font, no package, no
network.
"""

import json
import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

import typst
from anyascii import anyascii

FOLDER = Path(__file__).parent
FONTS = FOLDER / "fonts"
STANDARD: Final = "ua-1"
REPLACEMENT = "\ufffd"
# One compiler per process: it keeps fonts and templates ready, and serves one letter at a time.
_one_at_a_time = Lock()


class LetterError(RuntimeError):
    """A letter that could not be typeset: a fault of the template, never of the person."""


def render(template: str, data: dict[str, Any], *, language: str) -> bytes:
    """The PDF of `template` (name without suffix) filled with `data`, in `language` ("fr", "en").

    `data` holds dicts, lists, strings, numbers, booleans and None. LetterError when the template
    does not exist or cannot be typeset.
    """
    path = FOLDER / f"{template}.typ"
    if not template.isidentifier() or not path.is_file():
        raise LetterError(f"no letter template {template!r}")
    inputs = {
        "data": json.dumps(printable(data), ensure_ascii=False),
        "language": language,
    }
    with _one_at_a_time:
        try:
            pdf = _compiler().compile(
                str(path), format="pdf", sys_inputs=inputs, pdf_standards=[STANDARD]
            )
        except typst.TypstError as error:
            raise LetterError(f"{template}: {error.message}") from error
    if not isinstance(pdf, bytes):
        raise LetterError(f"{template}: no file was made")
    return pdf


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )
    return typst.Compiler(root=str(FOLDER), font_paths=fonts)


def printable(value: Any) -> Any:
    """The same data with only characters that the fonts draw.

    Invisible controls go (they could reverse or hide text); a letter of a script without a font is
    written in Latin letters; anything else becomes the replacement mark.
    """
    if isinstance(value, dict):
        return {name: printable(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [printable(item) for item in value]
    if isinstance(value, str):
        return "".join(map(_drawn, unicodedata.normalize("NFC", value)))
    return value


def _drawn(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    if category in {"Cf", "Cs"}:
        return ""
    if _is_covered(character):
        return character
    return anyascii(character) or ("" if category in {"Mn", "Me"} else REPLACEMENT)


def _is_covered(character: str) -> bool:
    firsts, lasts = _coverage()
    place = bisect_right(firsts, ord(character)) - 1
    return place >= 0 and ord(character) <= lasts[place]


@cache
def _coverage() -> tuple[list[int], list[int]]:
    pairs = json.loads((FONTS / "coverage.json").read_text(encoding="utf-8"))
    return [first for first, _last in pairs], [last for _first, last in pairs]
