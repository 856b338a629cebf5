"""The register seen as somebody by the manager: read-only, announced, limited in time."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from register.models import Look
from register.principals import Principal, member_principal
from register.selectors.oversight import members_in_force

from . import typed

SESSION_KEY = "seeing_as"
FORBIDDEN = 403
SAFE = frozenset({"GET", "HEAD"})
# A search is sent by POST so that no name stays in an address; it writes nothing.
READ_BY_POST = frozenset({"desk:search", "desk:seeing_as_end"})
# What leaves the house leaves it in the manager's own name.
NEVER = frozenset({"desk:export"})


def begin(request: HttpRequest, look: Look) -> None:
    """From the next request on, desk pages are those of the subject of this look."""
    assert look.ends_at is not None  # noqa: S101  (every look of this kind has an end)
    request.session[SESSION_KEY] = {
        "membership": look.subject_id,
        "user": look.user_id,
        "until": look.ends_at.isoformat(),
    }


def end(request: HttpRequest) -> None:
    """Back to oneself."""
    request.session.pop(SESSION_KEY, None)


def seen(manager: Principal, request: HttpRequest) -> Principal:
    """The member the manager looks as, never seeing more than both may; else the manager."""
    kept: dict[str, Any] = request.session.get(SESSION_KEY) or {}
    if not kept or not manager.is_manager or manager.user is None:
        return manager
    if kept["user"] != manager.user.pk or datetime.fromisoformat(kept["until"]) <= timezone.now():
        end(request)
        return manager
    subject = _subject(int(kept["membership"]))
    if subject is None:
        end(request)
        return manager
    return Principal(
        subject.kind, user=subject.user, membership=subject.membership, observer=manager
    )


def refuse_writing(request: HttpRequest, principal: Principal) -> HttpResponse | None:
    """Nothing is written, nor taken away, while the manager looks as somebody."""
    if principal.observer is None:
        return None
    name = request.resolver_match.view_name if request.resolver_match else ""
    may_pass = request.method in SAFE or name in READ_BY_POST
    if may_pass and name not in NEVER:
        return None
    request.principal = principal  # type: ignore[attr-defined]
    context = {"words": typed.own_words(request)}
    return render(request, "backoffice/seen_only.html", context, status=FORBIDDEN)


def _subject(membership_id: int) -> Principal | None:
    found = members_in_force().filter(pk=membership_id).first()
    return member_principal(found.user, found.pk) if found else None
