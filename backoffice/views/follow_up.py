"""What the manager of the shared file follows: work that waits, sendings that failed, readings."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from backoffice.gate import second_factor
from register import access
from register.selectors.follow_up import READINGS_DAYS, UNANSWERED_DAYS, follow_up, given_up
from register.services.delivery import try_again
from register.web.audience import audience


@audience("manager", ["GET"])
@second_factor
def follow(request: HttpRequest) -> HttpResponse:
    """Counts that lead to lists, then what only the manager can mend."""
    principal = request.principal  # type: ignore[attr-defined]
    if not access.can_use_desk(principal):
        raise Http404
    context = {
        "follow_up": follow_up(principal),
        "days": READINGS_DAYS,
        "unanswered_days": UNANSWERED_DAYS,
    }
    return render(request, "backoffice/follow_up.html", context)


@audience("manager", ["POST"])
@second_factor
def retry(request: HttpRequest, effect: int) -> HttpResponse:
    """Send again what was given up; the same answer for what the manager may not list."""
    principal = request.principal  # type: ignore[attr-defined]
    found = given_up(principal).filter(pk=effect).first()
    if not principal.is_manager or principal.observer is not None or found is None:
        raise Http404
    if try_again(found):
        messages.success(request, _("It leaves again within a minute."))
    return redirect("desk:follow_up")
