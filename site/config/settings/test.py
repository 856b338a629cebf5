"""The test suite: either engine, tasks run at once, fast password hashing."""

import os

from .base import *  # noqa: F403
from .base import DATA_DIR, DATABASES, HUEY

DEMO = True
SECRET_KEY = "test-only-key-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
SMS_BACKEND = "exchange.sms.MemoryBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
HUEY = {**HUEY, "huey_class": "huey.MemoryHuey", "connection": {}, "immediate": True}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, so that --reuse-db has something to reuse.
    DATABASES["default"]["TEST"] = {
        "NAME": os.environ.get("TEST_DATABASE", str(DATA_DIR / "test.sqlite3"))
    }
ACCOUNT_RATE_LIMITS = False
WEBHOOKS_TO_THIS_MACHINE = True
