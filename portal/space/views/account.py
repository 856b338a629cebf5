"""A demand registered at a counter, reached from an account by what only its applicant knows."""

from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.space.forms import LinkForm
from register.services.account_link import link_account
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
    if not ratelimit.consume(request, action="link_demand", user=request.user):
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
        form.add_error(None, refusal.messages)
        return _page(request, form)
    messages.success(request, _("Your demand is here: you can follow it, and answer, at any hour."))
    return redirect("space:demand", number=demand.number)


def _page(request: HttpRequest, form: LinkForm, refused: int = UNPROCESSABLE) -> HttpResponse:
    status = refused if form.errors and request.method == "POST" else 200
    return render(request, "portal/space/link.html", {"form": form}, status=status)
