"""What every desk page asks first: a second factor from those who may open named files."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from register import access
from register.web import typed

View = Callable[..., HttpResponse]


def second_factor(view: View) -> View:
    """Send somebody who may open named files, and has no second factor, to set one up first.

    Only where `settings.SECOND_FACTOR_REQUIRED` says so (production). Whoever has a second factor
    gave it when signing in: allauth asks for it before the session opens.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.SECOND_FACTOR_REQUIRED and _lacks_second_factor(request):
            messages.warning(
                request,
                _(
                    "Your role opens the files of applicants. Before you go on, add a second "
                    "factor to your account: a code from your telephone, asked at each sign-in."
                ),
            )
            if typed.keep(request):
                told = _("What you had just typed is kept for an hour: open its page again.")
                messages.info(request, told)
            return redirect("mfa_activate_totp")
        return view(request, *args, **kwargs)

    return guarded


def _lacks_second_factor(request: HttpRequest) -> bool:
    if not access.can_use_desk(request.principal):  # type: ignore[attr-defined]
        return False
    if any(record.get("method") == "mfa" for record in get_authentication_records(request)):
        return False
    return not is_mfa_enabled(request.user)
