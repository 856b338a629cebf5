"""How the applicant is written to: her consents, and what the law sends whatever she chose."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.space.forms import PreferencesForm, SafeWayForm
from portal.space.pages import blame, show
from register import access
from register.access import Action
from register.errors import TransitionRefused
from register.models import Demand
from register.selectors import preferences as selectors
from register.selectors import space
from register.services.preferences import choose_channels, choose_safe_way
from register.web.audience import audience
from register.web.typed import given


@audience("applicant", methods=["GET", "POST"])
@never_cache
def preferences(request: HttpRequest, number: str) -> HttpResponse:
    """One box for each way; a helper reads the answers if she reads the contact details.

    Somebody in danger, whose file is sealed, chooses one safe way instead.
    """
    posted = request.method == "POST"
    demand = space.demand_of(request.principal, number, Action.EDIT if posted else Action.VIEW)
    known = selectors.preferences(demand)
    form = (SafeWayForm if demand.is_sealed else PreferencesForm)(given(request), known=known)
    if posted and form.is_valid() and _chosen(request, demand, form):
        messages.success(request, _("Your choice is kept, with its date."))
        return redirect("space:preferences", number=demand.number)
    return show(
        request,
        "preferences",
        "preferences",
        demand,
        form=form,
        known=known,
        readable=access.fields(request.principal, demand).can_read("contact"),
        may_choose=access.decide(request.principal, Action.EDIT, demand).allowed,
    )


def _chosen(request: HttpRequest, demand: Demand, form: forms.Form) -> bool:
    choose = choose_safe_way if demand.is_sealed else choose_channels
    try:
        choose(principal=request.principal, demand=demand, **form.cleaned_data)  # type: ignore[attr-defined]
    except (ValidationError, TransitionRefused) as error:
        blame(form, error, next(iter(form.fields)))
    return not form.errors
