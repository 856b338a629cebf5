"""The letter-box of the demonstration: what people would have received. Nowhere but in a demo."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache

from exchange import mailbox
from register.web.audience import audience


def demo_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Outside a demonstration the page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@audience("public", methods=["GET"])
@never_cache
@demo_only
def mail_list(request: HttpRequest) -> HttpResponse:
    """Every mail and letter of the demonstration, newest first."""
    return render(request, "exchange/mail_list.html", {"items": mailbox.read_all()})


@audience("public", methods=["GET"])
@never_cache
@demo_only
def mail_detail(request: HttpRequest, key: str) -> HttpResponse:
    """One mail as its reader sees it, with links that work."""
    return render(request, "exchange/mail_detail.html", {"item": _find(key)})


@audience("public", methods=["GET"])
@never_cache
@demo_only
def mail_attachment(request: HttpRequest, key: str, position: int) -> HttpResponse:
    """A file that came with a mail, or the letter itself: downloaded, never shown in the site."""
    found = [a for a in _find(key).attachments if a.position == position]
    if not found:
        raise Http404
    is_pdf = found[0].content.startswith(b"%PDF-")
    kind = "application/pdf" if is_pdf else "application/octet-stream"
    response = HttpResponse(found[0].content, content_type=kind)
    disposition = content_disposition_header(True, found[0].name)
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _find(key: str) -> mailbox.Item:
    item = mailbox.find(key)
    if item is None:
        raise Http404
    return item
