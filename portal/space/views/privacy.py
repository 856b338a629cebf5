"""Who can see the file, who opened it, and the person's data to take away."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache

from portal.space.own_file import own_file_pdf
from portal.space.pages import show
from portal.space.words import PURPOSES, by_whom
from register.selectors import space, visibility
from register.selectors.mandates import current
from register.selectors.own_data import own_data
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


@audience("applicant", methods=["GET"])
@never_cache
def file_to_read(request: HttpRequest, number: str) -> HttpResponse:
    """The same as a paper to read; for nobody but herself."""
    demand = space.own_demand_of(request.principal, number)
    content = own_file_pdf(request.principal, demand)
    name = f"mon-dossier-{demand.number}.pdf"
    return private_file(content, name=name, content_type="application/pdf")
