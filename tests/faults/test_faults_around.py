"""A full disk, a queue that is down: the demand and its draft are not touched (F7, F9, R11)."""

import errno
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from huey.contrib.djhuey import HUEY

from exchange.delivery import deliver_pending
from register.models import Outbox, StoredFile
from register.storage import PrivateStorage
from tests.factories import make_demand
from tests.faults.corpus import picture
from tests.faults.crowd import rows_of, somebody
from tests.portal.demand import IDENTITY, answers_of, photo, post, signed_in
from tests.register.demands import submit

pytestmark = pytest.mark.usefixtures("register")


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Each file stops halfway; returns where the halves were written."""
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
