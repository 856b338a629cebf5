"""Helpers: let somebody follow the demand, and end it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.space.forms import MandateForm
from portal.space.pages import blame, show
from register.access import Action
from register.errors import TransitionRefused
from register.models import Demand
from register.selectors import space
from register.services.mandates import give_mandate, revoke_mandate
from register.web.audience import audience
from register.web.typed import given


@audience("applicant", methods=["GET", "POST"])
@never_cache
def mandates(request: HttpRequest, number: str) -> HttpResponse:
    """Who helps me, until when, and the form to choose somebody."""
    demand = space.own_demand_of(request.principal, number, Action.EDIT)
    posted = request.method == "POST"
    form = MandateForm(given(request))
    if posted and form.is_valid() and _give(request, demand, form):
        messages.success(
            request,
            _(
                "If this address has an account here, this person can now follow your demand."
                " Otherwise, ask her or him to create one, then come back to this page."
            ),
        )
        return redirect("space:mandates", number=demand.number)
    return show(request, "mandates", "mandates", demand, form=form, mandates=space.mandates(demand))


@audience("applicant", methods=["POST"])
@never_cache
def end_mandate(request: HttpRequest, number: str, mandate: int) -> HttpResponse:
    """End a helper's access at once."""
    demand = space.own_demand_of(request.principal, number, Action.EDIT)
    found = [row for row in space.mandates(demand) if row.pk == mandate]
    if not found:
        raise Http404
    revoke_mandate(principal=request.principal, mandate=found[0])
    messages.success(request, _("This person can no longer see your demand."))
    return redirect("space:mandates", number=demand.number)


def _give(request: HttpRequest, demand: Demand, form: MandateForm) -> bool:
    try:
        give_mandate(
            principal=request.principal,
            demand=demand,
            helper_email=form.cleaned_data["helper_email"],
            ends_on=form.ends_on,
        )
    except (ValidationError, TransitionRefused) as error:
        blame(form, error, "helper_email")
    return not form.errors
