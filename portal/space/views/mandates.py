"""Helpers: let somebody follow the demand or act for its applicant, read what was done, end it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.space import timeline
from portal.space.forms import MandateForm
from portal.space.pages import blame, show
from portal.space.steps import Step
from register.access import Action
from register.disclosed import everything
from register.errors import TransitionRefused
from register.models import Demand
from register.selectors import space
from register.selectors.mandates import Given, current, given_by
from register.services.mandates import give_mandate, revoke_mandate
from register.web.audience import audience
from register.web.typed import given


@audience("applicant", methods=["GET", "POST"])
@never_cache
def mandates(request: HttpRequest, number: str) -> HttpResponse:
    """Who helps me, for what, until when, what was done, and the form to choose somebody."""
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
    return show(request, "mandates", "mandates", demand, form=form, given=_told(demand))


@audience("applicant", methods=["POST"])
@never_cache
def end_mandate(request: HttpRequest, number: str, mandate: int) -> HttpResponse:
    """End a helper's access at once."""
    demand = space.own_demand_of(request.principal, number, Action.EDIT)
    # What a judge decided is not hers to end: a counter does it, on a paper.
    found = [row for row in current(demand) if row.pk == mandate and not row.is_of_a_judge]
    if not found:
        raise Http404
    revoke_mandate(principal=request.principal, mandate=found[0])
    messages.success(request, _("This person can no longer see your demand."))
    return redirect("space:mandates", number=demand.number)


def _told(demand: Demand) -> list[tuple[Given, list[Step]]]:
    """Each mandate with what was done under it, as her story tells it."""
    found = given_by(demand)
    names = space.names_in([event for each in found for event in each.acts], everything())
    return [(each, timeline.tell(each.acts, demand, names, own=True)) for each in found]


def _give(request: HttpRequest, demand: Demand, form: MandateForm) -> bool:
    try:
        give_mandate(
            principal=request.principal,
            demand=demand,
            helper_email=form.cleaned_data["helper_email"],
            ends_on=form.ends_on,
            scope=form.cleaned_data["scope"],
        )
    except (ValidationError, TransitionRefused) as error:
        blame(form, error, "helper_email")
    return not form.errors
