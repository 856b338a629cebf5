"""Redraws a picture or rebuilds a PDF in a process of its own, with nothing to reach (R4).

What `register.uploads` asks of its cell: the type of a file, and the file; what will be kept comes
back with a verdict. What a file made to harm its reader finds is in `cell_child`.
"""

import io
import sys
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING

from PIL import (
    Image,
    ImageFilter,
    ImageOps,
    ImageStat,
    MpoImagePlugin,  # noqa: F401  (photos that hold two pictures; loaded while files can be)
)

# What reads PDFs takes longer to load than most photos to redraw: each is loaded for its own files.
if TYPE_CHECKING:
    import pikepdf

MAX_PIXELS = 40_000_000
MAX_PAGES = 50
MAX_DRAWING = 64 * 1024 * 1024  # bytes of drawing instructions of a whole document
JPEG_QUALITY = 88
# A PDF reader looks for the end mark there; without it the file was cut on its way.
TAIL = 1024

# How a picture is read, and as what it is kept: few programs open the photos of some phones.
IMAGE_FORMATS = {
    "image/jpeg": ("JPEG", "JPEG"),
    "image/png": ("PNG", "PNG"),
    "image/heic": ("HEIF", "JPEG"),
}
# What a person needs to read a photo: pixels along its longest side, light (mean of 256 greys), and
# a few strokes that stand out from their ground; measured on text blurred by the hand.
LEGIBLE = 900
LIGHT = 60
STROKE = 20
STROKES = 2_000  # one pixel out of so many belongs to the strongest strokes
LOOKED_AT = 1_000  # pixels: enough to judge, and little memory
_STROKES = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)
# What a page needs to be seen and printed; actions, annotations and thumbnails are not.
PAGE_KEYS = frozenset(
    {
        "/Type",
        "/Parent",
        "/Resources",
        "/MediaBox",
        "/CropBox",
        "/Rotate",
        "/UserUnit",
        "/Contents",
        "/Group",
    }
)
TELLTALE_KEYS = ("/Metadata", "/PieceInfo", "/AF", "/AA", "/OPI", "/LastModified", "/Measure")
# Segments of a photo that hold position, thumbnail, editing history and remarks.
TELLTALE_SEGMENTS = frozenset({0xE1, 0xED, 0xFE})
START_OF_SCAN = 0xDA


class Verdict(IntEnum):
    """Exit codes: away from 1 and 2, which Python itself uses."""

    REWRITTEN = 0
    DAMAGED = 10
    TOO_MANY_PIXELS = 11
    TOO_MANY_PAGES = 12
    NO_PAGE = 13
    PASSWORD = 14
    # Rewritten too, but perhaps nobody can read it.
    SMALL = 20
    DARK = 21
    BLURRED = 22


DOUBTS = frozenset({Verdict.SMALL, Verdict.DARK, Verdict.BLURRED})


