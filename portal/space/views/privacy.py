"""Who can see the file, who opened it, and the person's data to take away."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache

from portal.space.own_file import own_file_pdf
from portal.space.pages import private_file, show
from portal.space.words import PURPOSES
from register.models import Demand
from register.selectors import space, visibility
from register.selectors.own_data import own_data
from register.web.audience import audience


@audience("applicant", methods=["GET"])
@never_cache
def access_page(request: HttpRequest, number: str) -> HttpResponse:
    """Organisations and the rule that opens the file to each; then every reading of it."""
    demand = space.demand_of(request.principal, number)
    return show(
        request,
        "access",
        "access",
        demand,
        rules=visibility.by_rule(visibility.who_can_see(demand)),
        readings=[(row, PURPOSES[row.purpose]) for row in visibility.readings(demand)],
        shares=space.shares(demand),
        mandates=space.mandates(demand),
    )


@audience("applicant", methods=["GET"])
@never_cache
def data(request: HttpRequest, number: str) -> HttpResponse:
    """The person's data in one JSON file; for nobody but herself."""
    demand = _own(request, number)
    response = JsonResponse(
        own_data(demand), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    name = f"mes-donnees-{demand.number}.json"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "no-store, private"
    return response


@audience("applicant", methods=["GET"])
@never_cache
def file_to_read(request: HttpRequest, number: str) -> HttpResponse:
    """The same as a paper to read; for nobody but herself."""
    demand = _own(request, number)
    content = own_file_pdf(request.principal, demand)
    name = f"mon-dossier-{demand.number}.pdf"
    return private_file(content, name=name, content_type="application/pdf")


def _own(request: HttpRequest, number: str) -> Demand:
    demand = space.demand_of(request.principal, number)
    if not space.is_own(request.principal, demand):
        raise Http404
    return demand
