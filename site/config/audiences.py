"""Audiences of the routes that other packages bring; our own views declare theirs themselves."""

from collections.abc import Callable
from typing import Any

OWN_ROOMS = frozenset(
    {"register", "rules", "portal", "backoffice", "observatory", "exchange", "cms", "config"}
)
EDITORS_PREFIX = "/edition/"
# First match wins. Under /compte/, what asks for an account says so before the library does.
FOREIGN_ROUTES = (
    ("/compte/2fa/authenticate/", "public"),
    ("/compte/2fa/", "applicant"),
    ("/compte/email/", "applicant"),
    ("/compte/password/change/", "applicant"),
    ("/compte/password/set/", "applicant"),
    ("/compte/reauthenticate/", "applicant"),
    ("/compte/sessions/", "applicant"),
    ("/compte/", "public"),
    ("/documents/", "public"),
    ("/langue/", "public"),
    ("/media/", "public"),
    ("/static/", "public"),
    # Not /_util/login/: Wagtail's own sign-in knows neither limits nor second factor.
    ("/_util/authenticate_with_password/", "public"),
)


def is_ours(view: Callable[..., Any]) -> bool:
    """Whether one of our own rooms wrote the view."""
    return view.__module__.partition(".")[0] in OWN_ROOMS


def foreign_audience(path: str, view: Callable[..., Any]) -> str | None:
    """Audience of a view that another package wrote, or None: then nobody may open it.

    `path` is the address asked for, or a route's pattern. Everything under the editors' admin is
    for editors, screens of our own included: Wagtail wraps them all in its own check. A view of
    ours elsewhere is never covered here: without a declaration it answers like a missing page.
    """
    if path.startswith(EDITORS_PREFIX):
        return "editor"
    if is_ours(view):
        return None
    return next((name for prefix, name in FOREIGN_ROUTES if path.startswith(prefix)), None)
