"""Giving a demand up: what it changes, then one button, from a session that has just signed in."""

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.space.forms import GiveUpForm
from portal.space.pages import show
from register.access import Action
from register.errors import Conflict, NotAllowed, TransitionRefused
from register.models import Demand
from register.selectors import space
from register.selectors.giving_up import erased_if_ended_today, why_not
from register.services.giving_up import give_up
from register.web.audience import audience

UNPROCESSABLE, CONFLICT = 422, 409


@audience("applicant", methods=["GET", "POST"])
@never_cache
def giving_up(request: HttpRequest, number: str) -> HttpResponse:
    """For the applicant, or who represents her; to a helper there is no such page."""
    demand = space.demand_of(request.principal, number, Action.WITHDRAW)
    refusal = why_not(request.principal, demand)
    if refusal:
        status = CONFLICT if request.method == "POST" else 200
        return _page(request, demand, GiveUpForm(), refusal=refusal, status=status)
    try:
        return _confirmed(request, demand)
    except ReauthenticationRequired:
        if request.method == "POST":
            # Asked for again on its page: what is posted then is looked at anew.
            return redirect(request.path)
        raise


@reauthentication_required
def _confirmed(request: HttpRequest, demand: Demand) -> HttpResponse:
    """What cannot be undone is asked of whoever has just given her password again."""
    form = GiveUpForm(request.POST or None, initial={"version": demand.version})
    if request.method != "POST":
        return _page(request, demand, form)
    if not form.is_valid():
        return _page(request, demand, form, status=UNPROCESSABLE)
    try:
        give_up(
            principal=request.principal,
            demand=demand,
            expected_version=form.cleaned_data["version"],
        )
    except NotAllowed:
        raise Http404 from None
    except (Conflict, TransitionRefused) as refused:
        current = space.demand_of(request.principal, demand.number)
        form = GiveUpForm(initial={"version": current.version})
        return _page(request, demand, form, changed=str(refused.message), status=CONFLICT)
    messages.success(request, _("The demand is given up. Nobody proposes a home for it any more."))
    return redirect("space:demand", number=demand.number)


def _page(
    request: HttpRequest,
    demand: Demand,
    form: GiveUpForm,
    *,
    refusal: str = "",
    changed: str = "",
    status: int = 200,
) -> HttpResponse:
    told = {"refusal": refusal, "changed": changed, "erased_on": erased_if_ended_today(demand)}
    context = {"form": form, **told}
    answer = show(request, "giving_up", "demand", demand, **context)
    answer.status_code = status
    return answer
