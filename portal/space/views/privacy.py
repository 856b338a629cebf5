"""Who can see the file, who opened it, and the person's data to take away."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.space.pages import show
from register.models import AccessPurpose
from register.selectors import space, visibility
from register.selectors.own_data import own_data
from register.web.audience import audience


@audience("applicant", methods=["GET"])
@never_cache
def access_page(request: HttpRequest, number: str) -> HttpResponse:
    """Organisations and the rule that opens the file to each; then every reading of it."""
    demand = space.demand_of(request.principal, number)
    purposes = {
        AccessPurpose.VIEW: _("Read your file"),
        AccessPurpose.DOCUMENT: _("Opened a document"),
        AccessPurpose.EXPORT: _("Took your file in a list"),
    }
    return show(
        request,
        "access",
        "access",
        demand,
        rules=visibility.by_rule(visibility.who_can_see(demand)),
        readings=[(row, purposes[row.purpose]) for row in visibility.readings(demand)],
        shares=space.shares(demand),
        mandates=space.mandates(demand),
    )


@audience("applicant", methods=["GET"])
@never_cache
def data(request: HttpRequest, number: str) -> HttpResponse:
    """The person's data in one JSON file; for nobody but herself."""
    demand = space.demand_of(request.principal, number)
    if not space.is_own(request.principal, demand):
        raise Http404
    response = JsonResponse(
        own_data(demand), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    name = f"mes-donnees-{demand.number}.json"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "no-store, private"
    return response
