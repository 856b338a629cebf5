"""Staying signed in: somebody who reads slowly is warned, and goes on with one press."""

from django.http import HttpRequest, HttpResponse

from .audience import audience


@audience("applicant", methods=["POST"])
def stay(request: HttpRequest) -> HttpResponse:
    """Begin the session's time again (WCAG 2.2.1, timing adjustable); nothing to read: 204."""
    request.session.modified = True
    return HttpResponse(status=204)
