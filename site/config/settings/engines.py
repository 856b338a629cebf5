"""The one module that knows which engine stores the data: embedded SQLite or PostgreSQL + Redis."""

from pathlib import Path
from typing import Any

import environ

# How often the driver must meet a text before it prepares it unasked.
NEVER_BY_ITSELF = 2**31

SQLITE_OPTIONS: dict[str, Any] = {
    # IMMEDIATE + WAL: without them half of concurrent writers meet "database is locked" (R12).
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
    # What is erased is overwritten, not only forgotten.
    "PRAGMA secure_delete=ON;",
}


def databases(env: environ.Env, data_dir: Path) -> dict[str, Any]:
    """`DATABASE_URL` chooses PostgreSQL; without it, one SQLite file in `DATA_DIR`."""
    if not env.str("DATABASE_URL", default=""):
        return {
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": data_dir / "register.sqlite3",
                "OPTIONS": dict(SQLITE_OPTIONS),
            }
        }
    database = env.db_url("DATABASE_URL")
    if database["ENGINE"].endswith("sqlite3"):
        database["OPTIONS"] = dict(SQLITE_OPTIONS)
    else:
        database["ENGINE"] = "config.postgresql"
        database["CONN_MAX_AGE"] = 60
        database["CONN_HEALTH_CHECKS"] = True
        database["OPTIONS"] = {
            **database.get("OPTIONS", {}),
            # No compiling of queries: it costs more than the largest of them.
            "options": "-c lock_timeout=10s -c statement_timeout=60s -c jit=off",
            # Allows the statements that `rules.prepared` plans once; Django's stay as they are.
            "prepare_threshold": NEVER_BY_ITSELF,
        }
    return {"default": database}


def caches(env: environ.Env) -> dict[str, Any]:
    """A cache shared by all workers, since login limits live in it; never per-process memory."""
    database = {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
    }
    redis_url = env.str("REDIS_URL", default="")
    if not redis_url:
        return {"default": database}
    return {
        "default": {"BACKEND": "config.cache.RedisOrDatabase"},
        "database": database,
        "redis": {
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": redis_url,
            "OPTIONS": {"CONNECTION_POOL_KWARGS": _impatient()},
        },
    }


def _impatient() -> dict[str, Any]:
    """A queue or cache that hangs may not hold people's requests: fail within two seconds."""
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    # Above one second: the worker waits that long for its next task.
    return {"socket_connect_timeout": 1, "socket_timeout": 1.5, "retry": Retry(NoBackoff(), 0)}


def huey(env: environ.Env, data_dir: Path) -> dict[str, Any]:
    """The wake-up queue: Redis, or its own SQLite file so that it never locks the register."""
    common: dict[str, Any] = {
        "name": "register",
        "results": False,
        "immediate": False,
        "utc": True,
        "consumer": {"workers": 1, "worker_type": "thread", "periodic": True},
    }
    if redis_url := env.str("REDIS_URL", default=""):
        from redis import ConnectionPool

        pool = ConnectionPool.from_url(redis_url, **_impatient())
        return {**common, "huey_class": "huey.RedisHuey", "connection": {"connection_pool": pool}}
    return {
        **common,
        "huey_class": "exchange.queue.WakeUps",
        "connection": {"filename": str(data_dir / "queue.sqlite3")},
    }
