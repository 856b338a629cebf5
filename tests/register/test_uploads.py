"""Uploads: a declared verdict for each file, and nothing hidden left in what is kept (R4)."""

import hashlib
import io
import re
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from register import cell_child, uploads_child
from register.errors import UploadRefused
from register.models import StoredFile
from register.services.files import store_upload
from register.uploads import CheckedUpload, inspect_upload, safe_name
from tests.factories import make_user, principal_of
from tests.faults import corpus, pdfs
from tests.faults.corpus import CORPUS, KEPT, Case, located_photo, picture

ACTIVE = (
    b"/JavaScript",
    b"/JS",
    b"/OpenAction",
    b"/AA",
    b"/Launch",
    b"/EmbeddedFile",
    b"/AcroForm",
    b"/XFA",
    b"/Annots",
    b"/Metadata",
    b"/Author",
    b"<script",
    b"<?php",
    b"PK\x03\x04",
    b"Exif\x00",
    b"xmpmeta",
    pdfs.HIDDEN,
)


def _inspect(name: str, content: bytes) -> CheckedUpload:
    return inspect_upload(SimpleUploadedFile(name, content))


def _unpacked(content: bytes, content_type: str = "application/pdf") -> bytes:
    """All the bytes kept, with the streams of a PDF written in clear."""
    if content_type != "application/pdf":
        return content
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(
            out,
            qdf=True,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("case", CORPUS, ids=str)
def test_each_file_of_the_corpus_gets_its_verdict(case: Case) -> None:
    content, sender = case.build(), principal_of(make_user())
    upload = SimpleUploadedFile(case.name, content)
    if case.verdict == KEPT:
        stored = store_upload(principal=sender, upload=upload)
        kept = stored.file.open("rb").read()
        clear = _unpacked(kept, stored.content_type)
        assert [mark for mark in ACTIVE if mark in clear] == []
        assert stored.original_sha256 == hashlib.sha256(content).hexdigest()
        return
    with translation.override("en"):
        with pytest.raises(UploadRefused) as refusal:
            store_upload(principal=sender, upload=upload)
        assert str(refusal.value.message) == case.verdict
    assert not StoredFile.objects.exists()


def test_the_photo_of_a_phone_is_kept_as_what_everybody_opens() -> None:
    checked = _inspect("IMG_0042.HEIC", corpus.phone_photo())
    assert (checked.content_type, checked.safe_name) == ("image/jpeg", "IMG_0042.jpg")
    with Image.open(io.BytesIO(checked.content)) as kept:
        assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (120, 80), {})


def test_the_corpus_is_as_wide_as_promised() -> None:
    assert len(CORPUS) >= 90
    assert len({case.name for case in CORPUS}) == len(CORPUS)


def test_a_photo_keeps_its_pixels_upright_and_nothing_else() -> None:
    original = located_photo()
    with Image.open(io.BytesIO(original)) as photo:
        assert photo.size == (120, 80)
        assert photo.getexif().get_ifd(0x8825)
    with Image.open(io.BytesIO(_inspect("photo.jpg", original).content)) as kept:
        assert kept.size == (80, 120)
        assert dict(kept.getexif()) == {}
        assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_scan_in_65536_greys_stays_readable() -> None:
    scan = io.BytesIO()
    Image.new("I;16", (20, 20), 40_000).save(scan, "PNG")
    with Image.open(io.BytesIO(_inspect("scan.png", scan.getvalue()).content)) as kept:
        assert kept.mode == "L"
        assert kept.getpixel((0, 0)) == 40_000 // 256


def test_what_was_typed_in_a_form_stays_visible_though_the_form_goes() -> None:
    clear = _unpacked(_inspect("cerfa.pdf", pdfs.filled_form()).content)
    assert pdfs.SHOWN.encode() in clear


def test_the_pages_of_a_document_are_all_kept_in_order() -> None:
    clear = _unpacked(_inspect("bail.pdf", pdfs.plain(3)).content)
    assert re.findall(rb"\(Page (\d)\)", clear) == [b"1", b"2", b"3"]


def test_the_same_file_is_kept_with_the_same_bytes() -> None:
    first, second = (_inspect("bail.pdf", pdfs.with_every_trap()) for _ in range(2))
    assert first.content == second.content


