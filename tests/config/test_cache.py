"""The shared cache while Redis is away: sign-in limits go on counting, in the database."""

from collections.abc import Iterator
from typing import Any

import pytest
from config.cache import RedisOrDatabase
from django.core.cache import caches
from django.core.management import call_command

from scripts.services import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(settings: Any) -> Iterator[Any]:
    settings.CACHES = {
        "default": {"BACKEND": "config.cache.RedisOrDatabase"},
        "database": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "shared_cache",
        },
        "redis": {
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": f"redis://127.0.0.1:{free_port()}/0",
            "OPTIONS": {"CONNECTION_POOL_KWARGS": {"socket_connect_timeout": 1}},
        },
    }
    call_command("createcachetable")
    yield caches["default"]
    RedisOrDatabase.resting_until = 0.0


def test_without_redis_values_are_kept_in_the_database(shared: Any) -> None:
    shared.set("attempts", 1, 60)
    assert shared.incr("attempts") == 2
    assert shared.get("attempts") == 2
    assert caches["database"].get("attempts") == 2
    assert shared.add("attempts", 9) is False
    shared.delete("attempts")
    assert shared.get("attempts", "none") == "none"


def test_a_redis_that_failed_is_left_alone_for_a_while(
    shared: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    original = caches["redis"].get

    def counted(*args: Any, **kwargs: Any) -> Any:
        calls.append(args)
        return original(*args, **kwargs)

    monkeypatch.setattr(caches["redis"], "get", counted)
    shared.get("a")
    shared.get("b")
    assert len(calls) == 1
