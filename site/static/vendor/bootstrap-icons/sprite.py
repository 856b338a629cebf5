"""Gather the drawings named in `names.txt` into one SVG sprite.

Usage: `sprite.py FOLDER_OF_SVG_FILES OUTPUT.svg`. Called by `update.sh`.
"""

import re
import sys
from pathlib import Path

NAMES = Path(__file__).with_name("names.txt")


def symbol(folder: Path, name: str) -> str:
    """One drawing as a `<symbol>` that `<use>` can point at."""
    drawing = (folder / f"{name}.svg").read_text(encoding="utf-8")
    box = re.search(r'viewBox="([^"]+)"', drawing)
    inside = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)
    if not box or not inside:
        raise SystemExit(f"{name}: not a drawing this script can read")
    lines = "".join(line.strip() for line in inside[1].splitlines())
    return f'<symbol id="{name}" viewBox="{box[1]}">{lines}</symbol>'


def main(folder: Path, output: Path) -> None:
    symbols = [symbol(folder, name) for name in NAMES.read_text(encoding="utf-8").split()]
    head = '<svg xmlns="http://www.w3.org/2000/svg" fill="currentColor">'
    output.write_text("\n".join((head, *symbols, "</svg>\n")), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
