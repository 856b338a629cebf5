"""What the antivirus refuses is kept by nobody; what it did not read, or reads late (R5)."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.utils import timezone

from register import access, antivirus, codes
from register.errors import SubmissionRefused, UploadRefused
from register.models import Document, EventKind, Outbox, StoredFile
from register.selectors.scans import to_scan_again
from register.selectors.space import pieces_to_send
from register.services import scanning
from register.services.documents import verify_document
from register.services.files import may_leave, open_stored_file, store_upload
from tests.factories import (
    make_commune,
    make_counter,
    make_demand,
    make_member,
    make_organisation,
    make_stored_file,
    make_user,
    principal_of,
)
from tests.faults.clamd import clamd
from tests.faults.corpus import picture
from tests.faults.crowd import somebody
from tests.register.demands import submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
VIRUS = b"harmless-token-that-the-private-base-calls-a-virus"


@pytest.fixture
def answering(tmp_path: Path, settings: Any) -> Iterator[str]:
    with clamd(tmp_path, VIRUS) as place:
        settings.CLAMD = place
        yield place


def sent(content: bytes = b"") -> StoredFile:
    upload = SimpleUploadedFile("carte.jpg", content or picture())
    return store_upload(principal=principal_of(make_user()), upload=upload)


def test_a_file_is_read_as_it_was_sent_and_said_to_be_clean(answering: str) -> None:
    stored = sent()
    assert (stored.scan_status, may_leave(stored)) == (codes.ScanStatus.CLEAN, True)
    assert stored.scanned_at is not None


def test_a_file_that_the_antivirus_refuses_is_not_kept(answering: str) -> None:
    with pytest.raises(UploadRefused, match="antivirus"):
        sent(picture(comment=VIRUS))
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("where", ["", "/nowhere/clamd.sock", "127.0.0.1:9"])
def test_without_an_answer_a_file_is_accepted_and_said_not_to_be_scanned(
    where: str, settings: Any
) -> None:
    settings.CLAMD = where
    stored = sent(picture(comment=VIRUS))
    assert (stored.scan_status, stored.scanned_at) == (codes.ScanStatus.NOT_SCANNED, None)
    assert not may_leave(stored)
    assert scanning.take_turn() is False
    assert StoredFile.objects.get().scanned_at is None


def test_what_was_missed_is_read_later_and_all_again_after_a_month(answering: str) -> None:
    demand = make_demand()
    old = demand.documents.get().stored_file
    StoredFile.objects.update(scanned_at=timezone.now() - timedelta(days=31))
    missed, recent = sent(), sent()
    long_ago = timezone.now() - timedelta(days=29)
    StoredFile.objects.filter(pk=missed.pk).update(scan_status="not_scanned", scanned_at=None)
    StoredFile.objects.filter(pk=recent.pk).update(scanned_at=long_ago)
    assert scanning.take_turn() is False
    found = {row.pk: row for row in StoredFile.objects.all()}
    assert found[missed.pk].scan_status == codes.ScanStatus.CLEAN
    assert found[old.pk].scanned_at > long_ago
    assert found[recent.pk].scanned_at == long_ago


def infect(stored: StoredFile) -> None:
    stored.file.storage.delete(stored.file.name)
    stored.file.save(stored.file.name, ContentFile(VIRUS), save=False)
    row = StoredFile.objects.filter(pk=stored.pk)
    row.update(scan_status="not_scanned", scanned_at=None, file=stored.file.name)


def test_an_infected_document_is_opened_by_nobody_and_its_sender_is_told(answering: str) -> None:
    demand = make_demand()
    document = demand.documents.get()
    infect(document.stored_file)
    scanning.take_turn()
    document.refresh_from_db()
    assert document.status == codes.DocumentStatus.REFUSED
    event = demand.events.last()
    assert (event.kind, event.user) == (EventKind.DOCUMENT_REFUSED, None)
    assert "antivirus" in event.text
    assert Outbox.objects.filter(key=f"event:{event.pk}").exists()
    for reader in (demand.account, make_member()):
        with pytest.raises(Http404):
            open_stored_file(principal=principal_of(reader), stored_file_id=document.stored_file_id)


def test_an_infected_scan_of_the_desk_is_told_to_whoever_made_it_and_not_to_the_applicant(
    answering: str,
) -> None:
    demand, member = make_demand(), make_member()
    agent, neighbour = principal_of(member), principal_of(make_member(make_organisation("autre")))
    document = demand.documents.get()
    Document.objects.filter(pk=document.pk).update(put_in_by=member.organisation)
    infect(document.stored_file)
    scanning.take_turn()
    document.refresh_from_db()
    assert document.status == codes.DocumentStatus.REFUSED
    event = demand.events.last()
    assert (event.kind, event.is_public) == (EventKind.DOCUMENT_REFUSED, False)
    assert not Outbox.objects.filter(key=f"event:{event.pk}").exists()
    own = access.fields(principal_of(demand.account), demand)
    assert pieces_to_send(demand, own) == [], "she has nothing to send"
    assert to_scan_again(agent) == [document]
    assert to_scan_again(neighbour) == []
    again = make_stored_file(member.user)
    Document.objects.create(
        demand=demand,
        kind=document.kind,
        paper=document.paper,
        stored_file=again,
        added_at=timezone.now(),
        put_in_by=member.organisation,
    )
    assert to_scan_again(agent) == []


def test_what_an_agent_had_checked_stays_checked(answering: str) -> None:
    demand = make_demand()
    document = demand.documents.get()
    verify_document(principal=principal_of(make_member()), demand=demand, document=document)
    infect(document.stored_file)
    scanning.take_turn()
    document.refresh_from_db()
    assert document.status == codes.DocumentStatus.VERIFIED
    assert document.stored_file.scan_status == codes.ScanStatus.INFECTED


def test_an_infected_file_of_a_draft_is_not_sent_with_it() -> None:
    make_counter()
    make_commune()
    one = somebody()
    StoredFile.objects.update(scan_status=codes.ScanStatus.INFECTED)
    with pytest.raises(SubmissionRefused):
        submit(one.user, one.application, one.token)


def test_an_antivirus_that_falls_silent_takes_no_verdict_back(
    answering: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = sent()
    StoredFile.objects.update(scanned_at=timezone.now() - timedelta(days=31))
    monkeypatch.setattr(antivirus, "scan", lambda _content: codes.ScanStatus.NOT_SCANNED)
    scanning.take_turn()
    stored.refresh_from_db()
    assert stored.scan_status == codes.ScanStatus.CLEAN


@pytest.fixture
def real_clamd(tmp_path: Path, settings: Any) -> Iterator[None]:
    """The antivirus of Debian with a base of one signature: ours."""
    program = shutil.which("clamd") or "/usr/sbin/clamd"
    if not Path(program).exists():
        pytest.skip("clamd is not installed")
    (tmp_path / "ours.ndb").write_text(f"Register.Test:0:*:{VIRUS.hex()}\n")
    place = tmp_path / "clamd.ctl"
    told = tmp_path / "clamd.conf"
    told.write_text(
        f"LocalSocket {place}\nDatabaseDirectory {tmp_path}\nForeground yes\n"
        f"LogFile {tmp_path / 'clamd.log'}\nMaxThreads 2\n"
    )
    with subprocess.Popen(
        [program, "-c", str(told)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as daemon:
        settings.CLAMD = str(place)
        for _attempt in range(150):
            if antivirus.is_answering() or daemon.poll() is not None:
                break
            time.sleep(0.1)
        yield
        daemon.terminate()


@pytest.mark.usefixtures("real_clamd")
def test_the_real_clamd_finds_what_its_base_knows() -> None:
    assert antivirus.is_answering()
    assert sent().scan_status == codes.ScanStatus.CLEAN
    with pytest.raises(UploadRefused):
        sent(picture(comment=VIRUS))
