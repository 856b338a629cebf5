"""A file sent piece by piece: a cut costs one piece, nothing arrives twice or stays (R4)."""

import errno
import os
import subprocess
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from register.models import Demand, StoredFile, Upload, UploadPiece
from register.models.document import private_storage
from register.services import pieces
from register.services.files import store_upload
from register.services.sweep import sweep_orphans
from register.storage import PrivateStorage
from tests.factories import make_demand, make_user, principal_of
from tests.faults.corpus import picture
from tests.portal.demand import IDENTITY, answers_of, post, signed_in

pytestmark = pytest.mark.usefixtures("register", "own_store")
BEGIN = "/demande/envois/"
PHOTO = picture("PNG", (900, 700))
STEP = len(PHOTO) // 3 + 1


def begin(client: Client, content: bytes = PHOTO, **changed: Any) -> Any:
    told = {"name": "carte.png", "size": len(content), "fingerprint": "0123456789abcdef"}
    return client.post(BEGIN, {**told, **changed})


def send(client: Client, upload: str, offset: int, content: bytes) -> Any:
    return client.post(
        f"{BEGIN}{upload}/",
        content,
        content_type="application/octet-stream",
        headers={"Upload-Offset": str(offset)},
    )


def send_all(client: Client, content: bytes = PHOTO) -> str:
    begun = begin(client, content).json()
    for offset in range(begun["offset"], len(content), STEP):
        answer = send(client, begun["id"], offset, content[offset : offset + STEP])
        assert answer.json() == {"offset": min(offset + STEP, len(content))}
    return str(begun["id"])


