"""Demands that a counter opens to an account: to the applicant, or to somebody who helps her."""

from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.space.forms import AcceptForm, LinkForm
from register.errors import NotAllowed, TransitionRefused
from register.models import Demand, Mandate
from register.selectors.mandates import offered_to
from register.services.account_link import WrongProof, link_account
from register.services.recorded_mandates import accept_mandate
from register.web.audience import audience
from register.web.typed import given

UNPROCESSABLE, TOO_MANY = 422, 429


@audience("applicant", methods=["GET", "POST"])
@never_cache
def link(request: HttpRequest) -> HttpResponse:
    """The number, the date of birth and the code: the same answer whichever is wrong."""
    form = LinkForm(given(request))
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    by_network = ratelimit.consume(request, action="type_code", dry_run=True)
    if not by_network or not ratelimit.consume(request, action="link_demand", user=request.user):
        form.add_error(None, _("Too many tries in a short time: wait an hour."))
        return _page(request, form, TOO_MANY)
    try:
        demand = link_account(
            principal=request.principal,
            number=form.cleaned_data["number"],
            birth_date=form.cleaned_data["birth_date"],
            typed=form.cleaned_data["code"],
        )
    except ValidationError as refusal:
        if isinstance(refusal, WrongProof):
            ratelimit.consume(request, action="type_code")
        form.add_error(None, refusal.messages)
        return _page(request, form)
    messages.success(request, _("Your demand is here: you can follow it, and answer, at any hour."))
    return redirect("space:demand", number=demand.number)


@audience("applicant", methods=["GET", "POST"])
@never_cache
def accept(request: HttpRequest, mandate: int) -> HttpResponse:
    """Accept a mandate that a counter recorded for one's address: who is helped is not named."""
    offered = next((m for m in offered_to(request.user) if m.pk == mandate), None)
    if offered is None:
        raise Http404
    form = AcceptForm(given(request))
    template, status = "portal/space/accept.html", 200
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="link_demand", user=request.user):
            form.add_error(None, _("Too many tries in a short time: wait an hour."))
            status = TOO_MANY
        elif demand := _accepted(request, offered, form):
            messages.success(request, _("You can now follow this demand, as the mandate says."))
            return redirect("space:demand", number=demand.number)
    status = UNPROCESSABLE if form.errors and status == 200 else status
    return render(request, template, {"form": form, "mandate": offered}, status=status)


def _accepted(request: HttpRequest, offered: Mandate, form: AcceptForm) -> Demand | None:
    try:
        return accept_mandate(
            principal=request.principal, mandate=offered, birth_date=form.cleaned_data["birth_date"]
        )
    except (NotAllowed, TransitionRefused):
        raise Http404 from None
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return None


def _page(request: HttpRequest, form: LinkForm, refused: int = UNPROCESSABLE) -> HttpResponse:
    status = refused if form.errors and request.method == "POST" else 200
    return render(request, "portal/space/link.html", {"form": form}, status=status)
