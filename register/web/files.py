"""Files about people: kept by no cache, and the browser runs nothing in them (R3)."""

from typing import IO, TypeVar

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

Answer = TypeVar("Answer", bound=HttpResponseBase)


def confined(response: Answer) -> Answer:
    """The answer, kept by no cache; whatever it holds, the browser can run nothing in it."""
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    return response


def private_file(content: IO[bytes] | bytes, *, name: str, content_type: str) -> HttpResponse:
    """A file to take away under this name: downloaded, never shown in the site."""
    response: HttpResponse
    if isinstance(content, bytes):
        response = HttpResponse(content, content_type=content_type)
    else:
        response = FileResponse(content, content_type=content_type)  # type: ignore[assignment]
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return confined(response)
