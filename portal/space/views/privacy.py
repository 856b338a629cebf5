"""Who can see the file, who opened it, and the person's data to take away."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.space.own_file import own_file_pdf
from portal.space.pages import show
from portal.space.words import PURPOSES, by_whom
from register import lifecycle
from register.errors import NotAllowed
from register.selectors import notes_requests, space, visibility
from register.selectors.mandates import current
from register.selectors.own_data import own_data
from register.services.notes_requests import ask_for_notes
from register.web.audience import audience
from register.web.files import private_file


@audience("applicant", methods=["GET"])
@never_cache
def access_page(request: HttpRequest, number: str) -> HttpResponse:
    """Organisations and the rule that opens the file to each; then every reading of it.

    Who read it is told to the person concerned (GDPR art. 15), and to nobody under a mandate given
    to follow the demand (ADR 0026).
    """
    demand = space.own_demand_of(request.principal, number)
    latest = visibility.latest_readings(demand)
    return show(
        request,
        "access",
        "access",
        demand,
        rules=visibility.by_rule(visibility.who_can_see(demand)),
        readings=[(row, by_whom(row), PURPOSES[row.purpose]) for row in latest.shown],
        more_readings=latest.more,
        shares=space.shares(demand),
        mandates=current(demand),
        notes_request=notes_requests.latest_request(demand),
        may_ask_notes=not lifecycle.goes_on_elsewhere(demand),
        notes_given=notes_requests.given_notes(demand),
    )


@audience("applicant", methods=["GET"])
@never_cache
def data(request: HttpRequest, number: str) -> HttpResponse:
    """The person's data in one JSON file; for nobody but herself."""
    demand = space.own_demand_of(request.principal, number)
    response = JsonResponse(
        own_data(demand), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    name = f"mes-donnees-{demand.number}.json"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "no-store, private"
    return response


@audience("applicant", methods=["POST"])
@never_cache
def ask_notes(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for the notes that agents keep about her (GDPR art. 15); for nobody but herself."""
    demand = space.own_demand_of(request.principal, number)
    try:
        ask_for_notes(principal=request.principal, demand=demand)
    except NotAllowed:
        raise Http404 from None
    messages.success(request, _("You asked for the notes: the answer comes within a month."))
    return redirect("space:access", number=demand.number)


@audience("applicant", methods=["GET"])
@never_cache
def file_to_read(request: HttpRequest, number: str) -> HttpResponse:
    """The same as a paper to read; for nobody but herself."""
    demand = space.own_demand_of(request.principal, number)
    content = own_file_pdf(request.principal, demand)
    name = f"mon-dossier-{demand.number}.pdf"
    return private_file(content, name=name, content_type="application/pdf")
