"""kill -9 before every step of sending, renewing, merging, parting and uploading (F1, F2).

All or nothing each time; the last try succeeds, what it acknowledges is stored, and each notice
leaves once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from exchange.delivery import deliver_pending
from register.models import (
    Contact,
    Demand,
    DemandAudience,
    DemandFacts,
    Document,
    DuplicatePair,
    Event,
    FieldChange,
    Identity,
    Label,
    Merge,
    NumberCounter,
    Outbox,
    Person,
    RenewalNotice,
    Role,
    RuleDecision,
    StoredFile,
    Upload,
    UploadPiece,
)
from register.principals import Principal
from register.renewal_codes import code_of
from register.services import pieces
from register.services.files import store_upload
from register.services.merging import merge, part
from register.services.renewal import renew_by_code, renew_demand
from register.services.sweep import sweep_orphans
from tests.factories import make_demand, make_member, make_organisation, make_user, principal_of
from tests.faults.corpus import picture
from tests.faults.crowd import somebody
from tests.faults.killed import MOST_STEPS, in_this_process, killed_at_every_step
from tests.register.demands import submit
from tests.register.duplicates.test_merging import label

pytestmark = pytest.mark.usefixtures("register", "any_certificate", "asleep", "own_store")

TABLES = (
    *(Demand, Person, Contact, Identity, DemandFacts, DemandAudience, Label, NumberCounter),
    *(Event, FieldChange, RuleDecision, Outbox, RenewalNotice, DuplicatePair, Merge),
    *(StoredFile, Document, Upload, UploadPiece),
)


def rows() -> dict[str, list[Any]]:
    """Everything that these acts may write, as stored."""
    return {table.__name__: list(table.objects.order_by("pk").values()) for table in TABLES}


@dataclass
class Act:
    """Something done, the kind of step it leaves in a file, and the notices that it asks for."""

    do: Callable[[], Any]
    step: str
    notices: int


def _submit() -> Act:
    one = somebody()
    return Act(lambda: submit(one.user, one.application, one.token), "submitted", 1)


def _renew() -> Act:
    demand = make_demand()
    principal = principal_of(demand.account)
    return Act(lambda: renew_demand(principal=principal, demand=demand), "renewed", 1)


def _renew_by_code() -> Act:
    demand = make_demand()
    notice = RenewalNotice.objects.create(
        demand=demand,
        kind="notice",
        expires_on=demand.expires_on,
        announced_on=timezone.localdate(),
    )
    return Act(lambda: renew_by_code(notice=notice, typed=code_of(notice)), "renewed", 1)


def _pair() -> tuple[Any, DuplicatePair]:
    lead = principal_of(make_member(make_organisation(), Role.LEAD))
    first, second = (
        make_demand(registered_by=lead.organisation, received_on=day)
        for day in (date(2025, 12, 1), date(2026, 6, 1))
    )
    label(first)
    found = timezone.now()
    return lead, DuplicatePair.objects.create(
        first=first, second=second, probability=0.99, compared="x", found_at=found
    )


def _merge() -> Act:
    lead, pair = _pair()
    do = lambda: merge(principal=lead, pair=pair, kept=pair.second_id, reason="Elle.")  # noqa: E731
    return Act(do, "merged", 2)


def _part() -> Act:
    lead, pair = _pair()
    made = merge(principal=lead, pair=pair, kept=pair.second_id, reason="Elle-même.")
    deliver_pending()
    mail.outbox.clear()
    return Act(lambda: part(principal=lead, made=made, reason="Une autre."), "parted", 2)


@pytest.mark.parametrize(
    "prepare",
    [
        _renew,
        _renew_by_code,
        *(pytest.param(long, marks=pytest.mark.slow) for long in (_submit, _merge, _part)),
    ],
)
def test_killed_before_any_step_an_act_is_all_or_nothing_and_tells_once(
    prepare: Callable[[], Act],
) -> None:
    act = prepare()
    steps_before = Event.objects.filter(kind=act.step).count()
    assert killed_at_every_step(act.do, rows) > 10
    assert Event.objects.filter(kind=act.step).count() > steps_before
    for _sweep in range(2):
        deliver_pending()
        assert len(mail.outbox) == act.notices
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == act.notices


def _files() -> set[str]:
    """The names of the private files that rows know."""
    return {str(row.file.name) for row in (*StoredFile.objects.all(), *UploadPiece.objects.all())}


def _is_on_the_disk(name: str) -> bool:
    return Path(StoredFile._meta.get_field("file").storage.path(name)).is_file()


def test_killed_before_any_step_an_upload_is_whole_or_absent_and_halves_are_swept() -> None:
    sender = principal_of(make_user())
    kept: list[StoredFile] = []

    def send() -> None:
        photo = SimpleUploadedFile("carte.jpg", picture(size=(8, 6)))
        kept.append(store_upload(principal=sender, upload=photo))

    assert killed_at_every_step(send, rows) >= 2
    assert [row.pk for row in kept] == list(StoredFile.objects.values_list("pk", flat=True))
    assert all(map(_is_on_the_disk, _files()))
    assert sweep_orphans(older_than=timedelta(0)) > 0
    assert all(map(_is_on_the_disk, _files()))
    assert sweep_orphans(older_than=timedelta(0)) == 0


def send_in_pieces(sender: Principal, content: bytes) -> None:
    """Two pieces, from where the sending before stopped."""
    half = len(content) // 2 + 1
    upload = pieces.begin(
        principal=sender, name="carte.png", size=len(content), fingerprint="0123456789abcdef"
    )
    while (there := pieces.arrived(upload)) < upload.size:
        piece = content[there : there + half]
        pieces.add_piece(principal=sender, upload_id=upload.pk, offset=there, content=piece)


def arrived() -> int:
    """The bytes of pieces that are stored."""
    return sum(UploadPiece.objects.values_list("size", flat=True))


def test_killed_before_any_step_a_file_in_pieces_goes_on_from_what_arrived() -> None:
    sender = principal_of(make_user())
    content = picture("PNG", (90, 70))
    reached = 0
    for place in range(1, MOST_STEPS):
        if in_this_process(lambda: send_in_pieces(sender, content), place):
            break
        assert all(map(_is_on_the_disk, _files()))
        assert arrived() >= reached, "what was acknowledged is lost"
        reached = arrived()
    assert place > 5
    upload = Upload.objects.get()
    whole = pieces.whole(principal=sender, upload_id=upload.pk)
    assert whole is not None
    assert whole.read() == content
