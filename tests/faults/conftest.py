"""A register whose transactions are real: faults must meet the commits that people meet."""

from typing import Any

import pytest

from tests.portal.demand import prepare_register


@pytest.fixture
def register(transactional_db: Any) -> None:
    """Rules in force, the public counter, three communes; everything is really committed."""
    prepare_register()


@pytest.fixture
def any_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate has its own tests; here any PDF will do."""
    monkeypatch.setattr("register.letters.email.attestation_pdf", lambda _demand: b"%PDF-1.7")


@pytest.fixture
def asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker does not wake: what an act asks for waits in the outbox."""
    monkeypatch.setattr("register.services.outbox._wake_up_calls", [])
