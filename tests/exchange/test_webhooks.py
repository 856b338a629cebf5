"""Partners' software is told identifiers and codes, signed, on the open internet only."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from exchange.delivery import deliver_pending
from exchange.effects import webhook
from exchange.mailing import Undeliverable
from register.models import Demand, EffectKind, Outbox, SkipReason
from register.services.acts import add_note
from register.services.automation import AutomationRun, evaluate_event
from register.services.facts import refresh_facts
from register.services.webhooks import end_endpoint, register_endpoint
from tests.factories import make_demand, make_member, make_organisation, principal_of
from tests.register.automatic import put_in_force, rule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]


@pytest.fixture
def software() -> Iterator[SimpleNamespace]:
    """A partner's software on this machine: what it received, and what it answers."""
    seen = SimpleNamespace(received=[], answer=204)

    class Software(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            seen.received.append((dict(self.headers), content))
            self.send_response(seen.answer)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Software)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    seen.url = f"http://127.0.0.1:{server.server_port}/recu?v=1"
    yield seen
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def told(software: SimpleNamespace, tmp_path: Any) -> SimpleNamespace:
    """An endpoint of a landlord, a rule that tells it each note, and a demand of its department."""
    landlord = make_organisation(name="Bailleur Exemple")
    manager = principal_of(make_member(make_organisation("gestion", "manager"), "manager"))
    endpoint = register_endpoint(
        principal=manager, code="logiciel", organisation=landlord, url=software.url
    )
    put_in_force(tmp_path, rule(actions=[{"do": "webhook", "endpoint": "logiciel"}]))
    demand = make_demand(last_name="Durand", first_names="Zoé")
    agent = principal_of(make_member(landlord))
    return SimpleNamespace(
        endpoint=endpoint, manager=manager, demand=demand, agent=agent, landlord=landlord
    )


def happen(told: SimpleNamespace) -> AutomationRun:
    event = add_note(principal=told.agent, demand=told.demand, text="Zoé Durand est malade")
    evaluate_event(event)
    return AutomationRun.objects.get(event=event, rule="auto/one")


def waiting() -> Outbox:
    Outbox.objects.update(not_before=timezone.now())
    return Outbox.objects.get(kind=EffectKind.WEBHOOK)


def test_software_receives_a_signed_message_without_personal_data(
    software: SimpleNamespace, told: SimpleNamespace
) -> None:
    run = happen(told)
    deliver_pending()
    ((headers, content),) = software.received
    data = json.loads(content)
    assert data["data"] == {
        "demand": told.demand.number,
        "event": run.event_id,
        "rule": "auto/one",
        "state": "active",
    }
    assert not any(word in content.decode() for word in ("Durand", "Zoé", "malade"))
    key = base64.b64decode(told.endpoint.secret.removeprefix("whsec_"))
    signed = b".".join(
        (headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), content)
    )
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


@pytest.mark.parametrize("answer", [301, 404, 500])
def test_a_refusal_is_tried_again_under_the_same_identifier(
    software: SimpleNamespace, told: SimpleNamespace, answer: int
) -> None:
    happen(told)
    software.answer = answer
    deliver_pending()
    assert waiting().last_error == "Refused"
    software.answer = 200
    deliver_pending()
    assert waiting().done_at is not None
    identifiers = [headers["webhook-id"] for headers, _content in software.received]
    assert len(identifiers) == 2
    assert len(set(identifiers)) == 1


def test_software_that_is_gone_is_told_nothing_more(
    software: SimpleNamespace, told: SimpleNamespace
) -> None:
    happen(told)
    software.answer = 410
    deliver_pending()
    assert waiting().last_error == "endpoint gone"
    assert waiting().done_at is not None


def test_an_endpoint_ended_meanwhile_is_told_nothing(
    software: SimpleNamespace, told: SimpleNamespace
) -> None:
    happen(told)
    end_endpoint(principal=told.manager, endpoint=told.endpoint)
    deliver_pending()
    assert software.received == []
    assert waiting().done_at is not None


@pytest.mark.parametrize("closed", ["sealed", "no agreement"])
def test_a_file_that_is_not_open_to_the_organisation_is_never_told(
    software: SimpleNamespace, told: SimpleNamespace, closed: str
) -> None:
    event = add_note(principal=told.agent, demand=told.demand, text="Un mot")
    if closed == "sealed":
        Demand.objects.filter(pk=told.demand.pk).update(is_sealed=True)
        refresh_facts(demand=Demand.objects.get(pk=told.demand.pk))
    else:
        told.landlord.agreements.all().update(ends_on=timezone.localdate().replace(year=2021))
    event.demand = Demand.objects.get(pk=told.demand.pk)
    evaluate_event(event)
    run = AutomationRun.objects.get(event=event, rule="auto/one")
    assert run.reason == SkipReason.NOT_OPEN
    deliver_pending()
    assert software.received == []


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "100.64.0.1",
        "224.0.0.1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:10.0.0.1",
    ],
)
def test_a_name_that_leads_inside_is_refused_whatever_it_said_before(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [(0, 0, 0, "", ("93.184.216.34", 443)), (0, 0, 0, "", (address, 443))]
    monkeypatch.setattr(webhook.socket, "getaddrinfo", lambda *a, **k: both)
    with pytest.raises(Undeliverable):
        webhook.public_address("exemple.org", 443)


def test_this_machine_is_refused_outside_the_tests(settings: Any) -> None:
    settings.WEBHOOKS_TO_THIS_MACHINE = False
    with pytest.raises(Undeliverable):
        webhook.public_address("127.0.0.1", 80)


def test_the_signature_is_that_of_the_published_example() -> None:
    """The test vector of the Standard Webhooks specification."""
    headers = webhook.signed(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        at=1614265330,
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