class Refused(Exception):
    """The file cannot be kept, for this reason."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.name)
        self.verdict = verdict


@cache
def prepare(content_type: str) -> None:
    """Load the reader of this type, and what it fetches at first use, while files can be opened."""
    Image.preinit()
    Image.MAX_IMAGE_PIXELS = None  # ours is lower, and is checked before anything is decoded
    if content_type == "image/heic":
        import pillow_heif

        pillow_heif.options.DECODE_THREADS = 1  # each thread would take its share of the memory
        pillow_heif.register_heif_opener(thumbnails=False)
    elif content_type not in IMAGE_FORMATS:
        import pikepdf

        with pikepdf.new() as pdf:  # PDFs locked against changes need the system's random numbers
            pdf.save(io.BytesIO(), encryption=pikepdf.Encryption(user="", owner="x"))


def redraw(content: bytes, read_as: str, kept_as: str) -> tuple[Verdict, bytes]:
    """The picture upright, its pixels and nothing else; whether a person can read it."""
    with Image.open(io.BytesIO(content), formats=[read_as]) as image:
        if image.width * image.height > MAX_PIXELS:
            raise Refused(Verdict.TOO_MANY_PIXELS)
        ImageOps.exif_transpose(image, in_place=True)
        drawn = _in_plain_colours(image)
        drawn.info.clear()
        out = io.BytesIO()
        drawn.save(out, kept_as, quality=JPEG_QUALITY)
        return legibility(drawn), out.getvalue()


def legibility(picture: Image.Image) -> Verdict:
    """A hint, never a refusal: too small, too dark, or blurred."""
    longest = max(picture.size)
    if longest < LEGIBLE:
        return Verdict.SMALL
    seen = picture.reduce(max(1, longest // LOOKED_AT)).convert("L")
    if ImageStat.Stat(seen).mean[0] < LIGHT:
        return Verdict.DARK
    strokes = seen.filter(_STROKES).crop((1, 1, seen.width - 1, seen.height - 1)).histogram()
    strong = sum(strokes[: 128 - STROKE]) + sum(strokes[128 + STROKE :])
    return Verdict.REWRITTEN if strong * STROKES > sum(strokes) else Verdict.BLURRED


def _in_plain_colours(image: Image.Image) -> Image.Image:
    """Grey, colour, or colour with transparency for the pictures that can have it."""
    if image.mode.startswith("I"):  # 65,536 greys of a scanner: converting alone would burn them
        return image.point(lambda grey: grey / 256).convert("L")
    if image.mode in ("1", "L"):
        mode = "L"
    elif image.format == "PNG" and (image.has_transparency_data):
        mode = "RGBA"
    else:
        mode = "RGB"
    return image if image.mode == mode else image.convert(mode)


def rebuild(content: bytes) -> bytes:
    """A new PDF made of what the pages show, and of nothing else."""
    import pikepdf

    if b"%%EOF" not in content[-TAIL:]:
        raise Refused(Verdict.DAMAGED)
    try:
        opened = pikepdf.open(io.BytesIO(content))
    except pikepdf.PasswordError:
        raise Refused(Verdict.PASSWORD) from None
    with opened as source, pikepdf.new() as clean:
        _check_pages(source)
        # What was typed in a form or stamped on a page becomes part of the page.
        source.flatten_annotations("screen")
        for page in source.pages:
            for key in set(page.obj.keys()) - PAGE_KEYS:
                del page.obj[key]
        clean.pages.extend(source.pages)
        for thing in clean.objects:
            _forget_origin(thing)
        out = io.BytesIO()
        clean.save(out, deterministic_id=True)
        return out.getvalue()


def _forget_origin(thing: "pikepdf.Object") -> None:
    import pikepdf

    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return
    for key in TELLTALE_KEYS:
        if key in thing:
            del thing[key]
    if isinstance(thing, pikepdf.Stream) and thing.get("/Filter") == "/DCTDecode":
        thing.write(without_origin(thing.read_raw_bytes()), filter=pikepdf.Name.DCTDecode)


def _check_pages(pdf: "pikepdf.Pdf") -> None:
    """A readable number of pages, whose drawing can be unpacked by whoever will read it."""
    import pikepdf

    if len(pdf.pages) > MAX_PAGES:
        raise Refused(Verdict.TOO_MANY_PAGES)
    if not len(pdf.pages):
        raise Refused(Verdict.NO_PAGE)
    unpacked = 0
    for page in pdf.pages:
        contents = page.obj.get("/Contents")
        for part in contents if isinstance(contents, pikepdf.Array) else [contents]:
            unpacked += len(part.read_bytes()) if isinstance(part, pikepdf.Stream) else 0
            if unpacked > MAX_DRAWING:
                raise Refused(Verdict.DAMAGED)


def without_origin(photo: bytes) -> bytes:
    """The same JPEG without position, date, thumbnail or remarks; its pixels are untouched."""
    kept, place = bytearray(photo[:2]), 2
    while place + 4 <= len(photo) and photo[place] == 0xFF:
        marker = photo[place + 1]
        if marker == START_OF_SCAN:
            break
        end = place + 2 + int.from_bytes(photo[place + 2 : place + 4], "big")
        if marker not in TELLTALE_SEGMENTS:
            kept += photo[place:end]
        place = end
    return bytes(kept) + photo[place:]


def answer(content_type: str) -> int:
    """Read, rewrite, write; the verdict."""
    content = sys.stdin.buffer.read()
    try:
        formats = IMAGE_FORMATS.get(content_type)
        if formats:
            verdict, rewritten = redraw(content, *formats)
        else:
            verdict, rewritten = Verdict.REWRITTEN, rebuild(content)
    except Refused as refusal:
        return refusal.verdict
    except Exception:  # whatever a hostile file provokes in a parser: it cannot be read
        return Verdict.DAMAGED
    sys.stdout.buffer.write(rewritten)
    sys.stdout.buffer.flush()
    return verdict
