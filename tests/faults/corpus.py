"""Files a person, a broken scanner or somebody hostile may send, each with its expected verdict.

`python -m tests.faults.corpus FOLDER` writes them for trying by hand. No real malware: EICAR only.
Whatever must not survive in a kept file carries `HIDDEN`.
"""

import io
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pillow_heif
from PIL import Image

from tests.faults import pdfs
from tests.faults.pdfs import HIDDEN

KEPT = ""
NOT_OURS = "This file is not a readable PDF, JPEG, PNG or HEIC document."
EMPTY = "This file is empty."
TOO_HEAVY = "This file is larger than 10 MB. Send a smaller photo or scan."
TOO_MANY_PIXELS = "This picture is too large: 40 megapixels at most."
BAD_PICTURE = "This picture is damaged and cannot be read."
BAD_DOCUMENT = "This document is damaged and cannot be read."
TOO_MANY_PAGES = "This document has more than 50 pages."
NO_PAGE = "This document has no page."
PASSWORD = "This document is protected by a password."

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'>%s</svg>"
HTML = b"<!doctype html><script>alert('%s')</script>" % HIDDEN
PHP = b"<?php echo '%s'; ?>" % HIDDEN


@dataclass(frozen=True)
class Case:
    """A file as it is sent, and the sentence that refuses it (`KEPT` when it is accepted)."""

    name: str
    verdict: str
    build: Callable[[], bytes]

    def __str__(self) -> str:
        return self.name


def picture(
    image_format: str = "JPEG", size: tuple[int, int] = (120, 80), **options: object
) -> bytes:
    """A small picture with a few colours."""
    mode = str(options.pop("mode", "RGB"))
    drawn = Image.linear_gradient("L").resize(size).convert("RGB").convert(mode)
    out = io.BytesIO()
    drawn.save(out, image_format, **options)
    return out.getvalue()


