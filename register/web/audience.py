"""Every view says who it is for; a view that says nothing is refused (R2)."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from django.views.decorators.http import require_http_methods

View = TypeVar("View", bound=Callable[..., Any])


class Audience(StrEnum):
    """Who a route is for."""

    PUBLIC = "public"
    APPLICANT = "applicant"
    DESK = "desk"
    MANAGER = "manager"
    EDITOR = "editor"
    API = "api"
    SYSTEM = "system"


def audience(name: str, methods: list[str]) -> Callable[[View], Callable[..., Any]]:
    """Declare for whom a view is and which methods it answers; others get 405.

    `@audience("desk", methods=["GET"])`. HEAD is always answered where GET is.
    Raises ValueError for an unknown audience.
    """
    declared = Audience(name)
    allowed = [*methods, "HEAD"] if "GET" in methods else list(methods)

    def declare(view: View) -> Callable[..., Any]:
        wrapped = require_http_methods(allowed)(view)
        wrapped.audience = declared  # type: ignore[attr-defined]
        wrapped.methods = tuple(methods)  # type: ignore[attr-defined]
        return wrapped

    return declare
