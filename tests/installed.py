"""What `make run` loads before any demand: rule modules and reference data."""

import pytest
from django.core.management import call_command


@pytest.fixture
def rules(db: None) -> None:
    """The shipped rule modules, in force."""
    call_command("rules", "install", verbosity=0)


@pytest.fixture
def reference(db: None) -> None:
    """Communes, partners, counters and dated figures."""
    call_command("load_reference", verbosity=0)
