"""Nothing typed is lost when the session ended meanwhile (R2, R29).

Each page carries a signed note of who was writing. A POST that arrives signed out is kept in the
new session with that note, and given back after sign-in to the same person only: on a shared
computer, nobody finds the answers of somebody else.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from portal.models import Draft
from register.form.answers import storable

FIELD = "page_state"
TIME_FIELD = "page_time"
SESSION_KEY = "portal.typed"
AUTOSAVE_HEADER = "X-Autosave"
_SALT = "portal.page"
_MAX_INPUTS = 200
_MAX_VALUES = 60
_MAX_TIME_DIGITS = 15


@dataclass(frozen=True)
class PageState:
    """Who was writing, on which draft, after which version, in which window of the browser."""

    user: int
    token: UUID
    version: int
    writer: str

    def __str__(self) -> str:
        packed = {"u": self.user, "t": self.token.hex, "v": self.version, "w": self.writer}
        return signing.dumps(packed, salt=_SALT, compress=True)


def new_state(draft: Draft, version: int, writer: str = "") -> PageState:
    """The note of a page about to be shown."""
    return PageState(draft.user_id, draft.submission_token, version, writer or secrets.token_hex(4))


def read_state(data: QueryDict) -> PageState | None:
    """The note of a page sent back, or None when absent or altered."""
    try:
        packed = signing.loads(data.get(FIELD, ""), salt=_SALT)
        return PageState(packed["u"], UUID(packed["t"]), packed["v"], packed["w"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


def read_time(data: QueryDict) -> int:
    """When the page was sent, by the clock of its own browser (ms); 0 without scripts."""
    text = data.get(TIME_FIELD, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MAX_TIME_DIGITS else 0


def take(request: HttpRequest) -> QueryDict | None:
    """What this person had typed on this very page before signing in again; given once."""
    kept = request.session.get(SESSION_KEY)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[SESSION_KEY]
    if kept["user"] != request.user.pk:
        return None
    data = QueryDict(mutable=True)
    for name, values in kept["post"].items():
        data.setlist(name, values)
    return data


class KeepTypedMiddleware:
    """Keeps what a signed-out person posts on a page of the demand, then asks to sign in.

    Stands before the middleware that refuses signed-out people, and after the CSRF check.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if request.method != "POST" or match is None or match.namespace != "portal":
            return None
        if request.user.is_authenticated or (state := read_state(request.POST)) is None:
            return None
        names = [
            name for name in request.POST if name not in (FIELD, TIME_FIELD, "csrfmiddlewaretoken")
        ]
        request.session[SESSION_KEY] = {
            "user": state.user,
            "path": request.path,
            "post": {
                storable(name): [storable(v) for v in request.POST.getlist(name)[:_MAX_VALUES]]
                for name in names[:_MAX_INPUTS]
            },
        }
        if AUTOSAVE_HEADER in request.headers:
            return HttpResponse(status=401)
        messages.info(
            request, _("You have been signed out. Sign in: what you have just typed is kept.")
        )
        return redirect_to_login(request.get_full_path())
