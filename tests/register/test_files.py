"""Private files: random names away from the site's media, a right checked at each reading (R3)."""

import os
import time
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.http import Http404
from django.test import Client
from django.utils import timezone

from portal.models import Draft
from portal.tasks import forget_files
from register import codes
from register.errors import NotAllowed
from register.models import Demand, Role, StoredFile
from register.models.document import private_storage
from register.principals import ANONYMOUS, Principal
from register.services.files import delete_stored_file, open_stored_file, store_upload
from register.services.sweep import sweep_orphans
from tests.factories import (
    ONE_PAGE,
    make_demand,
    make_member,
    make_organisation,
    make_stored_file,
    make_user,
    principal_of,
)
from tests.faults.corpus import picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules", "own_store")]


def upload(name: str = "carte.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture())


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_file_is_kept_under_a_random_name_that_says_nothing(own_store: Path) -> None:
    user = make_user()
    stored = store_upload(principal=principal_of(user), upload=upload("carte de Camille.jpg"))
    (path,) = files_in(own_store)
    assert path.name == stored.pk.hex
    assert stored.pk.version == 4
    assert path.stat().st_mode & 0o777 == 0o600
    assert stored.original_name == "carte de Camille.jpg"
    assert stored.size == path.stat().st_size


def test_a_file_is_on_the_disk_for_good_before_its_row_says_so(
    own_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced, fsync = [], os.fsync

    def note(descriptor: int) -> None:
        synced.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")))
        assert not StoredFile.objects.exists()
        fsync(descriptor)

    monkeypatch.setattr("register.storage.os.fsync", note)
    stored = store_upload(principal=principal_of(make_user()), upload=upload())
    path = own_store / stored.file.name
    assert synced == [path, path.parent]


def test_two_people_sending_the_same_file_share_nothing(own_store: Path) -> None:
    first, second = (
        store_upload(principal=principal_of(make_user()), upload=upload()) for _ in "ab"
    )
    assert first.original_sha256 == second.original_sha256
    assert first.file.name != second.file.name
    assert len(files_in(own_store)) == 2


def test_the_private_store_is_no_part_of_what_the_web_server_serves() -> None:
    private = Path(configured.PRIVATE_ROOT)
    for public in (configured.MEDIA_ROOT, configured.STATIC_ROOT):
        assert Path(public) not in (private, *private.parents)
        assert private not in Path(public).parents
    stored = make_stored_file(make_user())
    with pytest.raises(ValueError, match="not accessible via a URL"):
        _ = stored.file.url
    assert Client().get(f"{configured.MEDIA_URL}{stored.file.name}").status_code == 404
    climbing = Client().get(f"{configured.MEDIA_URL}../private/{stored.file.name}")
    assert climbing.status_code in (400, 404)


def _absent(demand: Demand, agent: Principal) -> uuid.UUID:
    return uuid.uuid4()


def _of_a_stranger(demand: Demand, agent: Principal) -> uuid.UUID:
    return make_stored_file(make_user()).pk


def _infected(demand: Demand, agent: Principal) -> uuid.UUID:
    stored = demand.documents.get().stored_file
    StoredFile.objects.filter(pk=stored.pk).update(scan_status=codes.ScanStatus.INFECTED)
    return stored.pk


def _without_its_bytes(demand: Demand, agent: Principal) -> uuid.UUID:
    stored = demand.documents.get().stored_file
    stored.file.storage.delete(stored.file.name)
    return stored.pk


def _of_an_erased_demand(demand: Demand, agent: Principal) -> uuid.UUID:
    Demand.objects.update(state="erased", struck_off_on=date(2026, 1, 31))
    return demand.documents.get().stored_file_id


def _after_the_right_ended(demand: Demand, agent: Principal) -> uuid.UUID:
    agent.organisation.stock.update(homes=0)
    agent.facts  # noqa: B018  (computed at the next request, below)
    return demand.documents.get().stored_file_id


UNREADABLE = [
    _absent,
    _of_a_stranger,
    _infected,
    _without_its_bytes,
    _of_an_erased_demand,
    _after_the_right_ended,
]


@pytest.mark.parametrize("which", UNREADABLE)
def test_what_may_not_be_read_is_missing_in_the_same_way(
    which: Callable[[Demand, Principal], uuid.UUID],
) -> None:
    demand = make_demand()
    agent = principal_of(make_member())
    identifier = which(demand, agent)
    with pytest.raises(Http404) as refusal:
        open_stored_file(principal=agent, stored_file_id=identifier)
    assert refusal.value.args == ()


def test_the_bytes_open_for_whom_the_rules_say(own_store: Path) -> None:
    demand = make_demand()
    identifier = demand.documents.get().stored_file_id
    for reader in (principal_of(demand.account), principal_of(make_member())):
        _stored, content = open_stored_file(principal=reader, stored_file_id=identifier)
        with content:
            assert content.read() == ONE_PAGE
    for stranger in (
        ANONYMOUS,
        principal_of(make_user()),
        principal_of(make_member(role=Role.READER)),
    ):
        with pytest.raises(Http404):
            open_stored_file(principal=stranger, stored_file_id=identifier)


def test_until_it_is_attached_a_file_is_its_sender_s_alone() -> None:
    sender = make_user()
    stored = make_stored_file(sender)
    open_stored_file(principal=principal_of(sender), stored_file_id=stored.pk)[1].close()
    for other in (principal_of(make_user()), principal_of(make_member())):
        with pytest.raises(Http404):
            open_stored_file(principal=other, stored_file_id=stored.pk)


def _pages(demand: Demand, agent: Any) -> dict[str, tuple[Client, str]]:
    document = demand.documents.get()
    mine = make_stored_file(demand.account)
    applicant, desk = signed_in(demand.account), signed_in(agent.user)
    return {
        "desk": (desk, f"/bureau/dossiers/{demand.number}/documents/{document.pk}/fichier/"),
        "space": (
            applicant,
            f"/mon-espace/{demand.number}/documents/{document.stored_file_id}/",
        ),
        "draft": (applicant, f"/demande/piece-identite/fichier/{mine.pk}/"),
    }


@pytest.mark.parametrize("room", ["desk", "space", "draft"])
def test_a_private_file_is_downloaded_sandboxed_and_kept_by_no_cache(room: str) -> None:
    demand, agent = make_demand(), make_member()
    client, address = _pages(demand, agent)[room]
    response = client.get(address)
    assert response.status_code == 200, address
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert "no-store" in response.headers["Cache-Control"]
    assert "ETag" not in response.headers
    content = b"".join(response.streaming_content) if response.streaming else response.content
    # A partner's copy bears her name; one's own file is as it was kept.
    assert (content == ONE_PAGE) is (room != "desk")


@pytest.mark.parametrize("room", ["desk", "space", "draft"])
def test_foreign_absent_and_infected_files_answer_with_the_same_page(room: str) -> None:
    demand, agent = make_demand(), make_member()
    client, address = _pages(demand, agent)[room]
    identifier = address.rstrip("/").removesuffix("/fichier").rpartition("/")[2]
    nowhere = "999999" if identifier.isdecimal() else str(uuid.uuid4())
    absent = address.replace(f"/{identifier}/", f"/{nowhere}/")
    stranger = signed_in(make_member(make_organisation(homes=0)).user)
    for visitor, is_infected in ((stranger, False), (client, True)):
        status = codes.ScanStatus.INFECTED if is_infected else codes.ScanStatus.CLEAN
        StoredFile.objects.update(scan_status=status)
        refused, unknown = visitor.get(address), visitor.get(absent)
        assert (refused.status_code, unknown.status_code) == (404, 404)
        assert refused.content == unknown.content


def test_only_the_sender_deletes_a_file_and_only_until_it_is_attached(own_store: Path) -> None:
    demand = make_demand()
    attached = demand.documents.get().stored_file
    delete_stored_file(principal=principal_of(demand.account), stored_file_id=attached.pk)
    mine = make_stored_file(demand.account)
    delete_stored_file(principal=principal_of(make_user()), stored_file_id=mine.pk)
    assert StoredFile.objects.count() == len(files_in(own_store)) == 2
    delete_stored_file(principal=principal_of(demand.account), stored_file_id=mine.pk)
    assert StoredFile.objects.count() == len(files_in(own_store)) == 1


def test_somebody_signed_out_sends_nothing(own_store: Path) -> None:
    with pytest.raises(NotAllowed):
        store_upload(principal=ANONYMOUS, upload=upload())
    assert files_in(own_store) == []


def test_a_row_that_cannot_be_written_takes_its_file_back(
    own_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_arguments: Any, **_options: Any) -> None:
        raise DatabaseError("database is locked")

    monkeypatch.setattr(StoredFile, "save", busy)
    with pytest.raises(DatabaseError):
        store_upload(principal=principal_of(make_user()), upload=upload())
    assert files_in(own_store) == []


def _age(path: Path, days: int) -> None:
    past = time.time() - days * 86_400
    os.utime(path, (past, past))


def test_a_file_without_a_row_is_swept_once_it_is_old(own_store: Path) -> None:
    kept = make_demand().documents.get().stored_file
    storage = private_storage()
    for name in ("ab/orphan", "ab/upload-under-way", "deep/er/orphan"):
        storage.save(name, ContentFile(b"personal"))
    for path in files_in(own_store):
        if path.name != "upload-under-way":
            _age(path, days=2)
    assert sweep_orphans(older_than=timedelta(days=1)) == 2
    assert {path.name for path in files_in(own_store)} == {kept.file.name, "upload-under-way"}
    assert sweep_orphans(older_than=timedelta(days=1)) == 0


def test_sweeping_an_empty_store_is_no_event() -> None:
    assert sweep_orphans(older_than=timedelta(0)) == 0


def test_a_file_no_draft_and_no_demand_names_is_forgotten(own_store: Path) -> None:
    demand = make_demand()
    named, forgotten, recent = (make_stored_file(demand.account) for _ in range(3))
    kept = {"id": str(named.pk), "name": "carte.pdf", "size": 13}
    Draft.objects.create(
        user=demand.account,
        updated_at=timezone.now(),
        answers={"piece-identite": {"files": [kept]}},
    )
    old = timezone.now() - timedelta(days=2)
    StoredFile.objects.exclude(pk=recent.pk).update(uploaded_at=old)
    forget_files()
    assert not StoredFile.objects.filter(pk=forgotten.pk).exists()
    assert StoredFile.objects.count() == len(files_in(own_store)) == 3
