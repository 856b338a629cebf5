"""Pages of a kept PDF, drawn where nothing can be reached."""

import io
from typing import Any

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image

from register.models import AccessLog, AccessPurpose, StoredFile
from register.preview import page_count, page_picture
from tests.factories import make_demand, make_member, make_organisation, make_stored_file, make_user

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


def test_a_picture_is_not_drawn_again() -> None:
    stored = kept(document_of((595, 842)))
    stored.content_type = "image/png"
    assert (page_count(stored), page_picture(stored, 1)) == (0, None)


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
