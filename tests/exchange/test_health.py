"""`/health/` tells a machine what works, and tells nobody why it does not."""

from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from exchange import views

pytestmark = pytest.mark.django_db


def test_a_well_service_says_so_with_its_version(client: Client, settings: Any) -> None:
    answer = client.get("/health/")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert answer.json() == {
        "database": {"ok": True},
        "queue": {"ok": True},
        "rules": {"ok": True},
        "storage": {"ok": True},
        "version": {"ok": True, "number": settings.VERSION},
    }


def test_without_its_database_the_service_is_unavailable_and_says_no_more(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise DatabaseError("password=secret host=10.0.0.1")

    monkeypatch.setattr(views, "_database", gone)
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert answer.json()["database"] == {"ok": False}
    assert b"secret" not in answer.content


def test_a_full_or_missing_disk_is_told_while_demands_go_on(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("not a folder")
    settings.PRIVATE_ROOT = blocker
    answer = client.get("/health/")
    assert answer.status_code == 200
    assert answer.json()["storage"] == {"ok": False}


def test_health_only_answers_reading(client: Client) -> None:
    assert client.post("/health/").status_code == 405
