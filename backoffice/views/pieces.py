"""Where scripts send, piece by piece, what is scanned at the desk."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse

from backoffice.gate import second_factor
from register.selectors.counters import may_scan
from register.web.audience import audience
from register.web.pieces import begin_upload, take_piece


@audience("desk", methods=["POST"])
@second_factor
def begin(request: HttpRequest) -> HttpResponse:
    """Begin to send a file, or learn from where to go on; for whoever may scan something."""
    _check_scans(request)
    return begin_upload(request)


@audience("desk", methods=["GET", "POST"])
@second_factor
def piece(request: HttpRequest, upload_id: uuid.UUID) -> HttpResponse:
    """One piece of one's own file, or how far it is."""
    _check_scans(request)
    return take_piece(request, upload_id)


def _check_scans(request: HttpRequest) -> None:
    if not may_scan(request.principal):  # type: ignore[attr-defined]
        raise Http404