def kept_pieces() -> list[str]:
    folder = Path(private_storage().path("pieces"))
    return [path.name for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def client() -> Client:
    found = signed_in()
    post(found, "identite", IDENTITY)
    return found


def test_a_file_sent_in_pieces_is_kept_like_any_other(client: Client) -> None:
    upload = send_all(client)
    page = post(client, "piece-identite", {"arrived": upload, "intent": "add"})
    assert page.status_code == 302
    assert [each["name"] for each in answers_of(client).files] == ["carte.png"]
    assert not UploadPiece.objects.exists()
    assert kept_pieces() == []


def test_after_a_cut_it_goes_on_where_it_stopped(client: Client) -> None:
    begun = begin(client).json()
    assert begun["offset"] == 0
    send(client, begun["id"], 0, PHOTO[:STEP])
    again = begin(client)
    assert (again.status_code, again.json()) == (201, {"id": begun["id"], "offset": STEP})
    assert client.get(f"{BEGIN}{begun['id']}/").json() == {"offset": STEP}
    send_all(client)
    assert Upload.objects.count() == 1
    assert post(client, "piece-identite", {"arrived": begun["id"], "intent": "add"})
    assert len(answers_of(client).files) == 1


def test_a_piece_sent_twice_or_out_of_place_changes_nothing(client: Client) -> None:
    upload = begin(client).json()["id"]
    for _time in range(2):
        assert send(client, upload, 0, PHOTO[:STEP]).json() == {"offset": STEP}
    assert send(client, upload, 2 * STEP, PHOTO[2 * STEP :]).json() == {"offset": STEP}
    assert UploadPiece.objects.count() == len(kept_pieces()) == 1


def test_two_tabs_that_send_the_same_piece_leave_one(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = begin(client).json()["id"]
    send(client, upload, 0, PHOTO[:STEP])
    with monkeypatch.context() as both:
        both.setattr(pieces, "arrived", lambda _upload: 0)
        assert send(client, upload, 0, PHOTO[:STEP]).status_code == 200
    assert UploadPiece.objects.count() == len(kept_pieces()) == 1


def test_a_page_sent_twice_keeps_the_file_once(client: Client) -> None:
    upload = send_all(client)
    for _click in range(2):
        assert post(client, "piece-identite", {"arrived": upload, "intent": "add"}).status_code
    assert len(answers_of(client).files) == StoredFile.objects.count() == 1


def test_the_same_file_sent_again_is_not_added_again(client: Client) -> None:
    for fingerprint in ("a" * 16, "b" * 16):
        begun = begin(client, fingerprint=fingerprint).json()
        for offset in range(0, len(PHOTO), STEP):
            send(client, begun["id"], offset, PHOTO[offset : offset + STEP])
        post(client, "piece-identite", {"arrived": begun["id"], "intent": "add"})
    assert len(answers_of(client).files) == StoredFile.objects.count() == 1


def test_a_file_that_is_not_whole_is_said_and_what_arrived_stays(client: Client) -> None:
    upload = begin(client).json()["id"]
    send(client, upload, 0, PHOTO[:STEP])
    page = post(client, "piece-identite", {"arrived": upload, "intent": "add"})
    assert "reprend" in page.content.decode()
    assert answers_of(client).files == []
    assert begin(client).json()["offset"] == STEP


def test_an_upload_of_somebody_else_is_as_absent_as_one_that_never_was(client: Client) -> None:
    upload = send_all(client)
    stranger = signed_in(make_user())
    for ask in (
        lambda who, which: who.get(f"{BEGIN}{which}/"),
        lambda who, which: send(who, which, 0, PHOTO[:STEP]),
        lambda who, which: post(who, "piece-identite", {"arrived": which, "intent": "add"}),
    ):
        foreign, absent = ask(stranger, upload), ask(stranger, str(uuid.uuid4()))
        assert (foreign.status_code, foreign.content) == (404, absent.content)
    assert Client().get(f"{BEGIN}{upload}/").status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [{"size": 11 << 20}, {"size": 0}, {"size": "x"}, {"size": ""}, {"fingerprint": "../x"}],
)
def test_what_cannot_be_sent_is_said_before_it_is_sent(
    wrong: dict[str, Any], client: Client
) -> None:
    answer = begin(client, **wrong)
    assert answer.status_code == 422
    assert answer.json()["problem"]
    assert not Upload.objects.exists()


def test_a_piece_larger_than_told_and_too_many_files_are_refused(client: Client) -> None:
    upload = begin(client, size=10).json()["id"]
    for content in (b"x" * 11, b""):
        assert send(client, upload, 0, content).status_code == 422
    assert kept_pieces() == []
    for place in range(pieces.MAX_BEGUN):
        last = begin(client, fingerprint=f"{place:016x}")
    assert last.status_code == 422


def test_a_full_disk_is_said_and_leaves_no_half_piece(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = begin(client).json()["id"]
    send(client, upload, 0, PHOTO[:STEP])

    def full(storage: PrivateStorage, name: str, content: Any, **_options: Any) -> str:
        path = Path(storage.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.read()[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(PrivateStorage, "save", full)
        answer = send(client, upload, STEP, PHOTO[STEP : 2 * STEP])
    assert answer.status_code == 507
    assert "espace de stockage" in answer.json()["problem"]
    assert len(kept_pieces()) == 1
    send_all(client)


def test_pieces_are_no_orphans_until_nobody_came_back(client: Client) -> None:
    upload = begin(client).json()["id"]
    send(client, upload, 0, PHOTO[:STEP])
    assert sweep_orphans(older_than=timedelta()) == 0
    assert pieces.sweep(older_than=timedelta(days=1)) == 0
    assert pieces.sweep(older_than=timedelta()) == 1
    assert kept_pieces() == []


def test_in_the_space_a_file_that_arrived_survives_a_forgotten_answer() -> None:
    demand: Demand = make_demand(with_identity=False)
    client = signed_in(demand.account)
    upload, address = send_all(client), f"/mon-espace/{demand.number}/documents/"
    page = client.post(address, {"arrived": upload})
    assert f'name="arrived" value="{upload}"' in page.content.decode()
    sent = {"arrived": upload, "kind": "tax_notice"}
    for _click in range(2):
        assert client.post(address, sent).status_code == 302
    assert demand.documents.count() == 1
    assert kept_pieces() == []


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk takes root")
def test_on_a_disk_that_is_truly_full_nothing_half_stored_is_left(
    tmp_path: Path, settings: Any
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], check=False
    )
    if mounted.returncode:
        pytest.skip("no small disk can be mounted here")
    field = StoredFile._meta.get_field("file")
    original, field.storage = field.storage, PrivateStorage(location=disk)
    large = SimpleUploadedFile("carte.png", picture("PNG", (1200, 1200)))
    noise = picture("JPEG", (600, 600), quality=95)
    try:
        sender = principal_of(make_user())
        (disk / "filling").write_bytes(bytes(60 * 1024))
        with pytest.raises(OSError, match="space"):
            store_upload(principal=sender, upload=large)
        assert not StoredFile.objects.exists()
        assert [path for path in disk.rglob("*") if path.is_file()] == [disk / "filling"]
        (disk / "filling").unlink()
        assert store_upload(principal=sender, upload=SimpleUploadedFile("a.jpg", noise)).size
    finally:
        field.storage = original
        subprocess.run(["umount", str(disk)], check=False)
