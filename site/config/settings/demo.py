"""The demonstration started by `make run`: local, synthetic people, mails kept as files."""

from .base import *  # noqa: F403
from .base import DATA_DIR, env

DEMO = True
SECRET_KEY = env.str("SECRET_KEY", default="demo-only-key-never-used-in-production-0123456789")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
