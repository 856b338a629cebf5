"""SIGKILL of a real process before each step of sending, a renewal, a merge, an upload.

Until none fires, as `test_kill_at_every_step`, which dies in the process of the test: here the
system closes the files and the database meets a connection that is gone.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from exchange.delivery import deliver_pending
from register.models import Event, StoredFile, Upload
from register.services import pieces
from register.services.files import store_upload
from register.services.sweep import sweep_orphans
from tests.factories import make_user, principal_of
from tests.faults.corpus import picture
from tests.faults.killed import MOST_STEPS, in_a_process, killed_at_every_step
from tests.faults.test_kill_at_every_step import (
    Act,
    _files,
    _is_on_the_disk,
    _merge,
    _renew_by_code,
    _submit,
    arrived,
    rows,
    send_in_pieces,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("register", "any_certificate", "asleep", "own_store"),
]


@pytest.mark.parametrize("prepare", [_submit, _renew_by_code, _merge])
def test_an_act_of_a_killed_process_is_all_or_nothing_and_tells_once(
    prepare: Callable[[], Act],
) -> None:
    act = prepare()
    steps_before = Event.objects.filter(kind=act.step).count()
    assert killed_at_every_step(act.do, rows, in_a_process) > 10
    # What the last process acknowledged is stored.
    assert Event.objects.filter(kind=act.step).count() > steps_before
    for _sweep in range(2):
        deliver_pending()
        assert len(mail.outbox) == act.notices
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == act.notices


def test_an_upload_of_a_killed_process_is_whole_or_absent_and_halves_are_swept() -> None:
    sender = principal_of(make_user())

    def send() -> None:
        photo = SimpleUploadedFile("carte.jpg", picture(size=(8, 6)))
        store_upload(principal=sender, upload=photo)

    assert killed_at_every_step(send, rows, in_a_process) >= 2
    assert StoredFile.objects.count() == 1
    assert all(map(_is_on_the_disk, _files()))
    assert sweep_orphans(older_than=timedelta(0)) > 0
    assert all(map(_is_on_the_disk, _files()))
    assert sweep_orphans(older_than=timedelta(0)) == 0


def test_a_file_in_pieces_of_killed_processes_goes_on_from_what_arrived() -> None:
    sender = principal_of(make_user())
    content = picture("PNG", (90, 70))
    reached = 0
    for place in range(1, MOST_STEPS):
        ended = in_a_process(lambda: send_in_pieces(sender, content), place)
        assert all(map(_is_on_the_disk, _files()))
        assert arrived() >= reached, "what was acknowledged is lost"
        reached = arrived()
        if ended:
            break
    assert place > 5
    whole = pieces.whole(principal=sender, upload_id=Upload.objects.get().pk)
    assert whole is not None
    assert whole.read() == content
