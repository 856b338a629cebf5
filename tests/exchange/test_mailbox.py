"""The letter-box of the demonstration: readable, robust, absent elsewhere."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage, get_connection
from django.test import Client

from exchange import mailbox

pytestmark = pytest.mark.django_db
PAGE = "/demo/courrier/"


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.EMAIL_FILE_PATH.mkdir()
    return tmp_path


def write_mail(subject: str = "Confirmez votre adresse", **extra: Any) -> None:
    backend = get_connection("django.core.mail.backends.filebased.EmailBackend")
    body = "Bonjour,\nsuivez http://127.0.0.1:8000/compte/confirm-email/abc/ <b>é</b>"
    message = EmailMessage(subject, body, to=["camille@example.org"], connection=backend, **extra)
    message.attach("attestation.pdf", b"%PDF-1.7 x", "application/pdf")
    message.send()


def test_a_mail_is_listed_and_its_link_can_be_followed(folder: Path, client: Client) -> None:
    write_mail()
    page = client.get(PAGE).content.decode()
    assert "Confirmez votre adresse" in page
    assert "camille@example.org" in page
    item = mailbox.read_all()[0]
    detail = client.get(f"{PAGE}{item.key}/").content.decode()
    assert 'href="http://127.0.0.1:8000/compte/confirm-email/abc/"' in detail
    assert "&lt;b&gt;é&lt;/b&gt;" in detail


def test_an_attached_file_is_downloaded_never_shown(folder: Path, client: Client) -> None:
    write_mail()
    item = mailbox.read_all()[0]
    response = client.get(f"{PAGE}{item.key}/0/")
    assert response.content == b"%PDF-1.7 x"
    assert response["Content-Disposition"] == 'attachment; filename="attestation.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert client.get(f"{PAGE}{item.key}/1/").status_code == 404


def test_letters_stand_beside_the_mails_newest_first(folder: Path, client: Client) -> None:
    write_mail("Ancien")
    (folder / "letters").mkdir()
    letter = folder / "letters" / "20261122-101500-abc.pdf"
    letter.write_bytes(b"%PDF-1.7 letter")
    os.utime(letter, (2_000_000_000, 2_000_000_000))
    items = mailbox.read_all()
    assert [item.is_letter for item in items] == [True, False]
    assert client.get(f"{PAGE}{items[0].key}/0/").content == b"%PDF-1.7 letter"


def test_strange_files_do_not_break_the_page(folder: Path, client: Client) -> None:
    mails = folder / "mail"
    (mails / "20260101-000000-1.log").write_bytes(b"\xff\xfe\x00" * 50)
    (mails / "20260101-000000-2.log").write_bytes(b"")
    (mails / "20260101-000000-3.log").write_bytes(
        b"Content-Type: text/plain; charset=no-such-charset\nDate: hier\n\nx"
    )
    (mails / "20260101-000000-4.log").mkdir()
    (mails / "20260101-000000-5.log").symlink_to("/etc/passwd")
    (mails / "notes.txt").write_text("x")
    write_mail()
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "Confirmez votre adresse" in page.content.decode()
    assert "root:" not in page.content.decode()


@pytest.mark.parametrize(
    "key", ["..%2f..%2fetc%2fpasswd", "....", "20260101-000000-1.log", "0" * 24]
)
def test_no_path_can_be_asked_for(key: str, folder: Path, client: Client) -> None:
    write_mail()
    assert client.get(f"{PAGE}{key}/").status_code == 404
    assert client.get(f"{PAGE}{key}/0/").status_code == 404


def test_without_any_mail_the_page_says_what_to_do(folder: Path, client: Client) -> None:
    assert client.get(PAGE).status_code == 200


def test_outside_a_demonstration_there_is_no_letter_box(
    folder: Path, client: Client, settings: Any
) -> None:
    write_mail()
    key = mailbox.read_all()[0].key
    settings.DEMO = False
    missing = client.get("/demo/nothing-here/")
    for path in (PAGE, f"{PAGE}{key}/", f"{PAGE}{key}/0/"):
        response = client.get(path)
        assert response.status_code == 404
        assert response.content == missing.content
