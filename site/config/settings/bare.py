"""What `manage.py bench intake` compares with: the same server, one bare view and nothing else."""

from .production import *  # noqa: F403

ROOT_URLCONF = "register.bench.bare"
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
