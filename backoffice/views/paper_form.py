"""The scan of the signed paper form, added to a demand that a counter copied without it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from backoffice.gate import second_factor
from backoffice.scans import blank_scan, received_scan
from backoffice.views.acts import back_to_file
from register import access
from register.access import Action
from register.errors import NotAllowed, TransitionRefused, UploadRefused
from register.selectors.counters import takes_paper_form
from register.services.paper_form import keep_form
from register.web.audience import audience
from register.web.pieces import FIELD
from register.web.typed import given

UNPROCESSABLE = 422


@audience("desk", ["GET", "POST"])
@never_cache
@second_factor
def paper_form(request: HttpRequest, number: str) -> HttpResponse:
    """Add the scan; "not found" for whoever may not put the demand right at a counter."""
    principal = request.principal  # type: ignore[attr-defined]
    demand = access.get_demand(principal, Action.EDIT, number)
    if not takes_paper_form(principal, demand):
        raise Http404
    if request.method != "POST":
        form = blank_scan(request, given(request))
    else:
        form = received_scan(request)
        if not form.kept and not form.errors and FIELD in request.POST:
            return redirect(back_to_file(request, number))  # kept already: the page was sent twice
        if form.check(is_required=True):
            try:
                keep_form(principal=principal, demand=demand, files=[each.pk for each in form.kept])
            except NotAllowed:
                raise Http404 from None
            except (TransitionRefused, UploadRefused) as refusal:
                form.complain(None, refusal.message)
            else:
                messages.success(request, _("The scan of the form is kept with the demand."))
                return redirect(back_to_file(request, number))
    context = {"demand": demand, "scan": form, "back": back_to_file(request, number)}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "backoffice/paper_form.html", context, status=status)
