"""Mails that come back: what a server reports is told in the file, and nobody can make it up."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from exchange.bounces import Read, receive
from exchange.mailing import message_id
from register.models import Delivery, EffectKind, EventKind, Outbox
from register.selectors.deliveries import Stage, stage_of
from tests.factories import make_demand

pytestmark = pytest.mark.django_db

REPORT = """\
From: MAILER-DAEMON@mx.example.net
To: registre@example.org
Message-ID: <20261130.1@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; nora@example.org
Action: {action}
Status: 5.1.1

--B
Content-Type: {kind}

From: registre@example.org
To: nora@example.org
Message-ID: {identifier}
Subject: Du nouveau

--B--
"""


def report(identifier: str, action: str = "failed", kind: str = "text/rfc822-headers") -> bytes:
    return REPORT.format(identifier=identifier, action=action, kind=kind).encode()


@pytest.fixture
def effect() -> Outbox:
    """The e-mail that announces the end of a demand."""
    now, demand = timezone.now(), make_demand()
    notice = demand.renewal_notices.create(
        kind="notice", expires_on=demand.expires_on, announced_on=timezone.localdate()
    )
    return Outbox.objects.create(
        key="renewal:1:email",
        kind=EffectKind.MESSAGE_EMAIL,
        demand=demand,
        payload={"notice": notice.pk},
        created_at=now,
        not_before=now,
        done_at=now,
    )


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
def test_a_notice_that_came_back_puts_its_reader_on_the_call_list(
    effect: Outbox, kind: str
) -> None:
    raw = report(message_id(effect), kind=kind)
    assert [receive(raw) for _each in range(2)] == [Read.BOUNCED] * 2
    effect.refresh_from_db()
    assert (effect.delivery, stage_of(effect)) == (Delivery.BOUNCED, Stage.BOUNCED)
    assert effect.demand.renewal_notices.get().to_call_at is not None
    assert effect.demand.events.filter(kind=EventKind.NOTICE_FAILED).count() == 1


def test_what_was_delivered_is_told_and_a_later_return_wins(effect: Outbox) -> None:
    assert receive(report(message_id(effect), "delayed")) is Read.WAITING
    effect.refresh_from_db()
    assert effect.delivery == ""
    for action, told in (("delivered", "delivered"), ("failed", "bounced"), ("relayed", "bounced")):
        receive(report(message_id(effect), action))
        effect.refresh_from_db()
        assert effect.delivery == told


@pytest.mark.parametrize(
    "identifier",
    [
        "<{pk}.{zeros}@example.org>",
        "<{other}.{signature}@example.org>",
        "<99999999999999999.{signature}@example.org>",
        "nothing",
    ],
)
def test_a_report_that_somebody_made_up_changes_nothing(effect: Outbox, identifier: str) -> None:
    signature = message_id(effect).partition(".")[2].partition("@")[0]
    made_up = identifier.format(
        pk=effect.pk, zeros="0" * 40, other=effect.pk + 1, signature=signature
    )
    assert receive(report(made_up)) is Read.NOT_OURS
    effect.refresh_from_db()
    assert effect.delivery == ""


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: je suis absent\n\nBonjour",
        b"Content-Type: message/delivery-status\n\nAction: failed",
        b"Content-Type: multipart/report; boundary=B\n\n--B\nContent-Type: message/delivery-status",
    ],
)
def test_a_mail_that_is_no_report_is_put_aside(raw: bytes) -> None:
    assert receive(raw) in (Read.NO_REPORT, Read.NOT_OURS)


def test_the_command_reads_reports_and_says_no_address(effect: Outbox, tmp_path: Path) -> None:
    (tmp_path / "1.eml").write_bytes(report(message_id(effect)))
    (tmp_path / "2.eml").write_bytes(b"Bonjour")
    said = io.StringIO()
    call_command("receive_bounces", tmp_path / "1.eml", tmp_path / "2.eml", stdout=said)
    assert "bounced: 1" in said.getvalue()
    assert "no_report: 1" in said.getvalue()
    assert "@" not in said.getvalue()


def test_the_command_reads_what_the_mail_server_hands_over(
    effect: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Pipe:
        buffer = io.BytesIO(report(message_id(effect)))

    monkeypatch.setattr("sys.stdin", Pipe())
    said: Any = io.StringIO()
    call_command("receive_bounces", stdout=said)
    assert "bounced: 1" in said.getvalue()
