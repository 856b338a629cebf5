"""What is erased soon, and what a legal hold keeps, at the manager's desk."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from backoffice.forms.retention import HoldForm
from backoffice.gate import second_factor
from register import access
from register.access import Action
from register.principals import Principal
from register.selectors.retention import retention as read_retention
from register.services.holds import place_hold, release_hold
from register.web.audience import audience
from register.web.typed import given

UNPROCESSABLE = 422


@audience("manager", ["GET", "POST"])
@never_cache
@second_factor
def retention(request: HttpRequest) -> HttpResponse:
    """Counts of a dry run; holds to place and to release."""
    principal = request.principal  # type: ignore[attr-defined]
    if not access.can_use_desk(principal):
        raise Http404
    if "release" in request.POST:
        return _release(request, principal)
    form = HoldForm(given(request))
    if request.method == "POST" and form.is_valid() and _placed(principal, form):
        messages.success(request, _("This demand is not erased until the hold is released."))
        return redirect("desk:retention")
    context = {"retention": read_retention(principal), "form": form}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "backoffice/retention.html", context, status=status)


def _placed(principal: Principal, form: HoldForm) -> bool:
    try:
        demand = access.get_demand(principal, Action.VIEW, form.cleaned_data["number"])
        place_hold(principal=principal, demand=demand, reason=form.cleaned_data["reason"])
    except Http404:
        form.add_error("number", _("No demand that you can open has this number."))
        return False
    except ValidationError as refusal:
        for name, problems in refusal.message_dict.items():
            form.add_error(name if name in form.fields else None, problems)
        return False
    return True


def _release(request: HttpRequest, principal: Principal) -> HttpResponse:
    chosen = request.POST["release"]
    held = {str(hold.pk): hold for hold in read_retention(principal).holds}
    if chosen in held:
        release_hold(principal=principal, hold=held[chosen])
        messages.success(request, _("The hold is released: the delay runs its course again."))
    return redirect("desk:retention")
