#!/usr/bin/env python3
"""Build the fonts of the letters in `register/letters/fonts/`.

Needs npm, and `pip install fonttools brotli` (not dependencies of the register). Atkinson
Hyperlegible Next is published in pieces for the web; the letters need whole faces. DejaVu Sans,
which draws the scripts and signs that Atkinson lacks, comes from Debian's fonts-dejavu-core.
`coverage.json` lists the characters that these fonts draw together.

    python scripts/build_letter_fonts.py
"""

import json
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

PACKAGE = "@fontsource/atkinson-hyperlegible-next@5.3.0"
FACES = {"Regular": "400-normal", "Italic": "400-italic", "Bold": "700-normal"}
DEJAVU = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
DEJAVU_LICENCE = Path("/usr/share/doc/fonts-dejavu-core/copyright")
OUTPUT = Path(__file__).resolve().parents[1] / "register/letters/fonts"


def download(folder: Path) -> Path:
    """The unpacked npm package."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed to build the fonts")
    subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=folder, check=True)
    with tarfile.open(next(folder.glob("fontsource-*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def merge(package: Path, face: str, folder: Path) -> TTFont:
    """One face with the Latin and extended Latin pieces together."""
    pieces = []
    for subset in ("latin", "latin-ext"):
        font = TTFont(package / f"files/atkinson-hyperlegible-next-{subset}-{face}.woff2")
        font.flavor = None
        del font["STAT"]
        piece = folder / f"{subset}-{face}.ttf"
        font.save(piece)
        pieces.append(str(piece))
    return Merger().merge(pieces)


def ranges(codes: Iterable[int]) -> list[list[int]]:
    """Sorted code points as [first, last] pairs."""
    pairs: list[list[int]] = []
    for code in sorted(codes):
        if pairs and code == pairs[-1][1] + 1:
            pairs[-1][1] = code
        else:
            pairs.append([code, code])
    return pairs


def main() -> None:
    OUTPUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        package = download(folder)
        for style, face in FACES.items():
            merge(package, face, folder).save(OUTPUT / f"AtkinsonHyperlegibleNext-{style}.ttf")
        shutil.copy(package / "LICENSE", OUTPUT / "AtkinsonHyperlegibleNext-OFL.txt")
    shutil.copy(DEJAVU, OUTPUT)
    shutil.copy(DEJAVU_LICENCE, OUTPUT / "DejaVuSans-LICENCE.txt")
    drawn: set[int] = set()
    for path in OUTPUT.glob("*.ttf"):
        drawn.update(TTFont(path).getBestCmap())
    pairs = ",\n".join(json.dumps(pair) for pair in ranges(drawn))
    (OUTPUT / "coverage.json").write_text(f"[\n{pairs}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