READ = """
import sys
sys.path.append(sys.argv[1])
from register import cell_child, uploads_child
uploads_child.prepare(sys.argv[2])
cell_child.confine()
sys.exit(uploads_child.answer(sys.argv[2]))
"""
MEASURE = """
import resource, subprocess, sys
with open(sys.argv[1], "rb") as sent:
    child = subprocess.run(sys.argv[2:], stdin=sent, stdout=subprocess.PIPE, env={})
print(child.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def _run_child(content: bytes, content_type: str, folder: Path) -> tuple[int, int]:
    """Exit code of the child, and the most memory it took, in megabytes."""
    sent = folder / "upload"
    sent.write_bytes(content)
    root = Path(uploads_child.__file__).parents[1]
    child = [sys.executable, "-I", "-c", READ, str(root), content_type]
    # From a small process: the kernel counts the memory of whoever starts the child as its own.
    measured = subprocess.run(
        [sys.executable, "-I", "-c", MEASURE, str(sent), *child], capture_output=True, text=True
    )
    code, memory = measured.stdout.split()
    return int(code), int(memory)


def test_a_picture_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    content = corpus.real_bomb()
    assert len(content) < 600_000
    code, memory = _run_child(content, "image/png", tmp_path)
    assert code == uploads_child.Verdict.TOO_MANY_PIXELS
    # Decoded, it would take 176 MB more than a small picture does.
    small = _run_child(picture("PNG"), "image/png", tmp_path)[1]
    assert memory < small + 20


def test_a_document_bomb_ends_its_own_process_only(tmp_path: Path) -> None:
    code, memory = _run_child(pdfs.with_content_bomb(), "application/pdf", tmp_path)
    assert code != uploads_child.Verdict.REWRITTEN
    assert memory < cell_child.MEMORY_LIMIT // 1024**2


@pytest.mark.slow
def test_the_largest_photo_allowed_fits_in_the_child(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    content = picture(size=(7_700, 5_190), progressive=True, subsampling=0, exif=exif)
    code, memory = _run_child(content, "image/jpeg", tmp_path)
    assert code in {uploads_child.Verdict.REWRITTEN, *uploads_child.DOUBTS}
    assert memory < 512


NAMES = {
    "carte.pdf": "carte.pdf",
    "Pièce d’identité – recto.PDF": "Pièce d’identité – recto.PDF",
    "../../etc/passwd.pdf": "passwd.pdf",
    "C:\\Users\\moi\\carte.jpg": "carte.jpg",
    "carte\x00.exe.pdf": "carte.exe.pdf",
    "\u202egpj.exe.pdf": "gpj.exe.pdf",
    "carte\r\nSet-Cookie: a=b.pdf": "carteSet-Cookie_ a=b.pdf",
    "carte\u2028ligne.pdf": "carteligne.pdf",
    "carte\u200b\ufeff.pdf": "carte.pdf",
    '"><script>.pdf': "_script_.pdf",
    "carte\ud800.pdf": "carte.pdf",
    "con.pdf": "con.pdf",
    "👩‍👧 carte 🏠.pdf": "👩👧 carte 🏠.pdf",
    "e\u0301te\u0301.pdf": "e\u0301te\u0301.pdf",
    "....pdf": "pdf",
    "": "document",
    "///": "document",
    "sans-extension": "sans-extension",
    "=cmd|' /C calc'!A0.pdf": "C calc'!A0.pdf",
    "%0d%0a.pdf": "_0d_0a.pdf",
}


@pytest.mark.parametrize(("sent", "shown"), NAMES.items())
def test_a_file_name_is_shown_as_one_honest_line(sent: str, shown: str) -> None:
    assert safe_name(sent) == shown


def test_a_name_of_300_characters_keeps_its_ending() -> None:
    assert safe_name("é" * 296 + ".pdf") == "é" * 90 + ".pdf"


@given(st.text(max_size=300))
def test_no_name_holds_a_path_a_control_character_or_too_many_letters(name: str) -> None:
    shown = safe_name(name)
    assert 0 < len(shown) <= 100
    assert not set(shown) & set('/\\<>"|?*\r\n\x00\u2028\u2029\u202e')
    assert shown.isprintable() or " " in shown or "\u3000" in shown or "\xa0" in shown
