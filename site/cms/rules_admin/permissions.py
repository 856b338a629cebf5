"""Who edits rules, and under which name what they do is written down."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail.admin.auth import permission_required
from wagtail.log_actions import log

from register.models import User
from register.web.audience import audience
from rules.life import Actor
from rules.models import RuleModuleVersion

# Django's own right on a module: held by the editors' group, never by a partner.
RIGHT = "rules.change_rulemodule"

View = Callable[..., HttpResponse]


def rule_editors(*methods: str) -> Callable[[View], View]:
    """Declare a page of the rule editor; other accounts are refused as everywhere in the admin."""

    def declare(view: View) -> View:
        guarded: View = wraps(view)(permission_required(RIGHT)(view))
        return audience("editor", methods=list(methods))(guarded)

    return declare


def actor(request: HttpRequest) -> Actor:
    """The editor, as the journal of the rules names them."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - `rule_editors` lets nobody else in
    return Actor(name=str(user), person=user.pk)


def write_down(request: HttpRequest, version: RuleModuleVersion, action: str, **data: Any) -> None:
    """Add a line to Wagtail's journal of the editing space."""
    log(
        instance=version,
        action=f"rules.{action}",
        user=request.user,
        title=f"{version.module.code}, {version.number}",
        data=data or None,
    )
