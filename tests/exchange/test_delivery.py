"""The outbox: each effect once, whatever breaks on the way (R11, F3, F9, F12)."""

import io
import re
import smtplib
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from exchange import delivery
from exchange.mailing import message_id
from exchange.tasks import deliver_soon, sweep_outbox
from register.models import EffectKind, Outbox
from register.services import delivery as outbox_service
from register.services import outbox
from tests.factories import make_demand


@pytest.fixture(autouse=True)
def certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate has its own tests; here any PDF will do."""
    fake = lambda demand: b"%PDF-1.7 certificate of " + demand.number.encode()  # noqa: E731
    monkeypatch.setattr("register.letters.email.attestation_pdf", fake)
    monkeypatch.setattr("register.letters.sending.attestation_pdf", fake)


def make_effect(kind: str = EffectKind.REGISTRATION_EMAIL, key: str = "k1", **extra: Any) -> Outbox:
    now = timezone.now()
    demand = extra.pop("demand", None) or make_demand()
    return Outbox.objects.create(
        key=key,
        kind=kind,
        demand=demand,
        created_at=extra.pop("created_at", now),
        not_before=extra.pop("not_before", now - timedelta(seconds=1)),
        **extra,
    )


def due_now(effect: Outbox) -> None:
    Outbox.objects.filter(pk=effect.pk).update(not_before=timezone.now() - timedelta(seconds=1))


@pytest.mark.django_db
def test_the_certificate_is_sent_once_though_the_task_runs_twice() -> None:
    effect = make_effect()
    deliver_soon()
    sweep_outbox()
    assert [message.to for message in mail.outbox] == [[effect.demand.contact.email]]
    name, content, kind = mail.outbox[0].attachments[0]
    assert name == f"attestation-{effect.demand.number}.pdf"
    assert content == b"%PDF-1.7 certificate of " + effect.demand.number.encode()
    assert kind == "application/pdf"
    effect.refresh_from_db()
    assert effect.done_at is not None
    assert effect.attempts == 1


@pytest.mark.django_db
def test_two_workers_that_read_the_same_row_do_not_both_take_it() -> None:
    make_effect()
    first, second = outbox_service.due_effects(limit=9), outbox_service.due_effects(limit=9)
    assert outbox_service.claim(first[0])
    assert not outbox_service.claim(second[0])


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_send_each_mail_once() -> None:
    demand = make_demand()
    for number in range(12):
        make_effect(EffectKind.MESSAGE_EMAIL, key=f"event:{number}", demand=demand)
    ready = threading.Barrier(4)

    def work() -> None:
        ready.wait()
        delivery.deliver_pending()
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    sent = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(sent) == 12
    assert len(set(sent)) == 12
    assert not Outbox.objects.filter(done_at__isnull=True).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fault",
    [
        ConnectionRefusedError("smtp"),
        smtplib.SMTPServerDisconnected("camille@example.org"),
        smtplib.SMTPRecipientsRefused({"camille@example.org": (450, b"later")}),
        TimeoutError(),
    ],
)
def test_a_mail_server_in_trouble_delays_the_mail_and_loses_nothing(
    fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    effect = make_effect()

    def broken(*_args: Any, **_kwargs: Any) -> int:
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", broken)
        assert delivery.deliver_pending() == {"failed": 1}
    effect.refresh_from_db()
    assert effect.done_at is None
    assert effect.last_error == type(fault).__name__, "an error never quotes an address"
    assert effect.not_before > timezone.now() + timedelta(seconds=50)
    assert delivery.deliver_pending() == {}, "it waits for its turn"
    due_now(effect)
    assert delivery.deliver_pending() == {"done": 1}
    assert len(mail.outbox) == 1


def test_each_wait_doubles_up_to_two_hours() -> None:
    waits = [outbox_service.waiting_time(n).total_seconds() / 60 for n in range(1, 10)]
    assert waits == [1, 2, 4, 8, 16, 32, 64, 120, 120]


@pytest.mark.django_db
def test_after_a_day_of_failures_the_effect_stops_and_stays_visible(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    yesterday = timezone.now() - timedelta(hours=25)
    effect = make_effect(created_at=yesterday)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", lambda *a, **k: 1 / 0)
    assert delivery.deliver_pending() == {"given_up": 1}
    effect.refresh_from_db()
    assert effect.done_at is not None
    assert effect.last_error == "ZeroDivisionError"


@pytest.mark.django_db
def test_one_bad_effect_does_not_hold_back_the_others() -> None:
    demand = make_demand()
    make_effect("unknown_kind", key="a", demand=demand)
    make_effect(EffectKind.MESSAGE_EMAIL, key="b", demand=demand)
    assert delivery.deliver_pending() == {"failed": 1, "done": 1}


@pytest.mark.django_db
def test_a_worker_killed_between_sending_and_noting_it_repeats_the_same_message_id(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    effect = make_effect()

    def killed(*_args: Any, **_kwargs: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(outbox_service, "mark_done", killed)
        with pytest.raises(SystemExit):
            delivery.deliver_pending()
    due_now(effect)
    delivery.deliver_pending()
    identifiers = {message.message()["Message-ID"] for message in mail.outbox}
    assert len(mail.outbox) == 2
    assert identifiers == {message_id(effect)}
    assert "personne" not in identifiers.pop()


@pytest.mark.django_db
def test_a_dead_worker_gives_its_effect_back_after_five_minutes() -> None:
    effect = make_effect()
    assert outbox_service.claim(effect)
    assert outbox_service.due_effects(limit=9) == []
    later = timezone.now() + timedelta(minutes=5, seconds=1)
    assert outbox_service.due_effects(limit=9, now=later) == [effect]


@pytest.mark.django_db(transaction=True)
def test_a_queue_that_is_down_never_fails_the_act(monkeypatch: pytest.MonkeyPatch) -> None:
    demand = make_demand()

    def refused() -> None:
        raise ConnectionError("redis")

    monkeypatch.setattr(outbox, "_wake_up_calls", [refused])
    with transaction.atomic():
        outbox.enqueue(kind=EffectKind.MESSAGE_EMAIL, key="event:1", demand=demand)
    assert mail.outbox == []
    sweep_outbox()
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_an_act_wakes_the_worker_only_once_it_is_written() -> None:
    demand = make_demand()
    with transaction.atomic():
        outbox.enqueue(kind=EffectKind.MESSAGE_EMAIL, key="event:1", demand=demand)
        outbox.enqueue(kind=EffectKind.MESSAGE_EMAIL, key="event:1", demand=demand)
        assert mail.outbox == []
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_an_effect_that_cannot_be_kept_is_an_error_not_an_effect_already_asked_for() -> None:
    """ "Or ignore" passed over a missing value on SQLite: the effect was lost without a word."""
    demand = make_demand()
    broken: Any = None
    with pytest.raises(IntegrityError), transaction.atomic():
        outbox.enqueue(kind=broken, key="event:1", demand=demand)
    outbox.enqueue(kind=EffectKind.MESSAGE_EMAIL, key="event:1", demand=demand, payload={"a": 1})
    outbox.enqueue(kind=EffectKind.LETTER, key="event:1", demand=demand)
    kept = Outbox.objects.get(key="event:1")
    assert (kept.kind, kept.payload, kept.demand_id) == ("message_email", {"a": 1}, demand.pk)


@pytest.mark.django_db
def test_a_notice_says_nothing_of_the_person_and_links_only_to_the_space(settings: Any) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://logement.example.org"
    effect = make_effect(EffectKind.MESSAGE_EMAIL)
    delivery.deliver_pending()
    said = f"{mail.outbox[0].subject}\n{mail.outbox[0].body}"
    for secret in (effect.demand.number, "Martin", "Camille", "Dijon"):
        assert secret not in said
    assert re.findall(r"https?://\S+", said) == ["https://logement.example.org/mon-espace/"]


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "hello"), [("fr", "Bonjour,"), ("en", "Hello,")])
def test_the_mail_speaks_the_language_of_the_demand(language: str, hello: str) -> None:
    effect = make_effect(demand=make_demand(language=language))
    delivery.deliver_pending()
    assert mail.outbox[0].body.startswith(hello)
    assert effect.demand.number in mail.outbox[0].body
    assert "&#" not in mail.outbox[0].body


@pytest.mark.django_db
def test_somebody_without_e_mail_gets_a_letter(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    effect = make_effect()
    effect.demand.contact.accepts_email = False
    effect.demand.contact.save()
    delivery.deliver_pending()
    assert mail.outbox == []
    letters = list((tmp_path / "letters").iterdir())
    assert [letter.suffix for letter in letters] == [".pdf"]
    assert letters[0].read_bytes().endswith(effect.demand.number.encode())
    assert effect.demand.number not in letters[0].name


@pytest.mark.django_db
def test_a_letter_printed_twice_is_one_file(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    effect = make_effect(EffectKind.LETTER)
    delivery.deliver_pending()
    Outbox.objects.update(done_at=None)
    due_now(effect)
    delivery.deliver_pending()
    assert len(list((tmp_path / "letters").iterdir())) == 1


@pytest.mark.django_db
def test_a_notice_to_somebody_without_e_mail_is_kept_for_an_agent_to_see() -> None:
    effect = make_effect(EffectKind.MESSAGE_EMAIL)
    effect.demand.contact.accepts_email = False
    effect.demand.contact.save()
    assert delivery.deliver_pending() == {"given_up": 1}
    effect.refresh_from_db()
    assert effect.last_error == "no e-mail address"


@pytest.mark.django_db
def test_the_command_delivers_without_the_worker() -> None:
    make_effect()
    said = io.StringIO()
    call_command("deliver_outbox", stdout=said)
    assert "done: 1" in said.getvalue()
    assert len(mail.outbox) == 1
