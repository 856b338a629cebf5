"""A private store of one test alone: sweeping the common one would take the files of others."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from register.models import PrintRun, StoredFile, UploadPiece
from register.models.document import private_storage


@pytest.fixture
def own_store(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """Where the files of this test lie, whatever the other workers of the suite do meanwhile."""
    folder = tmp_path / "private"
    private = settings.STORAGES["private"]
    options = {**private["OPTIONS"], "location": folder}
    settings.STORAGES = {**settings.STORAGES, "private": {**private, "OPTIONS": options}}
    fields = [model._meta.get_field("file") for model in (StoredFile, UploadPiece, PrintRun)]
    original = fields[0].storage
    for field in fields:
        field.storage = private_storage()
    yield folder
    for field in fields:
        field.storage = original