def located_photo() -> bytes:
    """A photo as a phone takes it: position, owner, thumbnail of the uncropped picture."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = HIDDEN.decode()
    position = exif.get_ifd(0x8825)
    position.update({1: "N", 2: (47.0, 19.0, 18.0), 3: "E", 4: (5.0, 2.0, 29.0)})
    thumbnail = picture(size=(16, 16), comment=HIDDEN)
    return picture(exif=exif, comment=HIDDEN, xmp=b"<x:xmpmeta>" + HIDDEN + thumbnail)


def phone_photo(size: tuple[int, int] = (120, 80)) -> bytes:
    """A photo in the format of recent phones, with what they write in it."""
    pillow_heif.register_heif_opener()
    exif = Image.Exif()
    exif[0x010F] = HIDDEN.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (47.0, 19.0, 18.0)})
    return picture("HEIF", size, exif=exif, xmp=b"<x:xmpmeta>" + HIDDEN)


def half_of(content: bytes) -> bytes:
    """What a cut connection leaves."""
    return content[: len(content) // 2]


def boasting_photo() -> bytes:
    """A small one that says it holds 900 million points."""
    told = struct.pack(">II", 120, 80)
    content = phone_photo()
    assert told in content
    return content.replace(told, struct.pack(">II", 30_000, 30_000))


def two_pictures() -> bytes:
    """The format of phones that keep two views in one .jpg."""
    first, second = (Image.new("RGB", (60, 40), colour) for colour in ("red", "blue"))
    out = io.BytesIO()
    first.save(out, "MPO", save_all=True, append_images=[second])
    return out.getvalue()


def png(
    *chunks: tuple[bytes, bytes], width: int = 8, height: int = 8, packed: bytes = b""
) -> bytes:
    """A PNG assembled by hand, so that its header may lie."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = packed or zlib.compress(b"\x00" * 9 * 8)
    parts = [(b"IHDR", header), *chunks, (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


def real_bomb() -> bytes:
    """About 180 KB on disk, 176 million points once decoded."""
    return png(width=13_300, height=13_300, packed=pdfs.bomb(169, blank=b"\x00"))


def archive(name: str = "word/document.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        zipped.writestr(name, HIDDEN)
    return out.getvalue()


FOREIGN: dict[str, Callable[[], bytes]] = {
    "gif": lambda: picture("GIF"),
    "gif-and-script": lambda: b"GIF89a/*" + picture("GIF")[6:] + b"*/=1;alert(1)",
    "bmp": lambda: picture("BMP"),
    "tiff": lambda: picture("TIFF"),
    "webp": lambda: picture("WEBP"),
    "avif": lambda: b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00avifmif1" + bytes(64),
    "fits": lambda: b"SIMPLE  =                    T" + bytes(2850),
    "svg-script": lambda: SVG % b"<script>alert(1)</script>",
    "svg-entity": lambda: (
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + SVG % b"<text>&x;</text>"
    ),
    "svg-remote": lambda: SVG % b"<use href='http://127.0.0.1:9/x#y'/>",
    "html": lambda: HTML,
    "html-before-pdf": lambda: HTML + pdfs.plain(),
    "zip": archive,
    "docx": archive,
    "zip-slip": lambda: archive("../../etc/cron.d/x"),
    "program": lambda: b"MZ\x90\x00" + bytes(200),
    "script": lambda: b"#!/bin/sh\nid\n",
    "text": lambda: "Attestation d’hébergement".encode(),
    "eicar": lambda: EICAR,
    "nulls": lambda: bytes(5000),
    "magic-only-cut": lambda: b"\x89PN",
}
OURS: dict[str, Callable[[], bytes]] = {
    "pdf": pdfs.plain,
    "jpg": picture,
    "png": png,
    "heic": phone_photo,
}

_WRONG_PAIRS = [
    *(
        Case(f"{what}.{ending}", NOT_OURS, build)
        for what, build in FOREIGN.items()
        for ending in ("pdf", "jpg", "png")
    ),
    *(
        Case(f"{what}-named.{ending}", NOT_OURS, build)
        for what, build in OURS.items()
        for ending in ("pdf", "jpg", "png", "heic", "svg", "html", "php", "pdf.exe")
        if what != ending
    ),
    Case("no-ending", NOT_OURS, pdfs.plain),
    *(Case(f"nothing.{ending}", EMPTY, bytes) for ending in OURS),
    *(Case(f"11-megabytes.{ending}", TOO_HEAVY, lambda: bytes(11 << 20)) for ending in OURS),
]
_PICTURES = [
    Case("photo.jpg", KEPT, picture),
    Case("PHOTO.JPEG", KEPT, picture),
    Case("progressive.jpg", KEPT, lambda: picture(progressive=True)),
    Case("grey.jpg", KEPT, lambda: picture(mode="L")),
    Case("printer-colours.jpg", KEPT, lambda: picture(mode="CMYK")),
    Case("located.jpg", KEPT, located_photo),
    Case("two-pictures.jpg", KEPT, two_pictures),
    Case("php-in-comment.jpg", KEPT, lambda: picture(comment=PHP)),
    Case("php-after-end.jpg", KEPT, lambda: picture() + PHP),
    Case("zip-after-end.jpg", KEPT, lambda: picture() + archive()),
    Case("phone.heic", KEPT, phone_photo),
    Case("phone.HEIF", KEPT, phone_photo),
    Case("html-after-end.heic", KEPT, lambda: phone_photo() + HTML),
    Case("half.heic", BAD_PICTURE, lambda: half_of(phone_photo((400, 300)))),
    Case("magic-only.heic", BAD_PICTURE, lambda: phone_photo()[:64]),
    Case("900-million-points.heic", TOO_MANY_PIXELS, boasting_photo),
    Case("virus.jpg", KEPT, lambda: picture(comment=EICAR)),
    Case("half.jpg", BAD_PICTURE, lambda: picture(size=(400, 300))[:-900]),
    Case("magic-only.jpg", BAD_PICTURE, lambda: b"\xff\xd8\xff\xe0" + bytes(40)),
    Case("scan.png", KEPT, lambda: picture("PNG")),
    Case("transparent.png", KEPT, lambda: picture("PNG", mode="RGBA")),
    Case("palette.png", KEPT, lambda: picture("PNG", mode="P", transparency=0)),
    Case("black-and-white.png", KEPT, lambda: picture("PNG", mode="1")),
    Case("html-after-end.png", KEPT, lambda: png() + HTML),
    Case("html-in-text.png", KEPT, lambda: png((b"tEXt", b"Comment\x00" + HTML))),
    Case("half.png", BAD_PICTURE, lambda: picture("PNG", (400, 300))[:-400]),
    Case("wrong-sum.png", BAD_PICTURE, lambda: png().replace(b"IHDR\x00", b"IHDR\x01")),
    Case("text-bomb.png", BAD_PICTURE, lambda: png((b"zTXt", b"a\x00\x00" + pdfs.bomb(64)))),
    Case("176-million-points.png", TOO_MANY_PIXELS, real_bomb),
    Case("900-million-points.png", TOO_MANY_PIXELS, lambda: png(width=30_000, height=30_000)),
    Case("widest.png", TOO_MANY_PIXELS, lambda: png(width=2**31 - 1, height=2**31 - 1)),
    Case("lying-header.png", BAD_PICTURE, lambda: png(width=6000, height=6000)),
]
_DOCUMENTS = [
    Case("plain.pdf", KEPT, pdfs.plain),
    Case("fifty-pages.pdf", KEPT, lambda: pdfs.plain(50)),
    Case("every-trap.pdf", KEPT, pdfs.with_every_trap),
    Case("filled-form.pdf", KEPT, pdfs.filled_form),
    Case("located-photo.pdf", KEPT, lambda: pdfs.with_photo(located_photo())),
    Case("attached-file.pdf", KEPT, pdfs.with_attachment),
    Case("owner-password.pdf", KEPT, lambda: pdfs.encrypted(user="", owner="secret")),
    Case("html-after-end.pdf", KEPT, lambda: pdfs.plain() + HTML),
    Case("zip-after-end.pdf", KEPT, lambda: pdfs.plain() + archive()),
    Case("offsets-off.pdf", KEPT, lambda: pdfs.plain().replace(b"startxref\n", b"startxref\n1")),
    Case("51-pages.pdf", TOO_MANY_PAGES, lambda: pdfs.plain(51)),
    Case("100000-pages.pdf", TOO_MANY_PAGES, lambda: pdfs.by_hand(kids=b"3 0 R " * 100_000)),
    Case("no-page.pdf", NO_PAGE, lambda: pdfs.by_hand(kids=b"")),
    Case("user-password.pdf", PASSWORD, lambda: pdfs.encrypted(user="ouvre-toi", owner="secret")),
    Case("half.pdf", BAD_DOCUMENT, lambda: pdfs.plain(9)[:1500]),
    Case("magic-only.pdf", BAD_DOCUMENT, lambda: b"%PDF-1.7\n"),
    Case("magic-and-end.pdf", BAD_DOCUMENT, lambda: b"%PDF-1.7\n%%EOF\n"),
    Case("noise.pdf", BAD_DOCUMENT, lambda: b"%PDF-1.7\n" + bytes(range(256)) * 20),
    Case("family-loop.pdf", BAD_DOCUMENT, lambda: pdfs.by_hand(kids=b"2 0 R")),
    Case("deep-arrays.pdf", BAD_DOCUMENT, lambda: pdfs.by_hand(kids=b"[" * 100_000)),
    Case("content-bomb.pdf", BAD_DOCUMENT, pdfs.with_content_bomb),
    Case("objects-bomb.pdf", NO_PAGE, pdfs.with_objects_bomb),
]
CORPUS = (*_WRONG_PAIRS, *_PICTURES, *_DOCUMENTS)


def write(folder: Path) -> None:
    """Write every file of the corpus, and the table of verdicts."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for case in CORPUS:
        (folder / case.name).write_bytes(case.build())
        lines.append(f"{case.name}\t{case.verdict or 'kept'}\n")
    (folder / "verdicts.tsv").write_text("".join(lines))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
