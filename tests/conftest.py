"""What every test relies on: its own storage, no network, strict templates, a fresh catalogue."""

import gc
import gettext
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase
from django.utils import timezone
from django.utils.translation import trans_real
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from register.machine import Uptime
from tests import committed_rows, installed
from tests.browser import chromium, javascript, new_page, page  # noqa: F401  (fixtures)
from tests.installed import reference, rules  # noqa: F401  (fixtures)
from tests.network import block_outbound_network
from tests.private_store import own_store  # noqa: F401  (fixture)
from tests.strict_templates import refuse_undefined_variables

# Examples are drawn the same way each time: a red build must be red again on the next machine.
hypothesis.register_profile(
    "dev",
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis.register_profile("ci", hypothesis.get_profile("dev"), max_examples=60)
hypothesis.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this engine has nothing to say about; begin with what lasts long.

    A long test begun last would keep one worker busy alone.
    """
    elsewhere = "own_servers" if connections["default"].vendor == "postgresql" else "postgresql"
    left_out = [item for item in items if item.get_closest_marker(elsewhere)]
    items[:] = [item for item in items if item not in left_out]
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    config.hook.pytest_deselected(items=left_out)


def pytest_collection_finish() -> None:
    """What was loaded so far stays to the end: no collection of garbage looks through it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _no_outbound_network() -> Iterator[None]:
    with block_outbound_network():
        yield


@pytest.fixture(scope="session", autouse=True)
def _french_catalogue() -> None:
    from config.catalogue import FrenchCatalogue

    FrenchCatalogue(settings.BASE_DIR).compile_if_stale()
    # Django has already read the French of before: forget it, so that a first run is like others.
    gettext._translations.clear()  # type: ignore[attr-defined]
    trans_real._translations.clear()
    trans_real._default = None
    trans_real.deactivate()


@pytest.fixture(scope="session", autouse=True)
def _strict_templates() -> Iterator[None]:
    with refuse_undefined_variables(settings.BASE_DIR):
        yield


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Sign-in limits live in the cache: one test's failures must not lock out the next."""
    cache.clear()


@pytest.fixture(autouse=True)
def _machine_in_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that started long ago under a right clock: days that a test lets pass are real."""

    def uptime() -> Uptime:
        return Uptime("tests", timezone.now().timestamp())

    for module in ("register.selectors.rounds", "register.services.rounds"):
        monkeypatch.setattr(f"{module}.uptime", uptime)


@pytest.fixture(autouse=True)
def _own_mail_folder(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_FILE_PATH = tmp_path / "mail"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Give back, after each test that commits, the rows the migrations had created."""
    from wagtail.models import Page

    with django_db_blocker.unblock():
        if not Page.objects.filter(depth=1).exists() or get_user_model().objects.exists():
            pytest.exit("A killed run left the test database unclean: add --create-db", 3)
        content = {alias: committed_rows.read_all_rows(alias) for alias in connections}
        installed.learn()
    original = TransactionTestCase._fixture_teardown

    def empty_then_restore(case: TransactionTestCase) -> None:
        for alias in case._databases_names(include_mirrors=False):
            committed_rows.restore(alias, content[alias])

    TransactionTestCase._fixture_teardown = empty_then_restore
    yield
    TransactionTestCase._fixture_teardown = original
