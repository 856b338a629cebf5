"""A full disk, a queue that is down: demand, draft and letters are not touched (F7, F9, R11)."""

import errno
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from huey.contrib.djhuey import HUEY

from exchange.delivery import deliver_pending
from exchange.effects.letter import write_letter
from register.models import EffectKind, OrganisationKind, Outbox, Role, StoredFile
from register.services import printing
from register.storage import PrivateStorage
from tests.factories import ONE_PAGE, make_demand, make_member, make_organisation, principal_of
from tests.faults.corpus import picture
from tests.faults.crowd import rows_of, somebody
from tests.portal.demand import IDENTITY, answers_of, photo, post, signed_in
from tests.register.demands import submit

pytestmark = pytest.mark.usefixtures("register")


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    return fill_disk(monkeypatch)


def fill_disk(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """From now on each file stops halfway; returns where the halves are written."""
    halves: list[Path] = []

    def stop_halfway(storage: PrivateStorage, name: str, content: Any, **_options: Any) -> str:
        path = Path(storage.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.read()[:100])
        halves.append(path)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(PrivateStorage, "save", stop_halfway)
    return halves


def test_a_full_disk_is_said_beside_the_file_of_the_draft(full_disk: list[Path]) -> None:
    client = signed_in()
    post(client, "identite", IDENTITY)
    page = post(client, "piece-identite", {"documents": photo()})
    assert page.status_code == 200
    assert "notre espace de stockage est indisponible" in page.content.decode()
    assert "No space left" not in page.content.decode()
    assert answers_of(client).value("identite", "birth_name") == "Dupont-Lévêque"
    assert answers_of(client).files == []
    assert not StoredFile.objects.exists()
    assert [path.exists() for path in full_disk] == [False]


def test_a_full_disk_leaves_the_registered_demand_as_it_was(full_disk: list[Path]) -> None:
    demand = make_demand(with_identity=False)
    before = rows_of(demand.account)
    client = signed_in(demand.account)
    upload = SimpleUploadedFile("avis.jpg", picture(), content_type="image/jpeg")
    page = client.post(
        f"/mon-espace/{demand.number}/documents/", {"kind": "tax_notice", "upload": upload}
    )
    assert page.status_code == 200
    assert "Réessayez dans quelques minutes" in page.content.decode()
    assert rows_of(demand.account) == before
    demand.refresh_from_db()
    assert demand.version == 1
    assert [path.exists() for path in full_disk] == [False]


def test_letters_put_together_wait_for_room_and_are_then_in_the_file_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(printing, "letter_of", lambda _letter: ONE_PAGE)
    body = make_organisation(kind=OrganisationKind.MANAGER)
    now = timezone.now()
    dates = {"created_at": now, "not_before": now, "done_at": now}
    for key in ("letter:1", "letter:2"):
        Outbox.objects.create(key=key, kind=EffectKind.LETTER, demand=make_demand(), **dates)
    run = printing.ask_run(principal=principal_of(make_member(body, Role.MANAGER)))
    assert run is not None
    with monkeypatch.context() as disk:
        halves = fill_disk(disk)
        with pytest.raises(OSError, match="space"):
            printing.take_turn()
    run.refresh_from_db()
    assert (run.done, run.upto, run.made_at, bool(run.file)) == (0, 0, None, False)
    assert [path.exists() for path in halves] == [False]
    assert not printing.take_turn()
    run.refresh_from_db()
    assert (run.done, run.made_at is not None) == (2, True)


def test_a_letter_that_finds_no_room_leaves_no_half_and_is_written_later(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path

    def half(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(Path, "write_bytes", half)
        with pytest.raises(OSError, match="space"):
            write_letter("key", "20261130-120000", ONE_PAGE)
    assert list((tmp_path / "letters").iterdir()) == []
    assert write_letter("key", "20261130-120000", ONE_PAGE).read_bytes() == ONE_PAGE


def test_the_whole_file_is_read_without_any_room_on_the_disk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    demand = make_demand()
    halves = fill_disk(monkeypatch)
    page = signed_in(demand.account).get(f"/mon-espace/{demand.number}/mon-dossier/")
    assert page.status_code == 200
    assert b"".join(page.streaming_content if page.streaming else [page.content])[:5] == b"%PDF-"
    assert halves == []


@pytest.mark.usefixtures("any_certificate")
def test_a_queue_that_is_down_neither_fails_nor_loses_a_submission(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def refused(*_arguments: Any, **_options: Any) -> None:
        asked.append("wake up")
        raise ConnectionRefusedError("redis")

    one = somebody()
    with monkeypatch.context() as queue:
        queue.setattr(HUEY, "_immediate", False)
        queue.setattr(HUEY.storage, "enqueue", refused)
        demand = submit(one.user, one.application, one.token)
    assert set(asked) == {"wake up"}
    waiting = Outbox.objects.exclude(kind="automation").get()
    assert (waiting.key, waiting.done_at) == (f"registration:{demand.number}", None)
    assert mail.outbox == []
    assert deliver_pending() == {"done": 2}
    assert [message.to for message in mail.outbox] == [[one.user.email]]
    assert deliver_pending() == {}


def test_a_wake_up_is_only_given_once_the_demand_is_really_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = []
    one = somebody()

    def look() -> None:
        found.append(
            Outbox.objects.exclude(kind="automation").filter(demand__account=one.user).count()
        )

    monkeypatch.setattr("register.services.outbox._wake_up_calls", [look])
    submit(one.user, one.application, one.token)
    submit(one.user, one.application, one.token)
    assert set(found) == {1}
