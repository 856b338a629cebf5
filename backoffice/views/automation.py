"""Automatic rules at the manager's desk: what they do, what those being tried would have done."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from backoffice.forms.webhook import EndpointForm
from backoffice.gate import second_factor
from register import access
from register.principals import Principal
from register.selectors import automation as selectors
from register.services.webhooks import end_endpoint, register_endpoint
from register.web.audience import audience
from register.web.typed import given

UNPROCESSABLE = 422


@audience("manager", ["GET", "POST"])
@never_cache
@second_factor
def automation(request: HttpRequest) -> HttpResponse:
    """The rules in force with their runs, the latest runs, and the endpoints they may tell."""
    principal = request.principal  # type: ignore[attr-defined]
    if not access.can_use_desk(principal):
        raise Http404
    if "end" in request.POST:
        return _end(request, principal)
    organisations = selectors.organisations_with_software(principal)
    form = EndpointForm(given(request), organisations=organisations)
    posted = request.method == "POST"
    secret = _registered(principal, form) if posted and form.is_valid() else ""
    context = {
        "rules": selectors.rules_in_force(principal),
        "runs": selectors.latest_runs(principal),
        "days": selectors.DAYS,
        "endpoints": selectors.endpoints(principal),
        "form": form,
        "secret": secret,
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "backoffice/automation.html", context, status=status)


def _registered(principal: Principal, form: EndpointForm) -> str:
    """The secret of the new endpoint, shown once; empty when it was refused."""
    try:
        return register_endpoint(principal=principal, **form.cleaned_data).secret
    except ValidationError as refusal:
        for name, problems in refusal.message_dict.items():
            form.add_error(name if name in form.fields else None, problems)
        return ""


def _end(request: HttpRequest, principal: Principal) -> HttpResponse:
    found = selectors.endpoint_of(principal, request.POST["end"])
    if found is not None:
        end_endpoint(principal=principal, endpoint=found)
        messages.success(
            request, _("Nothing is told to “%(name)s” any more.") % {"name": found.code}
        )
    return redirect("desk:automation")
