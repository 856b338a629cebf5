"""The register as the online demand needs it."""

from typing import Any

import pytest
from django.test import Client

from tests.portal.demand import prepare_register, signed_in


@pytest.fixture
def register(db: Any) -> None:
    """Rights in force, a counter, communes."""
    prepare_register()


@pytest.fixture
def applicant(register: None) -> Client:
    """A person signed in who has written nothing yet."""
    return signed_in()
