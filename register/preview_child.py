"""Counts, draws or stamps the pages of a kept file in a process with nothing to reach (R3, R4).

What `register.preview` asks of its cell: one line of JSON, then the file; the answer comes back
with a verdict. What draws pages is large and old: it gets the same cell as what reads uploads.
"""

import io
import json
import math
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from register.uploads_child import MAX_PAGES

PDF = "application/pdf"
LONGEST_SIDE = 3_000  # pixels: a page ten metres long must not fill the memory
JPEG_QUALITY = 85
NO_SUCH_PAGE = 20
UNREADABLE = 21
SMALLEST_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)
# The name of a reader across the page: seen on a copy, and what it covers still legible.
FONT = (Path(__file__).parent / "letters/fonts/DejaVuSans.ttf").read_bytes()
INK = (140, 30, 30)
STRENGTH = 90  # of 255
SLOPE = 30  # degrees
LETTER = 0.6  # mean width of a letter, in heights


@cache
def prepare(_asked: str) -> None:
    """Load what the libraries fetch at first use, while files can still be opened."""
    Image.preinit()
    draw(SMALLEST_PDF, PDF, 0, 100, "x")
    stamp(SMALLEST_PDF, PDF, "x")


def count(content: bytes) -> bytes:
    """The number of pages of a PDF, in digits."""
    return str(min(len(pypdfium2.PdfDocument(content)), MAX_PAGES)).encode()


def draw(content: bytes, content_type: str, page: int, width: int, mark: str = "") -> bytes:
    """A page as a JPEG of this width in pixels; IndexError when the document is shorter."""
    picture = _page(content, page, width) if content_type == PDF else _photo(content, page, width)
    return _as_jpeg(_marked(picture, mark))


def stamp(content: bytes, content_type: str, mark: str) -> bytes:
    """The whole file with the mark on each page; of the same type, but a JPEG for a picture."""
    if content_type != PDF:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as picture:
            return _as_jpeg(_marked(_on_white(picture), mark))
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for number, page in enumerate(pdf.pages):
            _lay_over(pdf, page, mark, pikepdf.Name(f"/ReaderMark{number}"))
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _lay_over(pdf: pikepdf.Pdf, page: pikepdf.Page, mark: str, name: pikepdf.Name) -> None:
    """Put the mark on a page under this name; the library's own way draws a name at random."""
    with pikepdf.new() as stamps:
        stamp_page = _stamp_page(stamps, *_size_of(page), mark)
        form = pdf.copy_foreign(stamp_page.as_form_xobject())
    page.add_resource(form, pikepdf.Name.XObject, name)
    frame = pikepdf.Rectangle(page.trimbox)
    fitted = {"invert_transformations": True, "allow_shrink": True, "allow_expand": True}
    placed = page.calc_form_xobject_placement(form, name, frame, **fitted)
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(b"Q\n" + placed)


def _size_of(page: pikepdf.Page) -> tuple[float, float]:
    """Width and height as the page is seen, in points."""
    left, bottom, right, top = (float(side) for side in page.trimbox)
    is_turned = int(page.obj.get("/Rotate", 0)) % 180 == 90
    return (top - bottom, right - left) if is_turned else (right - left, top - bottom)


def _page(content: bytes, page: int, width: int) -> Image.Image:
    document = pypdfium2.PdfDocument(content)
    if page >= len(document):
        raise IndexError(page)
    across, down = document[page].get_size()
    scale = min(width / across, LONGEST_SIDE / max(across, down))
    drawn: Image.Image = document[page].render(scale=scale).to_pil()
    return drawn.convert("RGB")


def _photo(content: bytes, page: int, width: int) -> Image.Image:
    if page:
        raise IndexError(page)
    with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as picture:
        picture.draft("RGB", (width, width))
        picture.thumbnail((width, LONGEST_SIDE))
        return _on_white(picture)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    page = Image.new("RGB", picture.size, "white")
    page.paste(picture, mask=picture)
    return page


def _as_jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def _letter_height(width: float, mark: str, smallest: int) -> int:
    """So that the whole mark fits once across the page."""
    return max(smallest, min(int(width / 30), int(width / (LETTER * len(mark)))))


def _marked(picture: Image.Image, mark: str) -> Image.Image:
    """The picture with the mark repeated across it, every other line shifted by half."""
    if not mark:
        return picture
    height = _letter_height(picture.width, mark, 11)
    font = ImageFont.truetype(io.BytesIO(FONT), height)
    _, _, right, bottom = (math.ceil(side) for side in font.getbbox(mark))
    line = Image.new("L", (right + 2 * height, bottom + 2 * height))
    ImageDraw.Draw(line).text((height, height), mark, font=font, fill=STRENGTH)
    tile = line.rotate(SLOPE, expand=True)
    for row, y in enumerate(range(0, picture.height, max(1, tile.height // 2))):
        for x in range(-(row % 2) * tile.width // 2, picture.width, tile.width):
            picture.paste(INK, (x, y), tile)
    return picture


def _stamp_page(pdf: pikepdf.Pdf, width: float, height: float, mark: str) -> pikepdf.Page:
    """A transparent page of this size, in points, that holds the mark only."""
    size = _letter_height(width, mark, 6)
    cos, sin = math.cos(math.radians(SLOPE)), math.sin(math.radians(SLOPE))
    # A font that every reader has: Western letters, as the caller wrote them.
    words = mark.encode("cp1252", "replace").hex()
    step = max(height / 6, size * 6)
    lines = [
        f"{cos:.4f} {sin:.4f} {-sin:.4f} {cos:.4f} {size} {y:.1f} Tm <{words}> Tj"
        for y in (index * step for index in range(-4, math.ceil(height / step)))
    ]
    ink = " ".join(f"{part / 255:.2f}" for part in INK)
    drawing = f"/G gs {ink} rg BT /F {size} Tf {' '.join(lines)} ET"
    page = pdf.add_blank_page(page_size=(max(width, 3), max(height, 3)))
    page.obj.Resources = pikepdf.Dictionary(
        Font=pikepdf.Dictionary(
            F=pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type1,
                BaseFont=pikepdf.Name.Helvetica,
                Encoding=pikepdf.Name.WinAnsiEncoding,
            )
        ),
        ExtGState=pikepdf.Dictionary(G=pikepdf.Dictionary(ca=round(STRENGTH / 255, 2))),
    )
    page.obj.Contents = pdf.make_stream(drawing.encode())
    return page


TASKS: dict[str, Callable[..., bytes]] = {"count": count, "draw": draw, "stamp": stamp}


def answer(_asked: str) -> int:
    """Read, then count, draw or stamp; the verdict says why there is no answer."""
    asked: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    try:
        answered = TASKS[asked.pop("task")](content, **asked)
    except IndexError:
        return NO_SUCH_PAGE
    except Exception:  # whatever a hostile file provokes: there is no picture of it
        return UNREADABLE
    sys.stdout.buffer.write(answered)
    sys.stdout.buffer.flush()
    return 0
