"""Recording an act: one address per act, the demand's version checked, the text never lost."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.forms.acts import ACTS, ShareForm
from backoffice.gate import second_factor
from backoffice.views.file import show_file
from register import access
from register.access import Action
from register.errors import Conflict, NotAllowed, TransitionRefused
from register.models import Demand
from register.selectors.file import organisations_to_share_with, share_of
from register.selectors.notes import latest_step
from register.services.sharing import SHARING_ROLES, revoke_share, share_file
from register.web.audience import audience

CONFLICT = 409
CHANGED = gettext_lazy("Somebody changed this demand since you opened it.")


@audience("desk", ["POST"])
@second_factor
def record(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Record one act. Unknown act, foreign file or missing right all answer "not found"."""
    principal = request.principal  # type: ignore[attr-defined]
    if act not in ACTS:
        raise Http404
    demand = access.get_demand(principal, ACTS[act].action, number)
    form = ACTS[act](request.POST).suit(principal, demand)
    if not form.is_valid():
        # What can be chosen may be no more: what changed meanwhile is told first.
        if form.cleaned_data.get("version", demand.version) != demand.version:
            return conflict(request, demand, form, CHANGED)
        return show_file(request, demand, act=form)
    answer = attempt(request, demand, form, lambda: form.record(principal=principal, demand=demand))
    if answer is None:
        return show_file(request, demand, act=form)
    if answer.status_code != CONFLICT:
        messages.success(request, form.said(principal, demand))
    return answer


def attempt(
    request: HttpRequest, demand: Demand, form: forms.Form, service: Callable[[], Any]
) -> HttpResponse | None:
    """Call a service; None when its refusal now stands beside the fields of the form."""
    try:
        service()
    except NotAllowed:
        raise Http404 from None
    except (Conflict, TransitionRefused) as refusal:
        return conflict(request, demand, form, str(refusal.message))
    except ValidationError as refusal:
        blame(form, refusal)
        return None
    return redirect(back_to_file(request, demand.number))


def blame(form: forms.Form, refusal: ValidationError) -> None:
    """Put a refusal of the register beside the fields that it is about."""
    by_field = refusal.message_dict if hasattr(refusal, "error_dict") else {"": refusal.messages}
    for name, problems in by_field.items():
        form.add_error(name if name in form.fields else None, problems)


def conflict(
    request: HttpRequest, demand: Demand, form: forms.Form, refusal: str | Promise
) -> HttpResponse:
    """What changed, beside what was typed: nothing is overwritten and nothing is lost (R15)."""
    current = access.get_demand(request.principal, Action.VIEW, demand.number)  # type: ignore[attr-defined]
    typed = [
        (field.label, form.data.get(field.html_name, ""))
        for field in form
        if not field.is_hidden and form.data.get(field.html_name)
    ]
    context = {
        "demand": current,
        "typed": typed,
        "refusal": refusal,
        "last_event": latest_step(request.principal, current),  # type: ignore[attr-defined]
        "back": back_to_file(request, demand.number),
    }
    return render(request, "backoffice/conflict.html", context, status=CONFLICT)


def back_to_file(request: HttpRequest, number: str) -> str:
    """The file's address, with the list it was opened from."""
    query = request.GET.urlencode()
    address = reverse("desk:file", args=[number])
    return f"{address}?{query}" if query else address


@audience("desk", ["POST"])
@second_factor
def share(request: HttpRequest, number: str) -> HttpResponse:
    """Share the file exceptionally with one organisation, until a date, for a reason."""
    principal, demand = _sharing(request, number)
    form = ShareForm(request.POST, organisations=organisations_to_share_with(principal))
    answer = None
    if form.is_valid():
        answer = attempt(
            request,
            demand,
            form,
            lambda: share_file(principal=principal, demand=demand, **form.cleaned_data),
        )
    if answer is None:
        return show_file(request, demand, share=form)
    messages.success(request, _("The file is shared. The applicant can see it in her space."))
    return answer


@audience("desk", ["POST"])
@second_factor
def end_share(request: HttpRequest, number: str, share_id: int) -> HttpResponse:
    """End a share at once."""
    principal, demand = _sharing(request, number)
    found = share_of(demand, share_id)
    try:
        revoke_share(principal=principal, share=found)
    except ValidationError as refusal:
        messages.warning(request, refusal.messages[0])
    else:
        messages.success(request, _("The share has ended."))
    return redirect(back_to_file(request, number))


def _sharing(request: HttpRequest, number: str) -> tuple[Any, Demand]:
    principal = request.principal  # type: ignore[attr-defined]
    demand = access.get_demand(principal, Action.RECORD_ACT, number)
    if principal.role not in SHARING_ROLES:
        raise Http404
    return principal, demand
