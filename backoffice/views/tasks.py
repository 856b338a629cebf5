"""What waits for the agent's organisation, and taking or finishing it from the file."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from backoffice.gate import second_factor
from backoffice.views.acts import back_to_file
from register import access
from register.access import Action
from register.errors import NotAllowed, TransitionRefused
from register.models import Demand
from register.principals import Principal
from register.selectors import corrections, to_take_up
from register.selectors.scans import to_scan_again
from register.selectors.tasks import task_of, waiting
from register.services.tasks import finish_task, take_task
from register.web.audience import audience


@audience("desk", ["GET"])
@never_cache
@second_factor
def tasks(request: HttpRequest) -> HttpResponse:
    """What applicants wrote or sent, open tasks and requests to correct: of files she may list."""
    principal = request.principal  # type: ignore[attr-defined]
    received, received_count, is_capped = to_take_up.waiting(principal)
    lines, count = waiting(principal)
    asked, asked_count = corrections.waiting(principal)
    named = [(each, corrections.title_of(each)) for each in asked]
    context = {
        "received": received,
        "received_count": received_count,
        "is_capped": is_capped,
        "tasks": lines,
        "count": count,
        "corrections": named,
        "asked_count": asked_count,
        "scans": to_scan_again(principal),
    }
    return render(request, "backoffice/tasks.html", context)


@audience("desk", ["POST"])
@second_factor
def task(request: HttpRequest, number: str) -> HttpResponse:
    """Take or finish a task of this file."""
    principal = request.principal  # type: ignore[attr-defined]
    demand = access.get_demand(principal, Action.RECORD_ACT, number)
    if not _carried_out(request, principal, demand):
        messages.warning(request, _("This task is already done, or is not your organisation’s."))
    return redirect(back_to_file(request, number))


def _carried_out(request: HttpRequest, principal: Principal, demand: Demand) -> bool:
    chosen = request.POST.get("task", "")
    found = (
        task_of(principal, demand, int(chosen)) if chosen.isdecimal() and len(chosen) < 19 else None
    )
    if found is None:
        return False
    try:
        if request.POST.get("do") == "take":
            take_task(principal=principal, task=found)
            messages.success(request, _("The task is yours: your colleagues can see it."))
        else:
            finish_task(principal=principal, task=found)
            messages.success(request, _("The task is done."))
    except (NotAllowed, TransitionRefused):
        return False
    return True
