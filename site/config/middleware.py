"""Headers that depend on whose page it is, and on which side of the house it stands."""

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

PRIVATE = "no-store, private"
EDITOR_PREFIX = "/edition/"
# Wagtail's admin writes inline scripts and styles; it still may call nobody but us.
EDITOR_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self'",
        "font-src 'self' data:",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
        "base-uri 'self'",
        "manifest-src 'self'",
    )
)


class PrivatePages:
    """Forbid every cache to keep a page shown to somebody we know (R19).

    A request that carries a session or credentials, or an answer that opens a session, is
    personal: neither the browser's "back" after signing out nor a shared proxy may show it again.
    Public pictures of the editors are the exception.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if self._is_personal(request, response):
            response["Cache-Control"] = PRIVATE
        return response

    def _is_personal(self, request: HttpRequest, response: HttpResponse) -> bool:
        if request.path.startswith((settings.MEDIA_URL, settings.STATIC_URL)):
            return False
        cookie = settings.SESSION_COOKIE_NAME
        known = cookie in request.COOKIES or "Authorization" in request.headers
        return known or cookie in response.cookies


class SessionEnd:
    """Tell the browser when the session it was just given ends, so that it can warn in time (R29).

    The session's own cookie is closed to scripts; this one holds a number of seconds and no secret.
    """

    COOKIE = "session_ends"

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if session is None:
            return response
        if session.value:
            ends = str(int(time.time()) + settings.SESSION_COOKIE_AGE)
            response.set_cookie(self.COOKIE, ends, secure=request.is_secure(), samesite="Lax")
        else:
            response.delete_cookie(self.COOKIE, samesite="Lax")
        return response


class EditorPolicy:
    """Give the editors' admin its own content security policy, the only one with inline code."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(EDITOR_PREFIX):
            response["Content-Security-Policy"] = EDITOR_POLICY
        return response
