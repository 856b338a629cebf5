"""Pages of a kept PDF, drawn where nothing can be reached."""

import io
from datetime import UTC, datetime
from typing import Any

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import translation
from PIL import Image

from register import clock, preview
from register.models import AccessLog, AccessPurpose, StoredFile
from register.preview import page_count, reader_mark, stamped, thumbnail
from tests.factories import (
    make_demand,
    make_member,
    make_organisation,
    make_stored_file,
    make_user,
    principal_of,
)
from tests.faults.corpus import picture

pytestmark = pytest.mark.django_db


def document_of(*pages: tuple[int, int]) -> bytes:
    """A PDF with one page of each size, in points."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for size in pages:
            pdf.add_blank_page(page_size=size)
        pdf.save(out)
    return out.getvalue()


def kept(content: bytes) -> StoredFile:
    return make_stored_file(make_user(), content)


def page_picture(stored: StoredFile, page: int) -> bytes | None:
    return preview.page_picture(stored, page, "Lu par Camille")


def test_each_page_is_drawn_as_a_picture() -> None:
    stored = kept(document_of((595, 842), (842, 595)))
    assert page_count(stored) == 2
    shapes = []
    for page in (1, 2):
        picture = page_picture(stored, page)
        assert picture is not None
        with Image.open(io.BytesIO(picture)) as image:
            shapes.append(image.height > image.width)
    assert shapes == [True, False]


@pytest.mark.parametrize("page", [0, -1, 3])
def test_a_page_the_document_lacks_has_no_picture(page: int) -> None:
    assert page_picture(kept(document_of((595, 842), (595, 842))), page) is None


def test_a_page_ten_metres_long_is_drawn_small() -> None:
    picture = page_picture(kept(document_of((200, 14_000))), 1)
    assert picture is not None
    with Image.open(io.BytesIO(picture)) as image:
        assert max(image.size) <= 3_000


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 not really", b"\x00" * 5_000])
def test_what_cannot_be_read_has_no_page(content: bytes) -> None:
    stored = kept(content)
    assert page_count(stored) == 0
    assert page_picture(stored, 1) is None


def photo() -> StoredFile:
    stored = kept(picture("PNG", (2_400, 1_200), mode="RGBA"))
    stored.content_type = "image/png"
    return stored


def opened(content: bytes | None) -> Image.Image:
    assert content is not None
    return Image.open(io.BytesIO(content))


def test_a_picture_is_one_page_as_wide_as_a_page() -> None:
    stored = photo()
    assert (page_count(stored), page_picture(stored, 2)) == (1, None)
    assert opened(page_picture(stored, 1)).size == (1_200, 600)


def test_a_thumbnail_is_too_small_to_be_read() -> None:
    for stored in (photo(), kept(document_of((595, 842)))):
        assert opened(thumbnail(stored)).width == 120


def inked(drawn: Image.Image) -> int:
    """How many points of a blank page the mark covers."""
    return sum(drawn.convert("L").histogram()[:240])


def test_each_page_that_is_read_or_taken_bears_the_mark_and_stays_legible() -> None:
    blank = kept(document_of((595, 842), (842, 595)))
    copy = stamped(blank, "Lu par Camille")
    assert copy is not None
    taken = kept(copy[0])
    assert page_count(taken) == 2
    for page in (1, 2):
        whole = opened(preview.page_picture(blank, page, ""))
        assert inked(whole) == 0
        points = whole.width * whole.height
        for marked in (page_picture(blank, page), preview.page_picture(taken, page, "")):
            assert points / 200 < inked(opened(marked)) < points / 6


def test_the_same_copy_taken_twice_has_the_same_bytes() -> None:
    stored = kept(document_of((595, 842), (842, 595)))
    assert stamped(stored, "Lu par Camille") == stamped(stored, "Lu par Camille")


def test_a_picture_that_is_taken_is_marked_whole() -> None:
    copy = stamped(photo(), "Lu par Camille")
    assert copy is not None
    assert (opened(copy[0]).size, copy[1]) == ((2_400, 1_200), "image/jpeg")


def test_what_cannot_be_read_is_not_taken_unmarked() -> None:
    assert stamped(kept(b"%PDF-1.7 not really"), "Lu par Camille") is None


def test_the_mark_names_the_reader_her_organisation_and_the_hour() -> None:
    user = make_user(first_name="Łucja", last_name="Dupont-Lévêque")
    agent = make_member(make_organisation("gdh", name="Grand Dijon Habitat"), user=user)
    with clock.at(datetime(2026, 3, 18, 11, tzinfo=UTC)), translation.override("fr"):
        mark = reader_mark(principal_of(agent))
    assert mark == "Lu par Lucja Dupont-Lévêque, Grand Dijon Habitat, le 18/03/2026 12:00"


def test_a_file_that_left_the_store_has_no_page() -> None:
    stored = kept(document_of((595, 842)))
    stored.file.storage.delete(stored.file.name)
    assert (page_count(stored), page_picture(stored, 1)) == (0, None)


def test_an_agent_reads_the_pages_beside_the_declaration(rules: None, client: Any) -> None:
    demand = make_demand()
    document = demand.documents.get()
    document.stored_file.file.save("two", ContentFile(document_of((595, 842), (595, 842))))
    agent = make_member(make_organisation("bailleur-test"), "agent")
    client.force_login(agent.user)
    shown = client.get(reverse("desk:document", args=[demand.number, document.pk]))
    addresses = [
        reverse("desk:document_page", args=[demand.number, document.pk, page]) for page in (1, 2)
    ]
    assert all(f'src="{address}"' in shown.content.decode() for address in addresses)
    AccessLog.objects.all().delete()
    answer = client.get(addresses[1])
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    row = AccessLog.objects.get()
    assert (row.demand, row.purpose) == (demand, AccessPurpose.DOCUMENT)


def test_a_thumbnail_is_no_reading_of_the_document(rules: None, client: Any) -> None:
    demand, agent = make_demand(), make_member()
    document = demand.documents.get()
    client.force_login(agent.user)
    shown = client.get(reverse("desk:file", args=[demand.number]))
    address = reverse("desk:document_thumbnail", args=[demand.number, document.pk])
    assert f'src="{address}"' in shown.content.decode()
    AccessLog.objects.all().delete()
    assert client.get(address)["Content-Type"] == "image/jpeg"
    assert not AccessLog.objects.exists()


def test_what_no_antivirus_read_is_shown_and_not_handed_over(rules: None, client: Any) -> None:
    demand, agent = make_demand(), make_member()
    document = demand.documents.get()
    StoredFile.objects.update(scan_status="not_scanned")
    client.force_login(agent.user)
    at = [demand.number, document.pk]
    taken = reverse("desk:document_file", args=at)
    assert taken not in client.get(reverse("desk:document", args=at)).content.decode()
    assert client.get(reverse("desk:document_page", args=[*at, 1])).status_code == 200
    refused = client.get(taken)
    absent = client.get(reverse("desk:document_file", args=[demand.number, 10**6]))
    assert (refused.status_code, refused.content) == (404, absent.content)
