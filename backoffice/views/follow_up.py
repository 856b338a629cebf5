"""What the manager of the shared file follows: work that waits, sendings that failed, readings."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from backoffice.gate import second_factor
from register import access
from register.selectors.follow_up import READINGS_DAYS, follow_up
from register.web.audience import audience


@audience("manager", ["GET"])
@second_factor
def follow(request: HttpRequest) -> HttpResponse:
    """Counts that lead to lists, then what only the manager can mend."""
    principal = request.principal  # type: ignore[attr-defined]
    if not access.can_use_desk(principal):
        raise Http404
    context = {"follow_up": follow_up(principal), "days": READINGS_DAYS}
    return render(request, "backoffice/follow_up.html", context)
