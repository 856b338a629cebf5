"""The shared cache in production: Redis, and the database while Redis is away.

Sign-in limits live in the cache. If they vanished with Redis, anybody could guess passwords
during the outage; if the cache raised, every page would fail. The database's table answers
instead, more slowly, with counters that start afresh.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
REST_SECONDS = 10  # a Redis that hangs costs one request its time-out, not every request


def _forwarded(name: str) -> Callable[..., Any]:
    def method(self: "RedisOrDatabase", *args: Any, **kwargs: Any) -> Any:
        return self.forward(name, *args, **kwargs)

    method.__name__ = name
    return method


class RedisOrDatabase(BaseCache):
    """Use the cache named `redis`; when it fails, the one named `database` for ten seconds."""

    resting_until = 0.0

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def forward(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Call `name` on whichever cache answers."""
        if time.monotonic() >= RedisOrDatabase.resting_until:
            try:
                return getattr(caches["redis"], name)(*args, **kwargs)
            except (RedisError, OSError) as error:
                RedisOrDatabase.resting_until = time.monotonic() + REST_SECONDS
                logger.warning("Redis does not answer (%s)", type(error).__name__)
        return getattr(caches["database"], name)(*args, **kwargs)

    get = _forwarded("get")
    set = _forwarded("set")
    add = _forwarded("add")
    touch = _forwarded("touch")
    delete = _forwarded("delete")
    incr = _forwarded("incr")
    has_key = _forwarded("has_key")
    get_many = _forwarded("get_many")
    set_many = _forwarded("set_many")
    delete_many = _forwarded("delete_many")
    clear = _forwarded("clear")
