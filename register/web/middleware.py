"""Puts the right principal on the request, and refuses whoever a view is not for (R2)."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from register.models import User
from register.principals import (
    ANONYMOUS,
    Principal,
    applicant_principal,
    member_principal,
)
from rules import registry

from . import seeing_as, typed
from .audience import Audience

MEMBERSHIP_KEY = "membership"
DESK_AUDIENCES = frozenset({Audience.DESK, Audience.MANAGER})


class AudienceMiddleware:
    """Deny by default: a view that declares no audience answers like a missing page.

    Views of other packages get their audience from the function named by
    `settings.FOREIGN_AUDIENCES`, which takes path and view and returns an audience or None.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.foreign_audience = import_string(settings.FOREIGN_AUDIENCES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.principal = ANONYMOUS  # type: ignore[attr-defined]
        with registry.remembered():
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        declared = getattr(view, "audience", None) or self.foreign_audience(request.path, view)
        if declared is None:
            raise Http404
        if declared in (Audience.PUBLIC, Audience.SYSTEM, Audience.API):
            request.principal = _public_principal(request)  # type: ignore[attr-defined]
            return None
        if not isinstance(request.user, User):
            return typed.ask_to_sign_in(request)
        typed.forget_others(request)
        principal = _principal_for(Audience(declared), request.user, request)
        if principal is None:
            raise Http404
        request.principal = principal  # type: ignore[attr-defined]
        return seeing_as.refuse_writing(request, principal)


def _membership(request: HttpRequest) -> int | None:
    """The membership chosen in this session; else the one under which she was typing before it."""
    if MEMBERSHIP_KEY not in request.session and (before := typed.membership_of(request)):
        request.session[MEMBERSHIP_KEY] = before
    chosen: int | None = request.session.get(MEMBERSHIP_KEY)
    return chosen


def _public_principal(request: HttpRequest) -> Principal:
    user = request.user
    return applicant_principal(user) if isinstance(user, User) else ANONYMOUS


def _principal_for(audience: Audience, user: User, request: HttpRequest) -> Principal | None:
    if audience in DESK_AUDIENCES:
        principal = member_principal(user, _membership(request))
        if principal:
            principal = seeing_as.seen(principal, request)
        if audience == Audience.MANAGER and principal and not principal.is_manager:
            return None
        return principal
    if audience == Audience.EDITOR:
        allowed = user.has_perm("wagtailadmin.access_admin")
        return applicant_principal(user) if allowed else None
    return applicant_principal(user)
