"""Where scripts send an applicant's file piece by piece."""

import uuid

from django.http import HttpRequest, HttpResponse

from register.web.audience import audience
from register.web.pieces import begin_upload, take_piece


@audience("applicant", methods=["POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Begin to send a file, or learn from where to go on."""
    return begin_upload(request)


@audience("applicant", methods=["GET", "POST"])
def piece(request: HttpRequest, upload_id: uuid.UUID) -> HttpResponse:
    """One piece of one's own file, or how far it is."""
    return take_piece(request, upload_id)
